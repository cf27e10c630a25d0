"""A report frozen: counted again as it was known, committed to, signed, kept, written into the ledger.

The moment of knowledge lies before every transaction that still runs: what is committed later was begun later, so the
same question gives the same records for ever. Works as the owner, in the worker or at the command line.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.db import connections, transaction

from dancu import __version__
from dancu.engine.report.content import FigureRef, Report
from dancu.engine.report.content_json import to_json
from dancu.engine.report.indicators import Asked, Figure
from dancu.engine.report.printed import vi
from dancu.platform.snapshots import cells, kept, sources, told
from dancu.platform.snapshots.cells import Cell, Question
from dancu.reference.units import belonging
from dancu.store import signing_attach, signing_pdf, signing_port
from dancu.store.signing_own import Person

Counted = dict[str, tuple[Question, list[Cell]]]


class NotTheSame(Exception):
    """Figures of the report are no longer what the register held; `differ` names them."""

    def __init__(self, differ: list[str]) -> None:
        some = "; ".join(differ[:5])
        super().__init__(
            f"Không chốt được: {len(differ)} số liệu của báo cáo khác với sổ tại thời điểm chốt ({some})."
            f" Lập lại báo cáo rồi chốt. ({len(differ)} figures differ from the register: write the report again.)"
        )
        self.differ = differ


@dataclass(frozen=True)
class Snapshot:
    """What was made: its number and name, the signed document, the file in it, the level of the signature."""

    snapshot_no: int
    snapshot: UUID
    known: dt.datetime
    pdf: bytes
    told: bytes
    level: str


def moment(*, using: str = "owner") -> dt.datetime:
    """The latest moment of which everything known is committed."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT least(now(), min(xact_start) - interval '1 microsecond') FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " AND xact_start IS NOT NULL"
        )
        found: dt.datetime = cursor.fetchone()[0]
    return found


def freeze(
    report: Report, *, pdf: bytes, signer: Person, by: str, at: dt.datetime, known: dt.datetime | None = None,
    using: str = "owner",
) -> Snapshot:  # fmt: skip
    """Freezes the report and signs its PDF. `known`: when it was counted (None: now); never later than `moment`.

    Raises NotTheSame when the register says other digits, StoreError when it cannot be signed.
    """
    with transaction.atomic(using=using):
        horizon = moment(using=using)
        held = min(known or report.asked.known or horizon, horizon)
        seed = secrets.token_bytes(32)
        counted = _counted(report, held, seed, using)
        if differ := _differ(report, counted):
            raise NotTheSame(differ)
        name = uuid4()
        said = _told(report, counted, name=name, held=held, by=by, at=at, using=using)
        data = told.packed(said)
        document = signing_attach.attach(
            pdf,
            name=told.NAME,
            data=data,
            about="Định nghĩa, đơn vị, cam kết bản ghi của các số liệu",
        )
        signed = signing_pdf.sign(
            document, signing_port.signatory(report.unit, signer), name=signer.name,
            reason=f"Chốt số liệu {report.key}", place=report.layout.place,
        )  # fmt: skip
        row = kept.Row(
            name, report.key, report.unit, report.asked.first, report.asked.last, held, len(report.figures),
            hashlib.sha256(data).digest(), hashlib.sha256(signed.data).digest(), signed.level, signer.name, at, by,
        )  # fmt: skip
        number = kept.keep(row, data, signed.data, seed, counted, said, using=using)
    return Snapshot(number, name, held, signed.data, data, signed.level)


def asked_of(ref: FigureRef, known: dt.datetime, *, before: bool = False) -> Asked:
    """The question of a figure as known at a moment."""
    asked = replace(ref.asked, known=known)
    return asked.year_before() if before else asked


def rolled(found: list[Cell], one: Question, unit: str, on: dt.date) -> tuple[Any, Any]:
    """Numerator and denominator of a unit of the day."""
    meaning = one.meaning
    own = [c for c in found if unit in belonging.above(c.unit_code, meaning[c.state], on)]
    return sum(c.numerator for c in own), sum(c.denominator for c in own)


def _counted(report: Report, held: dt.datetime, seed: bytes, using: str) -> Counted:
    """Every question that a figure of the report asks, counted once."""
    found: Counted = {}
    for ref in report.figures.values():
        indicator = kept.indicator(ref.code, ref.version, using=using)
        for before in (False, True) if ref.before is not None else (False,):
            one = Question(indicator, asked_of(ref, held, before=before))
            if one.name not in found:
                found[one.name] = (one, cells.count(one, seed, using=using))
    return found


def _differ(report: Report, counted: Counted) -> list[str]:
    made = []
    for code, ref in report.figures.items():
        for figure, before in ((ref.figure, False), (ref.before, True)):
            if figure is None:
                continue
            one, own = counted[_name(ref, before=before)]
            now = rolled(own, one, ref.unit, report.tree_day)
            if now != (figure.numerator, figure.denominator):
                made.append(f"{code}: {_parts(figure)}, trong sổ {vi(now[0])}/{vi(now[1])}")
    return made


def _parts(figure: Figure) -> str:
    return f"{vi(figure.numerator)}/{vi(figure.denominator)}"


def _name(ref: FigureRef, *, before: bool) -> str:
    asked = ref.asked.year_before() if before else ref.asked
    return f"{ref.code}/{ref.version}/{asked.first}/{asked.last}"


def _told(
    report: Report, counted: Counted, *, name: UUID, held: dt.datetime, by: str, at: dt.datetime, using: str
) -> Mapping[str, Any]:  # fmt: skip
    questions = {
        key: told.question(one, own, report.tree_day) for key, (one, own) in counted.items()
    }
    indicators = {
        f"{one.indicator.code}/{one.indicator.version}": one.indicator
        for one, _ in counted.values()
    }
    province = kept.province_of(report.unit, report.tree_day)
    figures = {}
    for code, ref in report.figures.items():
        own = _name(ref, before=False)
        figures[code] = {
            "question": own, "before": _name(ref, before=True) if ref.before is not None else None,
            "commitment": told.commitment(questions[own]["cells"], ref.unit).hex(),
        }  # fmt: skip
    return {
        "form": told.FORM, "snapshot": str(name), "known": held.isoformat(), "at": at.isoformat(), "by": by,
        "made_by": f"dancu {__version__}", "report": to_json(report),
        "definitions": {key: told.definition(one) for key, one in indicators.items()},
        "units": told.tree(report.tree_day, province), "questions": questions, "figures": figures,
        "sources": [f.__dict__ for f in sources.files(list(indicators.values()), held, using)],
    }  # fmt: skip
