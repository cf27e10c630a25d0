"""Annexes of the six-month report by service: the 25 essential ones, each as a whole and in the units right below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from dancu.engine.report.content import Annex, Cell, Column, Row
from dancu.engine.report.indicators import Figure, missing, reaches
from dancu.engine.report.printed import vi
from dancu.engine.report.sentences import share
from dancu.kit.report_writing import Order
from dancu.kit.reports import targets
from dancu.reference.loader import rows
from dancu.sectors.public_services.figures import counting
from dancu.sectors.public_services.figures.counting import Counted, Wanted
from dancu.sectors.public_services.indicators import by_code

CODE = "online_rate_essential_25"
_HEAD = {"head_vi": "Dịch vụ", "head_en": "Service"}
WIDEST = 12
"""Units that fit beside one another on a page."""
_BY_UNIT = (
    "Tỷ lệ hồ sơ trực tuyến của từng dịch vụ công thiết yếu ở từng đơn vị (%)",
    "Online rate of each essential service in each unit (%)",
)


def annexes(order: Order) -> Iterator[Annex]:
    """Both from one counting; none without dossiers."""
    if (counted := _counted(order)) is not None:
        yield _by_service(order, counted)
        yield _by_unit(order, counted)


def _by_service(order: Order, counted: Counted) -> Annex:
    """Each service: all dossiers, those online, the rate, what is missing to the hardest target."""
    made = [
        _row(order, name, counted.figure(CODE, order.unit, code))
        for code, name in _services(counted, order)
    ]
    whole = _row(order, order.tree.get(order.unit).full_name, counted.figure(CODE, order.unit))
    columns = (
        Column("total", "Tổng số hồ sơ", "Total", "count"), Column("part", "Trực tuyến", "Online", "count"),
        Column("rate", "Tỷ lệ (%)", "Rate (%)", "share"), Column("gap", "Còn thiếu", "Missing", "gap"),
    )  # fmt: skip
    return Annex(
        "A3.6", "Hồ sơ trực tuyến theo từng dịch vụ công thiết yếu", "Online dossiers by essential service", "2.1",
        columns, tuple(made), whole, "Còn thiếu: số hồ sơ nữa để đạt chỉ tiêu cao nhất chưa đạt.", **_HEAD,
    )  # fmt: skip


def _row(order: Order, label: str, figure: Figure) -> Row:
    bounds = targets.of(CODE, order.unit, on=order.asked.last)
    unmet = [t for t in bounds if reaches(figure, t.value, t.comparison) is False]
    hardest = max(unmet, key=lambda t: t.value, default=None)
    need = missing(figure, hardest.value, hardest.comparison) if hardest else 0
    return Row(
        "", label,
        (Cell(vi(figure.denominator), figure.denominator), Cell(vi(figure.numerator), figure.numerator),
         Cell(share(figure) or "–", figure.value), Cell(vi(Decimal(need)), Decimal(need))),
    )  # fmt: skip


def _by_unit(order: Order, counted: Counted) -> Annex:
    """The rate of each service in each of the units right below, while they fit on a page."""
    children = order.tree.children(order.unit)
    if len(children) > WIDEST:
        return Annex(
            "A3.7", *_BY_UNIT, "2.1", note="có nhiều đơn vị, xem trên trang Số liệu dịch vụ công"
        )
    columns = tuple(Column(u.code, u.name, u.name, "share") for u in children)
    made = [
        Row("", name, tuple(_rate(counted.figure(CODE, u.code, code)) for u in children))
        for code, name in _services(counted, order)
    ]
    every = tuple(_rate(counted.figure(CODE, u.code)) for u in children)
    whole = Row("", order.tree.get(order.unit).full_name, every)
    return Annex(
        "A3.7", *_BY_UNIT, "2.1", columns, tuple(made), whole,
        "–: không có hồ sơ trong kỳ.", **_HEAD,
    )  # fmt: skip


def _rate(figure: Figure) -> Cell:
    return Cell(share(figure) or "–", figure.value) if figure.denominator else Cell("–")


def _counted(order: Order) -> Counted | None:
    """Sums of the unit and those right below it by service; None without dossiers."""
    root = order.tree.get(order.unit).province_code or order.unit
    units = (order.unit, *(u.code for u in order.tree.children(order.unit)))
    wanted = Wanted((by_code(CODE),), order.asked, root, units, by="service")
    found = counting.count(wanted, using="owner")
    return found if found.pair(CODE, order.unit)[1] else None


def _services(counted: Counted, order: Order) -> Sequence[tuple[str, str]]:
    """(code, name) of those of which the unit has dossiers, in the order of the list."""
    there = set(counted.of(order.unit))
    known = rows("domain/essential_services_25.csv")
    return [(r["service_id"], r["name_vi"]) for r in known if r["service_id"] in there]


ANNEXES = [annexes]
SENTENCES: list[object] = []
