"""The figures of public services: what each counts. Names, meaning, law and owner: `services/indicators.csv`.

Each is said twice, as a condition on a dossier and as a sum over kept cells; a property test holds the two together.
A dossier counts as received in the month in which it was accepted, and as ended in the month of its end. "Online" is
channel 2 alone; over the counter and by post are paper. What a procedure is (one of the 25, of the police, with a fee)
is told by the version of the procedure under which the dossier was filed.

>>> [i.code for i in INDICATORS if "essential_25" in i.code]
['online_rate_essential_25', 'paper_dossiers_essential_25']
>>> by_code("online_rate_essential_25").kept
('CASE WHEN of_the_25 THEN online END', 'CASE WHEN of_the_25 THEN received END')
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from dancu.engine.report.indicators import Better, Indicator, Measure
from dancu.reference import services
from dancu.reference.loader import rows

OF_ACCEPTANCE = (
    "received", "saved_papers", "reused", "asked_twice", "identified", "received_electronic", "completed",
    "completed_minutes",
)  # fmt: skip
OF_THE_END = ("ended", "on_time", "minutes", "resulted", "electronic", "paid_online")
COUNTERS = OF_ACCEPTANCE + OF_THE_END
"""The columns of `services.kept`, each of the month of the acceptance or of the end."""
KIND = ("service", "agency", "of_the_25", "police", "document", "with_fee", "full_process")
"""What a version of a procedure is, beside every dossier and every cell."""
_LOCAL = "AT TIME ZONE 'Asia/Ho_Chi_Minh'"
ACCEPTED, ENDED = f"(d.accepted_at {_LOCAL})::date", f"(d.ended_at {_LOCAL})::date"


@cache
def kinds() -> tuple[tuple[str | int | bool, ...], ...]:
    """Each version of each procedure with what it is, in the order of `KIND`."""
    codes = dict.fromkeys(r["procedure_code"] for r in rows("services/procedures.csv"))
    return tuple(
        (p.code, p.version, p.essential_id, p.lead_agency, bool(p.essential_id), p.group == "police",
         p.result_kind == "document", p.fee > 0, p.online_level == "full")
        for code in codes for p in services.versions(code)
    )  # fmt: skip


@cache
def kinds_sql() -> str:
    """The same as a table of SQL: kind(procedure, version, …)."""
    values = ", ".join(f"({', '.join(_literal(v) for v in row)})" for row in kinds())
    return f"(VALUES {values}) AS kind(procedure, version, {', '.join(KIND)})"


def _literal(value: str | int | bool) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower()


def _facts(day: str, of: str, hit: str, amount: str) -> str:
    return (
        f"SELECT d.dossier_no::text AS subject, d.unit_code, {day} AS since, NULL::date AS until,"
        f" ({hit}) AS hit, ({amount})::bigint AS amount, d.known_from,"
        " d.known_to, d.procedure, d.version, d.channel"
        f" FROM services.dossier_known d LEFT JOIN {kinds_sql()}"
        " ON kind.procedure = d.procedure AND kind.version = d.version"
        f" WHERE d.accepted_at IS NOT NULL AND {day} IS NOT NULL AND ({of})"
    )


_BETTER: dict[str, Better] = {
    "paper_dossiers_essential_25": "low", "mean_handling_time": "low", "asked_twice_rate": "low",
    "index766_2_2": "low", "dossiers_received": "neither",
}  # fmt: skip
_AMONG = {"resulted": "d.status IN (9, 10)", "completed": "d.ended_at IS NOT NULL"}
"""Of a denominator that is not all dossiers of the month: which of them."""


def _made(
    code: str, kept: tuple[str, str], hit: str = "true", *, of: str = "true", measure: Measure = "share",
    amount: str = "NULL", unit_kind: str = "dossier",
) -> Indicator:  # fmt: skip
    """`kept`: counters of numerator and denominator; `hit`: the same of a dossier; `of`: said of the procedure."""
    told: dict[str, Any] = dict(
        next(r for r in rows("services/indicators.csv") if r["code"] == code)
    )
    day = ENDED if kept[1] in OF_THE_END else ACCEPTED
    top, bottom = (count if of == "true" else f"CASE WHEN {of} THEN {count} END" for count in kept)
    return Indicator(
        version=2, basis="flow", unit_kind="document" if unit_kind == "document" else "dossier", measure=measure,
        facts=_facts(day, f"{of} AND {_AMONG.get(kept[1], 'true')}", hit, amount), kept=(top, bottom),
        pillar="government", utility="public_services", better=_BETTER.get(code, "high"),
        amount_unit="minute" if measure == "mean" else "", opens="services_figures:record", **told,
    )  # fmt: skip


def _online(code: str, of: str = "true") -> Indicator:
    return _made(code, ("online", "received"), "d.channel = 2", of=of)


_BY_3_3 = "CASE WHEN document THEN online_electronic ELSE online END"
INDICATORS: tuple[Indicator, ...] = (
    _online("online_rate_all"),
    _online("online_rate_essential_25", "of_the_25"),
    _online("online_rate_police", "police"),
    _online("online_rate_others", "NOT coalesce(police, false)"),
    _online("online_rate_full_process", "full_process"),
    _online("online_rate_driving_licence", "service = 'ES20'"),
    _made(
        "paper_dossiers_essential_25", ("received - online", "received"), "d.channel <> 2", of="of_the_25",
        measure="count",
    ),
    _made("dossiers_received", ("received", "received"), measure="count"),
    _made("on_time_rate", ("on_time", "ended"), "coalesce(d.on_time, false)"),
    _made("mean_handling_time", ("minutes", "ended"), measure="mean", amount="d.minutes"),
    _made(
        "saved_papers", ("saved_papers", "received"), measure="sum", amount="d.saved_papers", unit_kind="document"
    ),
    _made("electronic_result_rate", ("electronic", "resulted"), "d.electronic_result", of="document"),
    _made("online_payment_rate", ("paid_online", "ended"), "coalesce(d.paid_online, false)", of="with_fee"),
    _made("asked_twice_rate", ("asked_twice", "received"), "d.supplements > 1"),
    _made("reuse_rate", ("reused", "received"), "d.saved_papers > 0"),
    _made("identified_rate", ("identified", "received"), "d.applicant IS NOT NULL"),
    _made(
        "index766_3_3", (_BY_3_3, "received"),
        "d.channel = 2 AND (NOT coalesce(document, false) OR d.electronic_result)",
    ),
    _made(
        "index766_2_2", ("completed_minutes", "completed"), measure="mean", amount="coalesce(d.minutes, 0)"
    ),
)  # fmt: skip
BOARD = (
    "online_rate_all", "online_rate_essential_25", "online_rate_police", "online_rate_others",
    "paper_dossiers_essential_25", "on_time_rate", "mean_handling_time", "electronic_result_rate",
    "online_payment_rate", "saved_papers",
)  # fmt: skip
"""The ten of the dashboard."""


def by_code(code: str) -> Indicator:
    """The indicator; KeyError."""
    return {i.code: i for i in INDICATORS}[code]


def chosen(codes: Sequence[str]) -> tuple[Indicator, ...]:
    """These indicators, in this order."""
    return tuple(by_code(code) for code in codes)
