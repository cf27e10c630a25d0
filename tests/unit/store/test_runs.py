"""A run's folder: private, its manifest whole or not at all, its tables where they are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from dancu.store.errors import StoreError
from dancu.store.runs import RunFolder


def test_only_its_owner_can_open_a_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.clear("intake")
    assert folder.root.stat().st_mode & 0o777 == 0o700


def test_a_manifest_is_read_back_and_replaced_whole(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert folder.read_manifest() == {}
    folder.write_manifest({"on": "2024-06-21", "tên": "thử"})
    folder.write_manifest({"on": "2024-06-22"})
    assert folder.read_manifest() == {"on": "2024-06-22"}
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]


def test_a_damaged_manifest_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{", "utf-8")
    with pytest.raises(StoreError, match="xóa thư mục"):
        RunFolder(tmp_path).read_manifest()


@pytest.mark.parametrize("parts", [False, True], ids=["one file", "a folder of parts"])
def test_a_table_is_there_when_it_was_written(tmp_path: Path, parts: bool) -> None:
    folder = RunFolder(tmp_path)
    assert not folder.has_table("link", "links")
    path = folder.part("link", "links", "a") if parts else folder.table("link", "links")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    assert folder.has_table("link", "links")
    folder.clear("link")
    assert not folder.has_table("link", "links")
