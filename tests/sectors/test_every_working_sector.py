"""One suite for all sectors in which people work: a new one brings a sample (`tests/sectors/world.py`), not tests."""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from tests.sectors.asking import everybody, outside, own, shown_outside, status, without_right
from tests.sectors.tables import (
    about_somebody,
    added,
    closed,
    columns,
    kind,
    may,
    row_sums,
    rows,
    written,
)
from tests.sectors.working import Working, sectors
from tests.sectors.world import World, world
from tests.web.texts import texts_in
from tests.web.wsgi import ask

from dancu.engine.report.indicators import Asked, counted, records
from dancu.platform.completeness import reconciling
from dancu.platform.ui import language
from dancu.reference import purposes, retention
from dancu.reference.rights import rights, role_rights
from dancu.site import edge

__all__ = ["world"]

ROOT = Path(__file__).resolve().parents[2]
ALL = sectors()
every_sector = pytest.mark.parametrize("sector", ALL, ids=[sector.id for sector in ALL])


# --- the database behind the pages, before any page has been asked for ---


@every_sector
def test_rows_about_somebody_are_closed_in_the_database_itself(
    sector: Working, world: World
) -> None:
    """Raw SQL as the pages' role within a neighbour's claim: no row to read, none to write or to add."""
    ours = sector.relations(world.ask)
    about = about_somebody(sector, world, ours)
    assert about, "the sample puts no row about the person into any table"
    outside = everybody(sector, world, world.other)
    inside = everybody(sector, world, world.own)
    wrong, seen = [], False
    for table in sorted(about):
        for client in outside:
            found = [reach(world, client, table) for reach in (rows, written, added)]
            if any(found):
                wrong.append(f"{table}: a neighbour reads, writes, adds {found}")
        seen = seen or any(rows(world, client, table) for client in inside)
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert seen, "nobody of the own unit sees a row either"


@every_sector
def test_every_table_says_what_it_holds_how_long_and_to_whom_it_is_open(
    sector: Working, world: World
) -> None:
    rules, ours = retention.rules(on=dt.date.today()), sector.relations(world.ask)
    about = about_somebody(sector, world, ours)
    wrong = []
    for table in (t for t in ours if kind(world, t) != "v"):
        rule = rules.get(table)
        if rule is None or not rule.law:
            wrong.append(f"{table} has no row in retention.csv")
            continue
        if table in about and rule.do == "none":
            wrong.append(f"{table} holds somebody and says in retention.csv that it does not")
        holds = table in about or (rule.do != "none" and may(world, table, "SELECT"))
        if holds and not closed(world, table):
            wrong.append(f"{table} holds persons and has no row-level security")
    assert not wrong, "\n".join(wrong)


@every_sector
def test_what_is_only_added_to_is_in_the_ledger(sector: Working, world: World) -> None:
    """An act: a row with who and when that pages add and never change."""
    ours = sector.relations(world.ask)
    ledgered = {kind.place for kinds in sector.declared("ledgered", "KINDS") for kind in kinds}
    acts = {
        table
        for table in ours
        if may(world, table, "INSERT") and {"at", "by"} <= columns(world, table)
        if not may(world, table, "UPDATE") and not may(world, table, "DELETE")
    }
    assert sorted(acts - ledgered) == []
    assert ledgered <= set(ours) and (acts or not sector.workflows())


@every_sector
def test_models_and_migrations_agree(sector: Working, world: World) -> None:
    del world
    call_command(
        "makemigrations", *[c.label for c in sector.apps], check=True, dry_run=True, verbosity=0
    )


# --- who may ---


@every_sector
def test_the_sample_names_a_value_for_every_argument(sector: Working, world: World) -> None:
    given = world.sample(sector.id).given
    assert [a.name for a in sector.addresses if a.path(given) is None] == []


@every_sector
def test_no_page_opens_without_the_right(sector: Working, world: World) -> None:
    """Every address, asked for by every role: refused wherever the table of rights does not name the role."""
    wrong = []
    for address, path in sector.tried(world.sample(sector.id).given):
        said = address.said
        if not (said.public or said.citizen or said.right):
            wrong.append(f"{address.name} names no right")
        for who, client, expected in without_right(address, world):
            found = {client.get(path).status_code, client.post(path).status_code}
            if not found <= expected:
                wrong.append(f"{address.name} to {who}: {found}")
    assert not wrong, "\n".join(wrong)


@every_sector
def test_every_page_opens_to_somebody_of_the_own_unit(sector: Working, world: World) -> None:
    """So that the refusals above and below are of pages that work."""
    wrong = []
    for address, path in sector.tried(world.sample(sector.id).given):
        answers = {status(client, path) for client in own(address, world)}
        if max(answers, default=0) >= 500 or not answers & {200, 204, 302, 405}:
            wrong.append(f"{address.name}: {answers}")
    assert not wrong, "\n".join(wrong)


@every_sector
def test_nothing_is_shown_or_changed_outside_the_unit(sector: Working, world: World) -> None:
    """Whoever has the right in the neighbouring commune alone, and the neighbouring citizen, at the same addresses."""
    sample, wrong = world.sample(sector.id), []
    about = about_somebody(sector, world, sector.relations(world.ask))
    for address, path in sector.tried(sample.given):
        before = row_sums(world, about)
        for client in outside(address, world):
            for answer in (client.get(path), client.post(path, sample.sent_to(address.name))):
                wrong += shown_outside(answer, address, sample, world.marks(sector.id))
        if lost := before - row_sums(world, about):
            wrong.append(f"{address.name} changes {sorted({t for t, _ in lost})} from outside")
    assert not wrong, "\n".join(sorted(set(wrong)))


@every_sector
def test_what_the_neighbour_could_not_do_the_own_officer_can(sector: Working, world: World) -> None:
    """The same forms do change something where they may, else the test above would show nothing; pages that take no
    form say so."""
    sample = world.sample(sector.id)
    about = about_somebody(sector, world, sector.relations(world.ask))
    before = row_sums(world, about)
    answers = {
        client.post(path, sample.sent_to(address.name)).status_code
        for address, path in sector.tried(sample.given)
        for client in own(address, world)
    }
    if sample.form or sample.forms:
        assert before - row_sums(world, about)
    else:
        assert answers == {405}


# --- looking leaves a trace ---


@every_sector
def test_every_answer_about_somebody_has_its_line_in_the_log(sector: Working, world: World) -> None:
    """Asked for through the counter at the edge, which knows nothing of the sector: what it saw is in the log."""
    sample = world.sample(sector.id)
    lines = "SELECT count(*) FROM register.access_log WHERE citizen_id = %s AND served IS NOT NULL"
    ((before,),) = world.ask(lines, world.resident)
    tried = list(sector.tried(sample.given))
    for address, path in tried:
        for client in own(address, world):
            ask(client, path)
    _, gaps = reconciling.reconcile(by="test", on=dt.datetime.now(reconciling.ZONE).date())
    routes = {edge.route(path) for _, path in tried}
    wrong = sorted({f"{gap.route}: {gap.kind}" for gap in gaps if gap.route in routes})
    assert not wrong, "\n".join(wrong)
    if sector.opens_persons:
        ((after,),) = world.ask(lines, world.resident)
        assert after > before, "the sector opens persons, and none of its pages left a line"


@every_sector
def test_every_purpose_is_one_of_the_law(sector: Working) -> None:
    known = purposes.purposes(on=dt.date.today())
    wrong = [(where, purpose) for where, purpose in sector.purposes() if purpose not in known]
    assert wrong == [], "not a word of purposes.csv"
    assert not sector.opens_persons or any(sector.purposes())


# --- figures, moves, words ---


@every_sector
def test_every_indicator_opens_to_the_records_that_it_counts(sector: Working, world: World) -> None:
    world.sample(sector.id)
    asked = Asked(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
    counts = []
    for one in sector.indicators():
        assert one.law and one.owner and one.meaning_vi and one.meaning_en, one.code
        ((top, bottom),) = _asked(world, counted(one, asked, by=()))
        inside, whole = (_asked(world, records(one, asked, hit=hit)) for hit in (True, None))
        assert (sum(r[4] for r in inside) if one.measure == "sum" else len(inside)) == top, one.code
        assert len(whole) == bottom, one.code
        assert all(row[0] for row in whole), f"{one.code} counts what cannot be opened"
        by_unit = _asked(world, counted(one, asked))
        assert (sum(r[1] for r in by_unit), sum(r[2] for r in by_unit)) == (top, bottom), one.code
        counts.append(bottom)
    assert not counts or any(counts), "the sample counts in no indicator"


@every_sector
def test_every_state_is_reached_ends_and_is_drawn(sector: Working) -> None:
    page = (ROOT / "docs/reference/workflows.md").read_text(encoding="utf-8")
    for name in sector.workflows():
        module = import_module(name)
        drawn = module.MOVES.diagram()
        assert drawn in page, f"{name}: make docs"
        edges = re.findall(r"^ +(\S+) --> (\S+?)(?::|$)", drawn, re.M)
        states = {state for edge_ in edges for state in edge_} - {"[*]"}
        assert states <= _reached(edges, "[*]"), (
            f"{name}: {states - _reached(edges, '[*]')} is never reached"
        )
        back = [(b, a) for a, b in edges]
        assert states <= _reached(back, "[*]"), (
            f"{name}: {states - _reached(back, '[*]')} never ends"
        )
        for action, move in module.MOVES.items():
            found = re.findall(rf": {re.escape(move.name_vi)}$", drawn, re.M)
            assert len(found) >= len(move.of) > 0, f"{name}: {action} is not drawn"
            assert move.name_en, f"{name}: {action} has no English"


@every_sector
def test_every_text_of_the_screens_has_its_english(sector: Working) -> None:
    assert sorted(texts_in(sector.folder) - set(language.english())) == []


@every_sector
def test_every_right_of_a_page_is_in_the_table_and_held_by_a_role(sector: Working) -> None:
    used = {address.said.right for address in sector.addresses} - {None}
    assert used <= set(rights())
    assert used <= {entry.right for entry in role_rights()}


def _reached(edges: list[tuple[str, str]], start: str) -> set[str]:
    found, waiting = {start}, deque([start])
    while waiting:
        here = waiting.popleft()
        for a, b in edges:
            if a == here and b not in found and (b != "[*]"):
                found.add(b)
                waiting.append(b)
    return found


def _asked(world: World, query: tuple[str, list[Any]]) -> list[tuple[Any, ...]]:
    return world.ask(query[0], *query[1])
