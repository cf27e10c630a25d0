"""A file under a passphrase: written in one go, read at any place, a changed or cut byte refused.

AES-256-GCM over pieces of one megabyte; the piece's number and whether it is the last are in its nonce (the STREAM
construction), so that pieces cannot be swapped, dropped or cut off unseen. The key comes from the passphrase by scrypt
(128 MB, half a second), with a salt of the file's own. The head is authenticated with every piece.
"""

from __future__ import annotations

import io
import os
import struct
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from dancu.store.errors import StoreError

MAGIC = b"DANCU-SEALED-1\n"
PIECE = 1 << 20
SHORTEST = 12
"""Letters of a passphrase at least."""
_TAG = 16
_HEAD = struct.Struct(f">{len(MAGIC)}s16s7sB")
_COST = 17
"""Of scrypt, as a power of two; kept in the head, so that it can grow."""
_HIGHEST = 22


def is_sealed(file: IO[bytes]) -> bool:
    """Whether the file begins as a sealed one; its place is as before."""
    here = file.tell()
    found = file.read(len(MAGIC)) == MAGIC
    file.seek(here)
    return found


class Writer(io.RawIOBase):
    """What is written comes out sealed; without ``finish`` the file has no last piece and is refused."""

    def __init__(self, out: IO[bytes], passphrase: str, *, cost: int = _COST) -> None:
        if len(passphrase) < SHORTEST:
            raise StoreError(
                f"Mật khẩu của bản sao lưu cần ít nhất {SHORTEST} ký tự.\n"
                f"The passphrase of a backup needs {SHORTEST} characters at least."
            )
        super().__init__()
        salt, prefix = os.urandom(16), os.urandom(7)
        self._head = _HEAD.pack(MAGIC, salt, prefix, cost)
        self._cipher, self._prefix = _cipher(passphrase, salt, cost), prefix
        self._out, self._waiting, self._count = out, bytearray(), 0
        out.write(self._head)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object) -> int:
        """Takes everything; whole pieces go out."""
        given = bytes(data)  # type: ignore[call-overload]
        self._waiting += given
        # One byte more must wait behind a piece: the last piece is told apart when it is known to be the last.
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(given)

    def finish(self) -> None:
        """The last piece. Not ``close``, which also comes when an error has thrown the writer away."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._out.write(
            self._cipher.encrypt(_nonce(self._prefix, self._count, last), piece, self._head)
        )
        self._count += 1


class Reader(io.RawIOBase):
    """The plain bytes of a sealed file. Raises StoreError for a wrong passphrase or a changed byte."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        super().__init__()
        self._head = file.read(_HEAD.size)
        if len(self._head) < _HEAD.size:
            raise _damaged()
        _, salt, self._prefix, cost = _HEAD.unpack(self._head)
        if not 10 <= cost <= _HIGHEST:
            raise _damaged()
        self._cipher = _cipher(passphrase, salt, cost)
        body = file.seek(0, io.SEEK_END) - _HEAD.size
        self._pieces = max(1, -(-body // (PIECE + _TAG)))
        self._size = body - self._pieces * _TAG
        self._file, self._at = file, 0
        self._kept: tuple[int, bytes] = (-1, b"")
        try:
            self._piece(0)
        except StoreError as error:
            raise StoreError(
                "Mật khẩu không đúng, hoặc tệp sao lưu đã hỏng.\n"
                "The passphrase is wrong, or the backup is damaged."
            ) from error

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """To any byte."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """The place among the plain bytes."""
        return self._at

    def readinto(self, buffer: object) -> int:
        """Up to the end of a piece."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._at >= self._size:
            return 0
        number, place = divmod(self._at, PIECE)
        part = self._piece(number)[place : place + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _piece(self, number: int) -> bytes:
        if self._kept[0] != number:
            self._file.seek(_HEAD.size + number * (PIECE + _TAG))
            nonce = _nonce(self._prefix, number, number == self._pieces - 1)
            try:
                plain = self._cipher.decrypt(nonce, self._file.read(PIECE + _TAG), self._head)
            except InvalidTag as error:
                raise _damaged() from error
            self._kept = (number, plain)
        return self._kept[1]


def _cipher(passphrase: str, salt: bytes, cost: int) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << cost, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _damaged() -> StoreError:
    return StoreError(
        "Tệp sao lưu đã hỏng hoặc bị cắt ngắn; dùng bản khác.\nThe backup is damaged or cut short: use another one."
    )
