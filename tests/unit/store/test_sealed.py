"""A sealed file: read back whole at any place; any other byte, length, order or passphrase is refused."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from dancu.store import sealed
from dancu.store.errors import StoreError

PASS = "mười hai ký tự trở lên"
PIECE = sealed.PIECE + 16
COST = 10


def seal(data: bytes, *, pieces: int = 1) -> bytes:
    out = io.BytesIO()
    writer = sealed.Writer(out, PASS, cost=COST)
    step = max(1, len(data) // pieces)
    for at in range(0, len(data), step):
        writer.write(data[at : at + step])
    writer.finish()
    return out.getvalue()


def read(data: bytes, passphrase: str = PASS) -> bytes:
    return sealed.Reader(io.BytesIO(data), passphrase).read()


@pytest.mark.parametrize(
    "size", [0, 1, sealed.PIECE - 1, sealed.PIECE, sealed.PIECE + 1, 3 * sealed.PIECE]
)
@pytest.mark.parametrize("pieces", [1, 7])
def test_what_was_sealed_is_read_back(size: int, pieces: int) -> None:
    data = os.urandom(size)
    made = seal(data, pieces=pieces)
    assert read(made) == data
    assert sealed.is_sealed(io.BytesIO(made)) and not sealed.is_sealed(io.BytesIO(b"PK\3\4"))
    if size > 64:
        assert data[:64] not in made


def test_it_is_read_at_any_place() -> None:
    data = os.urandom(2 * sealed.PIECE + 500)
    reader = sealed.Reader(io.BytesIO(seal(data)), PASS)
    for at, n in ((sealed.PIECE - 3, 6), (0, 5), (2 * sealed.PIECE, 500), (len(data) - 1, 9)):
        reader.seek(at)
        found = b""
        while len(found) < n and (part := reader.read(n - len(found))):
            found += part
        assert found == data[at : at + n]
    assert reader.seek(-5, io.SEEK_END) == len(data) - 5 and reader.read() == data[-5:]


HEAD = len(seal(b"")) - 16


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d[:-1], id="a byte less"),
        pytest.param(lambda d: d + b"\0", id="a byte more"),
        pytest.param(lambda d: d[: HEAD + 2 * PIECE], id="the last piece cut off"),
        pytest.param(lambda d: d[:HEAD] + d[HEAD + PIECE :], id="the first piece cut out"),
        pytest.param(
            lambda d: d[:HEAD] + d[HEAD + PIECE : HEAD + 2 * PIECE] + d[HEAD : HEAD + PIECE] + d[HEAD + 2 * PIECE :],
            id="two pieces swapped",
        ),
        pytest.param(lambda d: d[:40] + bytes([d[40] ^ 1]) + d[41:], id="a bit of the head or body"),
        pytest.param(lambda d: d[:-20] + bytes([d[-20] ^ 1]) + d[-19:], id="a bit at the end"),
        pytest.param(lambda d: d[:10], id="nearly nothing left"),
    ],
)  # fmt: skip
def test_a_changed_file_is_refused(change: object) -> None:
    made = seal(os.urandom(2 * sealed.PIECE + 500))
    with pytest.raises(StoreError):
        read(change(made))  # type: ignore[operator]


def test_another_passphrase_is_refused_at_once_and_a_short_one_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="passphrase is wrong"):
        read(seal(b"x"), "một mật khẩu khác hẳn")
    with pytest.raises(StoreError, match="12"):
        sealed.Writer(io.BytesIO(), "ngắn quá")


def test_a_writer_that_was_not_finished_leaves_nothing_readable() -> None:
    out = io.BytesIO()
    sealed.Writer(out, PASS, cost=COST).write(os.urandom(2 * sealed.PIECE + 5))
    with pytest.raises(StoreError):
        read(out.getvalue())


def test_two_files_of_the_same_have_nothing_in_common() -> None:
    one, two = seal(b"the same" * 9), seal(b"the same" * 9)
    assert one[HEAD:] != two[HEAD:]
