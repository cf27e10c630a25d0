"""A frozen report held against the ledger, the definitions, the unit tree and the register as it was known then.

Only statements that this installation wrote down itself are carried out: what a file calls a definition is compared
and never run. Works as the owner.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.db import transaction

from dancu.engine.report.content import FigureRef
from dancu.engine.report.content_json import from_json
from dancu.engine.report.indicators import Asked, Figure
from dancu.engine.report.printed import vi
from dancu.platform.ledger.database import raw
from dancu.platform.snapshots import cells, comparing, kept, told
from dancu.platform.snapshots.cells import SHORT, Cell, Question
from dancu.platform.snapshots.comparing import MOST, Difference
from dancu.reference.units import belonging
from dancu.store import signing_attach, signing_port, signing_read
from dancu.store.errors import StoreError
from dancu.store.ledger import disclosing, proving

_LARGEST = 200_000_000
_DECIDES = ("basis", "unit_kind", "measure", "facts", "decimals", "unit_day", "weight")
"""The parts of a definition that its digits depend on."""
Rows = dict[tuple[str, int], Cell]
__all__ = ["Difference", "Verdict", "verify"]


@dataclass(frozen=True)
class Verdict:
    """What was looked at and what differs; `snapshot_no` None: this installation never froze such a report."""

    snapshot_no: int | None
    key: str
    known: dt.datetime | None
    figures: int
    records: int
    signer: str
    differences: tuple[Difference, ...]

    @property
    def good(self) -> bool:
        """Frozen here, and nothing differs."""
        return self.snapshot_no is not None and not self.differences


def verify(data: bytes, *, using: str = "owner") -> Verdict:
    """Of a signed PDF or of the JSON file in it. Raises NoSnapshot when it is neither."""
    signed: list[Difference] = []
    signer = ""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        signed, signer, data = _document(data)
    given = told.unpacked(data)
    with transaction.atomic(using=using):
        found = kept.find(str(given.get("snapshot", "")), using=using)
        if found is None:
            none = Difference(
                "ledger", str(given.get("snapshot", "")), "Hệ thống này chưa từng chốt bản báo cáo này.",
                "This installation never froze this report.",
            )  # fmt: skip
            return Verdict(None, "", None, 0, 0, signer, (*signed, none))
        number, row = found
        said = told.unpacked(kept.file(number, using=using)[0])
        checks = _Checks(number, row, given, said, using)
        differ = [*signed, *itertools.islice(checks.all(), MOST)]
        return Verdict(
            number, row.key, row.known, row.figures, checks.records, signer, tuple(differ)
        )


class _Checks:
    """All that is asked of one frozen report."""

    def __init__(
        self, number: int, row: kept.Row, given: Mapping[str, Any], said: Mapping[str, Any], using: str
    ) -> None:  # fmt: skip
        self.number, self.row, self.given, self.said, self.using = number, row, given, said, using
        self.records = 0

    def all(self) -> Iterator[Difference]:
        """What differs, the file first, then what is held here."""
        yield from _ledger(self.number, self.row, self.using)
        if sha256(told.packed(self.said)).digest() != self.row.sha256:
            yield Difference(
                "ledger", str(self.number), "Bản chốt lưu trong hệ thống không còn như khi ghi vào sổ cái.",
                "The frozen file that is kept here is no longer the one in the ledger.",
            )  # fmt: skip
        if sha256(told.packed(self.given)).digest() != self.row.sha256:
            yield from comparing.files(self.given, self.said)
            yield from comparing.arithmetic(self.given)
        yield from self._definitions()
        yield from _units(self.said["units"], self.row)
        yield from self._figures()

    def _definitions(self) -> Iterator[Difference]:
        for name, said in self.said["definitions"].items():
            code, _, version = name.rpartition("/")
            try:
                now = told.definition(kept.indicator(code, int(version), using=self.using))
            except LookupError as error:
                yield Difference("definition", name, str(error), str(error))
                continue
            if any(now[part] != said[part] for part in _DECIDES if part in said):
                yield Difference(
                    "definition", name, f"Định nghĩa {name} trong hệ thống không còn như khi chốt.",
                    f"The definition {name} kept here is no longer the frozen one.",
                )  # fmt: skip

    def _figures(self) -> Iterator[Difference]:
        """Every figure of the given file from the register as known then, over the units as frozen."""
        try:
            refs = from_json(self.given["report"]).figures
        except (KeyError, ValueError, TypeError, ArithmeticError):
            return  # told by the comparison
        counted: dict[str, Rows] = {}
        for name, said in self.said["questions"].items():
            one = self._question(said)
            counted[name] = {
                (c.unit_code, c.state): c for c in cells.count(one, self._seed(), using=self.using)
            }
            self.records += sum(len(c.leaves) // cells.HASH for c in counted[name].values())
            yield from self._cells(one, said["cells"], counted[name])
        for code, said in self.said["figures"].items():
            if code in refs:
                yield from self._figure(refs[code], said, counted)

    def _question(self, said: Mapping[str, Any]) -> Question:
        code, _, version = said["definition"].rpartition("/")
        first, last = (dt.date.fromisoformat(said[key]) for key in ("first", "last"))
        indicator = kept.indicator(code, int(version), using=self.using)
        return Question(indicator, Asked(first, last, self.row.known))

    def _seed(self) -> bytes:
        return kept.seed(self.number, using=self.using)

    def _cells(self, one: Question, frozen: Sequence[Any], now: Rows) -> Iterator[Difference]:
        """Cells whose records are others now, each record named as far as it can be."""
        meaning, on = one.meaning, dt.date.fromisoformat(self.said["report"]["tree_day"])
        for unit_code, state, root, above in frozen:
            cell = now.get((unit_code, state))
            if cell is None or cell.root.hex() != root:
                yield from self._records(one, unit_code, state)
            if tuple(above) != belonging.above(unit_code, meaning[state], on):
                yield Difference(
                    "unit_tree", unit_code, f"Mã {unit_code} nay được tính cho đơn vị khác với khi chốt.",
                    f"The code {unit_code} counts for other units now than when it was frozen.",
                )  # fmt: skip
        for unit_code, state in now.keys() - {(c[0], c[1]) for c in frozen}:
            yield from self._records(one, unit_code, state)

    def _records(self, one: Question, unit_code: str, state: int) -> Iterator[Difference]:
        was = set(kept.leaves(self.number, one, unit_code, state, using=self.using))
        rows = cells.records(one, self._seed(), unit_code=unit_code, state=state, using=self.using)
        name = one.indicator.code
        for record in rows:
            if record.leaf[:SHORT] not in was:
                yield Difference(
                    "record", f"{name}/{record.subject}",
                    f"{name}: bản ghi {record.subject} (đơn vị {unit_code}) không có như vậy trong tập đã chốt.",
                    f"{name}: record {record.subject} (unit {unit_code}) is not so in the frozen set.",
                )  # fmt: skip
        if gone := len(was - {record.leaf[:SHORT] for record in rows}):
            yield Difference(
                "record", f"{name}/{unit_code}",
                f"{name}: {gone} bản ghi của đơn vị {unit_code} đã chốt nay không còn như vậy.",
                f"{name}: {gone} frozen records of the unit {unit_code} are no longer so.",
            )  # fmt: skip

    def _figure(
        self, ref: FigureRef, said: Mapping[str, Any], counted: Mapping[str, Rows]
    ) -> Iterator[Difference]:
        pairs: list[tuple[Figure | None, str | None]] = [
            (ref.figure, said["question"]),
            (ref.before, said["before"]),
        ]
        for figure, name in pairs:
            if figure is None or name is None:
                continue
            own = [c for c in self.said["questions"][name]["cells"] if ref.unit in c[3]]
            held = [counted[name][c[0], c[1]] for c in own if (c[0], c[1]) in counted[name]]
            now = replace(
                figure, numerator=sum((c.numerator for c in held), figure.numerator * 0),
                denominator=sum((c.denominator for c in held), figure.denominator * 0),
            )  # fmt: skip
            if now != figure:
                yield Difference(
                    "digit", ref.short_code,
                    f"Số liệu {ref.short_code} ({ref.code}, {ref.unit}): tệp ghi {_parts(figure)}, sổ tại thời điểm"
                    f" chốt là {_parts(now)}.",
                    f"Figure {ref.short_code} ({ref.code}, {ref.unit}): the file says {_parts(figure)}, the register as"
                    f" known then {_parts(now)}.",
                )  # fmt: skip


def _parts(figure: Figure) -> str:
    value = figure.value
    return f"{vi(figure.numerator)}/{vi(figure.denominator)}" + (
        f" = {vi(value)}" if value is not None else ""
    )


def _units(said: Mapping[str, Any], row: kept.Row) -> Iterator[Difference]:
    """The frozen tree against the lists of units of that day as they are now."""
    on = dt.date.fromisoformat(said["day"])
    now = {r[0]: r for r in told.tree(on, kept.province_of(row.unit_code, on))["rows"]}
    was = {r[0]: r for r in said["rows"]}
    for code in sorted(now.keys() | was.keys()):
        if now.get(code) != was.get(code):
            yield Difference(
                "unit_tree", code, f"Đơn vị {code} của ngày {on:%d/%m/%Y} trong danh mục nay khác với khi chốt.",
                f"The unit {code} of {on} is another one in the lists now.",
            )  # fmt: skip


def _ledger(number: int, row: kept.Row, using: str) -> Iterator[Difference]:
    """The row of the frozen report is the one that the ledger committed to."""
    con = raw(using)
    entries = proving.entries(con, key=str(number), kind="report_snapshot")
    waiting = con.execute(
        "SELECT 1 FROM ledger.pending p JOIN ledger.kind k USING (kind_no) WHERE p.key = %s AND k.name LIKE %s",
        [str(number), "report_snapshot.%"],
    ).fetchone()
    if not entries and waiting is None:
        yield Difference(
            "ledger",
            row.key,
            "Sổ cái không có mục của bản chốt này.",
            "The ledger has no entry of this frozen report.",
        )
    for entry in entries:
        if entry.index is None:
            continue
        text, salt = disclosing.row(con, index=entry.index)
        if (
            text is None
            or salt is None
            or sha256(bytes.fromhex(salt) + text.encode()).digest() != entry.commitment
        ):
            yield Difference(
                "ledger", row.key, "Dòng của bản chốt đã bị sửa sau khi ghi sổ cái.",
                "The row of this frozen report was changed after it went into the ledger.",
            )  # fmt: skip


def _document(pdf: bytes) -> tuple[list[Difference], str, bytes]:
    """What is wrong with the signature, who signed, and the file inside."""
    try:
        data = signing_attach.attached(pdf, name=told.NAME, most=_LARGEST)
        seals = signing_read.read(pdf, trusted=signing_port.trusted())
    except StoreError as error:
        raise told.NoSnapshot(str(error)) from error
    if data is None:
        raise told.NoSnapshot(
            "PDF này không mang bản chốt số liệu. (This PDF carries no frozen report.)"
        )
    if not seals:
        none = Difference(
            "signature", "PDF", "PDF không có chữ ký số.", "The PDF has no signature."
        )
        return [none], "", data
    wrong = [
        Difference(
            "signature", seal.name, f"Chữ ký của {seal.name} không còn đúng: tệp đã bị sửa sau khi ký.",
            f"The signature of {seal.name} does not hold: the file was changed.",
        )
        for seal in seals if not seal.good
    ]  # fmt: skip
    return wrong, seals[0].name, data
