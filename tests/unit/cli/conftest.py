"""One tiny invented province and one run over it, made through the command itself and shared by all tests here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.small import once

from dancu.cli import main

DAY = ["--on", "2024-06-21", "--test-people"]
Call = Callable[..., Result]


def dancu(*argv: object) -> Result:
    """The command with these words, as a shell would call it."""
    return CliRunner().invoke(main, [str(word) for word in argv])


def told(result: Result) -> Any:
    """The one JSON document on standard output."""
    return json.loads(result.stdout)


@pytest.fixture(scope="session")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def fill(folder: Path) -> None:
        made = dancu("province", "--scale", "0.0005", "--seed", "7", "--out", folder)
        assert made.exit_code == 0, made.output

    return once(tmp_path_factory, "tinh", fill) / "lists"


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory, lists: Path) -> Path:
    def fill(folder: Path) -> None:
        done = dancu("run", lists, "--out", folder, *DAY)
        assert done.exit_code == 0, done.output

    return once(tmp_path_factory, "lan chay", fill)
