"""An export and the second body's bundles as they lie on the disk, read from beginning to end."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

HASH = 32


class Damaged(ValueError):
    """A file of the export or a bundle cannot be read at all; the message names it."""


@dataclass(frozen=True)
class Entry:
    """A line of the export: the leaf, and (when disclosed) the row with its salt."""

    index: int
    kind: str
    key: str
    at: str
    adopted: bool
    commitment: str
    salt: bytes | None
    row: str | None

    @property
    def name(self) -> str:
        """How the row is named to people."""
        return f"{self.kind} {self.key}"

    def leaf_hash(self) -> bytes:
        """The hash of the leaf's bytes, as dancu writes them."""
        told: dict[str, Any] = {"v": 1, "kind": self.kind, "key": self.key, "at": self.at}
        told |= {"adopted": True} if self.adopted else {}
        told["commitment"] = self.commitment
        text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
        return sha256(b"\x00" + text.encode()).digest()

    def holds(self) -> bool:
        """Whether salt and row are what was committed to."""
        return sha256((self.salt or b"") + (self.row or "").encode()).hexdigest() == self.commitment

    def moment(self) -> dt.datetime:
        """When it was written."""
        return moment(self.at)


def moment(text: str) -> dt.datetime:
    """A time of the ledger or of a row; one without a zone is universal."""
    at = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


class Export:
    """A folder written by `dancu ledger export`."""

    def __init__(self, folder: Path) -> None:
        """Reads what it says of itself. Raises Damaged."""
        self.folder = folder
        self.meta = self._json("ledger.json")
        try:
            self.origin, self.size = str(self.meta["origin"]), int(self.meta["size"])
            self.with_rows = bool(self.meta["rows"])
            self.times = {kind["name"]: kind["at"] for kind in self.meta["kinds"] if kind["at"]}
        except (KeyError, TypeError, ValueError) as error:
            raise Damaged("ledger.json") from error

    def entries(self) -> Iterator[Entry]:
        """All leaves in the order of the files."""
        for path in sorted((self.folder / "entries").glob("*.jsonl")):
            for row in _lines(path):
                yield _entry(row, path.name)

    def loose(self) -> Iterator[tuple[str, str]]:
        """Rows in the tables that have no entry: kind, key."""
        for row in _lines(self.folder / "loose.jsonl"):
            yield str(row["kind"]), str(row["key"])

    def sets(self) -> dict[str, list[tuple[int, int, bytes]]]:
        """Set number → its chunks: number, members, root."""
        return {
            str(row["bulk_no"]): [(int(n), int(c), bytes.fromhex(r)) for n, c, r in row["chunks"]]
            for row in _lines(self.folder / "sets.jsonl")
        }

    def tiles(self, level: int) -> Iterator[bytes]:
        """The hashes of one level of tiles, one after another."""
        path = self.folder / "tiles" / f"{level}.bin"
        if path.is_file():
            with path.open("rb") as file:
                yield from _hashes(file)

    def heads(self) -> list[tuple[str, str, bytes | None]]:
        """(name, note, time stamp) of every head, in the order they were made."""
        return [
            (path.stem, path.read_text("utf-8"), _bytes(path.with_suffix(".tsr")))
            for path in sorted((self.folder / "heads").glob("*.note"))
        ]

    def keys(self) -> str:
        """The record of public keys."""
        return (self.folder / "keys.json").read_text("utf-8")

    def _json(self, name: str) -> Any:
        try:
            return json.loads((self.folder / name).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Damaged(name) from error


class Bundle:
    """What the second body was given once: a head and the hashes of the leaves since the last time."""

    def __init__(self, path: Path) -> None:
        """Reads everything but the leaves. Raises Damaged."""
        self.path, self.name = path, path.name
        try:
            with zipfile.ZipFile(path) as archive:
                meta = json.loads(archive.read("bundle.json"))
                self.origin = str(meta["origin"])
                self.first, self.next = int(meta["from"]), int(meta["to"])
                self.note = archive.read("head.note").decode()
                names = archive.namelist()
                self.token = archive.read("head.tsr") if "head.tsr" in names else None
                self.keys = archive.read("keys.json").decode()
                whole = archive.getinfo("leaves.bin").file_size == (self.next - self.first) * HASH
        except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise Damaged(path.name) from error
        if not whole:
            raise Damaged(path.name)

    def leaves(self) -> Iterator[bytes]:
        """Hashes from `first` on."""
        with zipfile.ZipFile(self.path) as archive, archive.open("leaves.bin") as file:
            yield from _hashes(file)


def bundles(folder: Path) -> list[Bundle]:
    """All bundles of a folder by what they hold."""
    found = [Bundle(path) for path in sorted(folder.glob("*.zip"))]
    return sorted(found, key=lambda bundle: (bundle.first, bundle.next))


def _hashes(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(HASH * 2048):
        for at in range(0, len(block), HASH):
            yield block[at : at + HASH]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                yield json.loads(line)
            except ValueError as error:
                raise Damaged(path.name) from error


def _entry(row: dict[str, Any], file: str) -> Entry:
    try:
        salt = row.get("salt")
        return Entry(
            int(row["i"]), str(row["kind"]), str(row["key"]), str(row["at"]), row.get("adopted") is True,
            str(row["commitment"]), bytes.fromhex(salt) if salt is not None else None, row.get("row"),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise Damaged(file) from error


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
