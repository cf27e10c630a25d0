"""Annex A10: of each list how many persons the residents' list has too; by records, by sums, and as known then."""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from tests.web import reports
from tests.web.register import RegisterSite

from dancu.engine.report import content_json
from dancu.engine.report.content import Annex, Report
from dancu.engine.report.indicators import Asked, Figure
from dancu.platform.reports import counting, indicator_sums, registry
from dancu.platform.reports.indicators import MATCHED, RESIDENTS
from dancu.platform.reports_writing import open_data, writing
from dancu.platform.reports_writing.gathering import Order
from dancu.platform.reports_writing.keeping import digest
from dancu.platform.reports_writing.models import Version
from dancu.reference import units
from dancu.sectors import specs
from dancu.store.register.explained import Reader
from dancu.store.register.live import Register
from dancu.store.register.told import Answer, Change, Incoming

ORDER = Order("24", reports.HALF, reports.DAY)
LIVING = (
    "coalesce(p.birth_earliest, '1900-01-01') <= '2024-06-21' AND p.life_status IS DISTINCT FROM '2'"
    " AND (p.death_date IS NULL OR p.death_date > '2024-06-21')"
)
BY_RECORDS = (
    "SELECT s.source, count(DISTINCT p.person_id), count(DISTINCT p.person_id) FILTER (WHERE EXISTS (SELECT FROM"
    " register.standard r WHERE r.person_id = p.person_id AND r.source = 'population'))"
    f" FROM register.standard s JOIN register.person p USING (person_id) WHERE {LIVING}"
    " AND p.unit_code = ANY (%s) AND s.source NOT IN ('population', 'corrections') GROUP BY 1"
)
"""The records of each list, joined to their persons: nothing that the figures are counted from."""
OWNERS = (
    "SELECT max(s.record_id), p.person_id FROM register.person p JOIN register.standard s USING (person_id)"
    f" WHERE {LIVING} AND p.sources = '{{vehicle}}' GROUP BY 2 ORDER BY 2"
)
RESIDENT = (
    f"SELECT p.person_id FROM register.person p WHERE {LIVING} AND p.sources = '{{population}}' AND p.unit_code ="
    " (SELECT unit_code FROM register.person WHERE person_id = %s) ORDER BY 1 LIMIT 1"
)


@pytest.fixture(scope="module")
def writer(register_site: RegisterSite) -> Iterator[Register]:
    with contextlib.closing(Register.open(register_site.dsn)) as register:
        yield register


@pytest.fixture(scope="module")
def reader(register_site: RegisterSite) -> Iterator[Reader]:
    with contextlib.closing(Reader(register_site.dsn)) as made:
        yield made


def _annex(known: dt.datetime | None = None) -> Annex:
    order = replace(ORDER, asked=replace(ORDER.asked, known=known))
    return _table(writing.content(order, using="owner"))


def _table(report: Report) -> Annex:
    return next(a for a in report.annexes if a.code == "A10")


def _rows(annex: Annex) -> dict[str, list[str]]:
    return {row.label: [cell.text for cell in row.cells] for row in annex.rows}


def test_each_list_has_a_line_with_the_figures_of_its_records(register_site: RegisterSite) -> None:
    communes = [u.code for u in units.on(reports.DAY).communes_of("24")]
    plain = {source: (n, hit) for source, n, hit in register_site.ask(BY_RECORDS, communes)}
    everywhere = register_site.ask(BY_RECORDS.replace("ANY (%s)", "ANY (ARRAY[p.unit_code])"))
    annex = _annex()
    assert len(plain) >= 10 and sum(n - hit for n, hit in plain.values()) > 10
    found = {}
    for row in annex.rows:
        total, part, rate, lacks = row.cells
        assert all(cell.ref is not None for cell in row.cells)
        assert lacks.number == (total.number or 0) - (part.number or 0)
        assert total.number and rate.number == (100 * (part.number or 0) / total.number).quantize(
            Decimal("0.01"), "ROUND_HALF_UP"
        )
        assert total.ref is not None
        found[MATCHED[total.ref.code]["list"]] = (total.number, part.number)
    assert found == plain
    away = {source: n - plain[source][0] for source, n, _ in everywhere if n > plain[source][0]}
    assert away == {"residence_moves": 4}, "who moved to another province"
    assert annex.note.endswith(
        "ở tỉnh khác hoặc chưa rõ xã, không tính ở trên: Danh sách biến động cư trú 4."
    )
    assert annex.total is None, "a person may stand in several lists"
    assert "không phải kết quả tra cứu trực tiếp CSDL quốc gia" in annex.note


def test_every_list_that_can_be_handed_in_has_its_figure() -> None:
    """A new source needs a row in report/matched_lists.csv; owner and law are those of its sector.yml."""
    lists = {one["list"]: (one["owner"], one["law"]) for one in MATCHED.values()}
    assert lists == {
        name: (spec.owner, spec.law)
        for name, spec in specs().items()
        if name not in (RESIDENTS, "corrections")
    }


def test_who_is_not_matched_is_found_behind_the_figure(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    lacks = register_site.ask(
        f"SELECT p.citizen_id::text, p.unit_code FROM register.person p WHERE {LIVING} AND 'vehicle' = ANY (p.sources)"
        " AND NOT 'population' = ANY (p.sources)"
    )
    opened = counting.records("matched_vehicle", ORDER.asked, unit="24", hit=False, using="owner")
    assert lacks and {(r.subject, r.unit_code) for r in opened} == set(lacks)
    unit = lacks[0][1]
    path = "/chi-tieu/matched_vehicle/ban-ghi/?tu=2024-01-01&den=2024-06-21&don-vi="
    mine = client_as("unit_head", unit=unit).get(f"{path}{unit}").content.decode()
    assert {f"/nguoi/{c}/" for c, u in lacks if u == unit} <= set(
        re.findall(r"/nguoi/[0-9a-f-]{36}/", mine)
    )
    other = next(u for u in register_site.communes if u != unit)
    others = client_as("unit_head", unit=other).get(f"{path}{unit}").content.decode()
    assert not re.search(r"/nguoi/[0-9a-f-]{36}/", others)


def test_each_number_of_the_annex_opens_and_nothing_of_it_is_open_data(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    del register_site
    report = writing.content(ORDER, using="owner")
    assert report.marks == () and content_json.from_json(content_json.to_json(report)) == report
    assert "A10" not in {line.annex for line in open_data.lines(report)}, "small counts of lists"
    body = content_json.to_json(report)
    Version.objects.using("owner").create(
        key=ORDER.key, number=1, unit_code="24", first=reports.HALF.first, last=reports.HALF.last, body=body,
        sha256=digest(body), at=reports.AT, by="test",
    )  # fmt: skip
    try:
        client = client_as("auditor")
        page = client.get(f"/bao-cao/{ORDER.key}/phu-luc/A10/").content.decode()
        cell = _table(report).rows[-1].cells[3]
        assert cell.ref is not None and f'href="/so-lieu/{cell.ref.short_code}/"' in page
        told = html.unescape(client.get(f"/so-lieu/{cell.ref.short_code}/").content.decode())
        assert registry.get(cell.ref.code).name_vi in told
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM reports_writing_version")


def _by_facts(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Figure]]:
    with monkeypatch.context() as slow:
        slow.setattr(registry, "sums", dict)
        return counting.many(MATCHED, asked, using="owner")


def _whole(code: str, asked: Asked = ORDER.asked) -> tuple[int, int]:
    figure = counting.figures(code, asked, using="owner")["24"]
    return int(figure.numerator), int(figure.denominator)


def _now(site: RegisterSite) -> dt.datetime:
    return site.ask("SELECT clock_timestamp()")[0][0]  # type: ignore[no-any-return]


def test_sums_and_records_agree_and_an_earlier_report_keeps_its_digits_while_persons_are_joined_and_parted(
    register_site: RegisterSite, writer: Register, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner of a vehicle is found to be a resident, is not so after all, and is struck off the list."""
    (record, owner), *_ = register_site.ask(OWNERS)
    resident = register_site.ask(RESIDENT, owner)[0][0]
    hit, listed = _whole("matched_vehicle")
    indicator_sums.fold(enough=-1)
    register_site.ask(
        "SELECT pg_sleep(1.1)"
    )  # sums are of a second before: what follows comes after
    first = _now(register_site)
    told = {first: (hit, listed)}
    printed = {first: _rows(_annex(first))}

    def happens(kind: str, **what: Any) -> None:
        writer.apply([Incoming("test", uuid4().hex, kind, "test", b"-", **what)])

    def stands(expected: tuple[int, int]) -> None:
        assert _whole("matched_vehicle") == expected
        moment = _now(register_site)
        told[moment], printed[moment] = expected, _rows(_annex(moment))
        assert printed[moment] == _rows(_annex())
        for known in (None, *told):
            asked = replace(ORDER.asked, known=known)
            assert counting.many(MATCHED, asked, using="owner") == _by_facts(asked, monkeypatch)

    pairs = reader.whole(owner, resident)
    happens("judgement", judgements=tuple(Answer(*pair, "same") for pair in pairs))
    stands((hit + 1, listed))
    happens("judgement", judgements=tuple(Answer(*pair, "withdrawn") for pair in pairs))
    stands((hit, listed))
    happens("out", changes=(Change(record, "vehicle", None),))
    stands((hit, listed - 1))

    indicator_sums.fold(enough=-1)  # of a later moment: the earlier ones are read backwards from it
    for moment, expected in told.items():
        assert _whole("matched_vehicle", replace(ORDER.asked, known=moment)) == expected
        assert _rows(_annex(moment)) == printed[moment]
    assert len({str(rows) for rows in printed.values()}) == 3, "joined, parted again, struck off"
