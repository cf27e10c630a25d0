"""The only opener of files: what it lists, what it refuses, and that it writes whole or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pyarrow as pa
import pytest

from dancu.store.files import (
    FileError,
    atomic_path,
    list_inputs,
    read_file,
    read_table,
    write_atomically,
    write_table,
)


def test_a_folder_lists_its_files_in_order_without_hidden_and_temporary_ones(
    tmp_path: Path,
) -> None:
    for name in (
        "b.csv",
        "a/z.xlsx",
        "a/~$z.xlsx",
        ".an/x.csv",
        ".x.csv",
        "c.csv.partial",
        "d.csv~",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "b.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    listed = list_inputs(tmp_path)
    assert [file.name for file in listed] == ["a/z.xlsx", "b.csv"]
    assert {file.sha256 for file in listed} == {hashlib.sha256(b"x").hexdigest()}
    assert [file.size for file in listed] == [1, 1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("khong_co.csv", "không có tệp này"),
        ("lien_ket.csv", "là liên kết"),
        ("ong.csv", "thiết bị hoặc ống dẫn"),
        ("thu_muc", "là thư mục"),
        ("lon.csv", "quá mức"),
    ],
)
def test_what_is_no_ordinary_file_is_refused_with_a_sentence(
    name: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "lien_ket.csv").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "ong.csv")
    (tmp_path / "thu_muc").mkdir()
    (tmp_path / "lon.csv").write_bytes(b"x" * 100)
    with pytest.raises(FileError, match=words):
        read_file(tmp_path / name, limit=99)


def test_a_device_is_never_read() -> None:
    with pytest.raises(FileError, match="thiết bị"):
        read_file(Path("/dev/zero"))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out" / "a.txt"
    write_atomically(path, b"old")
    with pytest.raises(RuntimeError), atomic_path(path) as partial:
        partial.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_a_table_comes_back_as_it_was_written(name: str, tmp_path: Path) -> None:
    table = pa.table({"id": ["007", None], "tên": ["Nguyễn, An", 'a "b"']})
    write_table(tmp_path / name, table)
    assert read_table(tmp_path / name).to_pydict() == table.to_pydict()


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1junk")
    with pytest.raises(FileError, match="không đọc được bảng"):
        read_table(tmp_path / "x.parquet")
