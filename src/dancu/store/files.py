"""The only opener of files: what lists lie under a path, their bytes, and whole-or-nothing writing.

Links, devices and pipes are never followed or opened; a file is read once, within a limit.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from dancu.store.errors import StoreError

# A province's 2 million rows as CSV are about 600 MB; a larger file is a mistake or an attack.
MAX_BYTES: Final = 1024 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_TEMPORARY: Final = ("~$", ".~lock", "~")


class FileError(StoreError):
    """A path that cannot be read or written."""


@dataclass(frozen=True)
class InputFile:
    """A file to take in. `name`: relative to the folder given, with forward slashes."""

    path: Path
    name: str
    size: int
    sha256: str


def list_inputs(path: Path) -> list[InputFile]:
    """The file, or every ordinary file below the folder in the order of their names.

    Hidden and temporary files (`~$list.xlsx`) and links are left out. FileError where the path is
    neither file nor folder.
    """
    if path.is_dir():
        return [_input(found, _relative(found, path)) for found in _below(path)]
    return [_input(path, path.name)]


def read_file(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """All bytes of an ordinary file; FileError when it is not one, or is larger than `limit`."""
    with _opened(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > limit:
            raise FileError(
                f"{path.name}: tệp lớn {size // 2**20} MB, quá mức {limit // 2**20} MB. "
                "Hãy tách thành nhiều tệp, mỗi huyện hoặc mỗi xã một tệp."
            )
        return stream.read(limit + 1)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with _opened(path) as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a reader sees the old bytes or the new ones."""
    with atomic_path(path) as partial:
        partial.write_bytes(data)


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_table(path: Path) -> pa.Table:
    """A Parquet file, or a CSV with plain headings (all columns text); FileError when it is neither."""
    data = read_file(path)
    try:
        if data[:4] == b"PAR1":
            return pq.read_table(pa.BufferReader(data))
        names = pacsv.open_csv(pa.BufferReader(data)).schema.names
        options = pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        )
        return pacsv.read_csv(pa.BufferReader(data), convert_options=options)
    except (pa.ArrowException, OSError) as error:
        raise FileError(
            f"{path.name}: không đọc được bảng ({error}). Cần tệp CSV (UTF-8, dấu phẩy) hoặc Parquet."
        ) from error


def write_table(path: Path, table: pa.Table) -> None:
    """A table as Parquet or CSV, by the ending of the path; whole or not at all."""
    with atomic_path(path) as partial:
        if path.suffix == ".csv":
            pacsv.write_csv(table, partial)
        else:
            pq.write_table(table, partial, compression="zstd")


def _below(folder: Path) -> list[Path]:
    found = []
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(root) / name for name in files if _wanted(Path(root) / name)]
    return sorted(found, key=lambda path: _relative(path, folder))


def _wanted(path: Path) -> bool:
    name = path.name
    if name.startswith((".", *_TEMPORARY)) or name.endswith(("~", ".partial", ".tmp")):
        return False
    return stat.S_ISREG(path.lstat().st_mode)


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _input(path: Path, name: str) -> InputFile:
    digest = sha256_of(path)
    return InputFile(path, name, path.stat().st_size, digest)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file open for reading; O_NONBLOCK so that a pipe does not wait for a writer."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        raise FileError(_why_not(path, error)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise FileError(_not_ordinary(path))
    with os.fdopen(handle, "rb") as stream:
        yield stream


def _why_not(path: Path, error: OSError) -> str:
    if path.is_symlink():
        return f"{path.name}: là liên kết (symlink), không đọc. Hãy chỉ tới tệp thật."
    if isinstance(error, FileNotFoundError):
        return f"{path}: không có tệp này. Hãy kiểm tra đường dẫn."
    if isinstance(error, PermissionError):
        return f"{path.name}: không có quyền đọc. Hãy xin quyền hoặc chép tệp ra nơi khác."
    return f"{path.name}: không mở được ({error.strerror}). Hãy kiểm tra đường dẫn và tên tệp."


def _not_ordinary(path: Path) -> str:
    kind = "thư mục" if path.is_dir() else "thiết bị hoặc ống dẫn"
    return f"{path.name}: là {kind}, không phải tệp. Hãy chọn một tệp danh sách."


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
