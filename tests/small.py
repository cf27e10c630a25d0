"""What takes long to make and no test changes is made once for all workers of a test run; a small province of these."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dancu.cli.execute import Job, execute, open_store
from dancu.province import make

ON = dt.date(2024, 6, 21)
SCALE, SEED = 0.0006, 11


def once(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """The folder that `fill` makes, this worker's own copy: whoever comes first makes it, the others wait and copy."""
    mine = factory.mktemp("own") / name
    shared = mine.parent.parent
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made = shared / f"{name}.made"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_dir():
            fill(mine)
            half = shared / f"{name}.half"
            shutil.copytree(mine, half)
            half.rename(made)
            return mine
    return Path(shutil.copytree(made, mine))


@dataclass(frozen=True)
class Small:
    """About 1.200 persons as on 21 June 2024: the lists and the finished run."""

    folder: Path

    @property
    def run(self) -> Path:
        return self.folder / "run"

    def job(self) -> Job:
        """What was asked."""
        return Job((self.folder / "province" / "lists",), self.run, ON, test_people=True)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The small province and its run, to be read."""

    def fill(folder: Path) -> None:
        make(scale=SCALE, seed=SEED, out=folder / "province", on=ON)
        job = Small(folder).job()
        with open_store(job.out) as store:
            execute(job, store)

    return Small(once(tmp_path_factory, "small", fill))
