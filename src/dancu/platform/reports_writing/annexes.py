"""The annexes: unit by unit the whole, the part, the rate, the targets, what is missing, the place."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dancu.engine.report.content import Annex, Cell, Column, FigureRef, Row, Target
from dancu.engine.report.indicators import Figure, Indicator, missing, reaches
from dancu.engine.report.printed import vi
from dancu.engine.report.sentences import share, told_target
from dancu.platform.reports_writing import matching
from dancu.platform.reports_writing.gathering import Gathered, Order, below
from dancu.platform.reports_writing.lines import Table, tables
from dancu.platform.ui.registry import collect
from dancu.reference.units import Unit

NOTE = "chưa có dữ liệu"
REST = "Cấp trên trực tiếp xử lý hoặc chưa phân về đơn vị"


def annexes(found: Gathered) -> tuple[Annex, ...]:
    """All of them in their order; one without data says so."""
    given = {
        a.code: a for make in collect("report_parts", "ANNEXES") for a in make(found.order) if a
    }
    made = []
    for table in tables():
        if table.level == "commune" and _is_said_before(found.order, table):
            continue
        made.append(given.get(table.code) or _own(found, table) or _annex(found, table))
    return tuple(_ranked(annex, made) if annex.code == "A14" else annex for annex in made)


def _own(found: Gathered, table: Table) -> Annex | None:
    """What is told by lists, not by units."""
    return matching.match_rates(found, table) if table.code == matching.CODE else None


def _is_said_before(order: Order, table: Table) -> bool:
    """Without districts the table by districts is already one by communes."""
    twin = any(t.indicator == table.indicator and t.level == "district" for t in tables())
    return twin and not any(c.level == "district" for c in order.tree.children(order.unit))


def _annex(found: Gathered, table: Table) -> Annex:
    if not table.indicator or not found.has(table.indicator):
        return Annex(table.code, table.title_vi, table.title_en, table.section, note=NOTE)
    indicator = found.indicator(table.indicator)
    whole = found.figure(indicator.code, found.order.unit)
    if not whole.denominator:
        return Annex(
            table.code, table.title_vi, table.title_en, table.section, note=f"{NOTE} trong kỳ",
            indicator=indicator.code,
        )  # fmt: skip
    units = below(found.order, table.level)
    if indicator.measure != "share":
        return _counted(found, table, whole, units)
    figures = {u.code: found.figure(indicator.code, u.code) for u in units}
    places = ranks(indicator, figures)
    # Where no unit has anything (a department's procedure, plans of districts told by commune) the whole says it all.
    told = units if any(f.denominator for f in figures.values()) else ()
    rows = [_row(found, indicator, u, figures[u.code], places) for u in told]
    rows += _rest(indicator, whole, list(figures.values()))
    total = _row(found, indicator, found.order.tree.get(found.order.unit), whole, {})
    return Annex(
        table.code, table.title_vi, table.title_en, table.section, _columns(table), tuple(rows), total,
        indicator=indicator.code,
    )  # fmt: skip


def _columns(table: Table) -> tuple[Column, ...]:
    return (
        Column("total", table.of_vi, "Total", "count"),
        Column("part", table.hit_vi, "Of these", "count"),
        Column("rate", "Tỷ lệ (%)", "Rate (%)", "share"),
        Column("target", "Chỉ tiêu (%)", "Target (%)", "text"),
        Column("gap", "Còn thiếu", "Missing", "gap"),
        Column("rank", "Xếp hạng", "Rank", "rank"),
    )


def _counted(found: Gathered, table: Table, whole: Figure, units: Sequence[Unit]) -> Annex:
    """Of a count or a sum: the number of each unit alone."""
    code = table.indicator
    rows = []
    for unit in (*units, found.order.tree.get(found.order.unit)):
        figure = found.figure(code, unit.code)
        ref = found.known(code, unit.code).ref(vi(figure.numerator), "numerator")
        rows.append(Row(unit.code, unit.full_name, (_cell(ref, figure.numerator),)))
    left = whole.numerator - sum((r.cells[0].number or Decimal(0) for r in rows[:-1]), Decimal(0))
    rest = [Row("", REST, (Cell(vi(left), left),))] if left else []
    column = Column("part", table.hit_vi, "Count", "count")
    return Annex(
        table.code, table.title_vi, table.title_en, table.section, (column,), (*rows[:-1], *rest), rows[-1],
        indicator=code,
    )  # fmt: skip


def _row(
    found: Gathered, indicator: Indicator, unit: Unit, figure: Figure, places: dict[str, int]
) -> Row:
    known = found.known(indicator.code, unit.code)
    goals = known.targets
    place = places.get(unit.code)
    return Row(
        unit.code, unit.full_name,
        (
            _cell(known.ref(vi(figure.denominator), "denominator"), figure.denominator),
            _cell(known.ref(vi(figure.numerator), "numerator"), figure.numerator),
            _rate(known.ref(share(figure, goals)), figure),
            Cell("; ".join(told_target(t, "") for t in goals)),
            _gap(known.ref("", "gap"), figure, goals),
            Cell(str(place) if place else "", Decimal(place) if place else None),
        ),
    )  # fmt: skip


def _cell(ref: FigureRef, number: Decimal) -> Cell:
    return Cell(ref.printed, number, ref)


def _rate(ref: FigureRef, figure: Figure) -> Cell:
    return Cell(ref.printed, figure.value, ref) if figure.denominator else Cell("–")


def _gap(ref: FigureRef, figure: Figure, goals: Sequence[Target]) -> Cell:
    """To the hardest of the targets that is not reached."""
    unmet = [t for t in goals if reaches(figure, t.value, t.comparison) is False]
    if not unmet:
        return Cell("–" if not figure.denominator or not goals else "0", None)
    hardest = max(unmet, key=lambda t: t.value)
    need = Decimal(missing(figure, hardest.value, "gt" if hardest.comparison == "gt" else "ge"))
    printed = vi(need)
    told = FigureRef(
        ref.code, ref.version, ref.unit, ref.asked, ref.figure, printed, ref.short_code, "gap", ref.before, hardest
    )  # fmt: skip
    return Cell(printed, need, told)


def ranks(indicator: Indicator, figures: dict[str, Figure]) -> dict[str, int]:
    """Places of the units with enough in the denominator; equals share a place."""
    enough = {
        unit: figure.numerator / figure.denominator
        for unit, figure in figures.items()
        if figure.denominator >= indicator.few and figure.denominator
    }
    low = indicator.better == "low"
    return {
        unit: 1 + sum((other < value) if low else (other > value) for other in enough.values())
        for unit, value in enough.items()
    }


def _rest(indicator: Indicator, whole: Figure, parts: Sequence[Figure]) -> list[Row]:
    """What counts for the whole and for none of the units: departments, and what was divided later."""
    top = whole.numerator - sum((p.numerator for p in parts), Decimal(0))
    bottom = whole.denominator - sum((p.denominator for p in parts), Decimal(0))
    if not top and not bottom:
        return []
    left = Figure(None, top, bottom, indicator.measure, indicator.decimals)
    counts = (Cell(vi(bottom), bottom), Cell(vi(top), top), Cell(share(left) or "–", left.value))
    return [Row("", REST, (*counts, Cell(""), Cell(""), Cell("")))]


def _ranked(annex: Annex, made: Sequence[Annex]) -> Annex:
    """The places of each unit in the tables before, side by side."""
    told = [a for a in made if a.rows and a.columns and a.columns[-1].kind == "rank"]
    most = max((len(a.rows) for a in told), default=0)
    small = [a for a in told if len(a.rows) <= most and a.code != "A3.5"]
    if not small:
        return annex
    names = {row.unit: row.label for a in small for row in a.rows if row.unit}
    places = {(a.code, row.unit): row.cells[-1] for a in small for row in a.rows}
    columns = tuple(Column(a.code, f"Phụ lục {a.code}", f"Annex {a.code}", "rank") for a in small)
    rows = tuple(
        Row(unit, name, tuple(places.get((a.code, unit), Cell("")) for a in small))
        for unit, name in names.items()
    )
    note = "Đơn vị có ít hơn 30 hồ sơ không xếp hạng: tỷ lệ của ít hồ sơ không so được."
    return Annex(
        annex.code, annex.title_vi, annex.title_en, annex.section, columns, rows, None, note
    )
