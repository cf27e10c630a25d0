"""What procedures are made of: whole, adding up, and asking the register only for what it hands out."""

from __future__ import annotations

import datetime as dt

import pytest

from dancu.reference import service_parts, services
from dancu.reference.fields import fields as dictionary
from dancu.reference.rights import rights_of

DAYS = (dt.date(2022, 6, 1), dt.date(2024, 6, 21), dt.date(2025, 7, 1), dt.date(2026, 9, 20))
KINDS = {"text", "date", "choice", "number", "person"}


def _handed_out() -> set[str]:
    """The fields that the door hands a citizen of their own record."""
    groups = {
        g for r in rights_of("citizen") if r.right == "person.view" for g in r.field_groups or ()
    }
    return {f.field for f in dictionary().values() if f.standard and f.group in groups}


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_each_procedure_has_parts_steps_and_fields(on: dt.date) -> None:
    for p in services.procedures(on=on):
        parts = services.parts(p.code, on=on)
        assert any(part.required for part in parts), p.code
        assert len({part.code for part in parts}) == len(parts), p.code
        assert {step.who for step in services.steps(p.code, on=on)} == {"officer", "leader"}, p.code
        fields = services.fields(p.code, on=on)
        assert {f.kind for f in fields} <= KINDS and any(f.required for f in fields), p.code
        assert all((f.kind == "choice") == bool(f.choices) for f in fields), p.code
        assert len({f.name for f in fields}) == len(fields), p.code


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_the_steps_of_a_procedure_add_up_to_its_limit(on: dt.date) -> None:
    for p in services.procedures(on=on):
        day = 1 if p.limit_unit == "hour" else service_parts.HOURS_OF_A_DAY
        hours = sum(step.hours for step in services.steps(p.code, on=on))
        assert hours == (p.limit * day or service_parts.HOURS_OF_A_DAY), p.code


def test_a_form_is_filled_from_fields_that_the_door_hands_out() -> None:
    known = _handed_out()
    assert "full_name" in known and "household_number" in known
    for p in services.procedures(on=DAYS[1]):
        sources = {f.source for f in services.fields(p.code, on=DAYS[1])} - {""}
        assert sources <= known, (p.code, sources - known)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_a_part_is_proved_by_the_form_the_register_or_the_result_of_a_procedure(
    on: dt.date,
) -> None:
    for p in services.procedures(on=on):
        for part in services.parts(p.code, on=on):
            if part.register_field:
                assert part.register_field in _handed_out(), part
            elif part.result_of:
                assert services.get(part.result_of, on=on).result_kind == "document", part
            else:
                assert part.proved_by in ("", "form"), part


@pytest.mark.parametrize("on", DAYS[1:], ids=str)
def test_a_bundle_opens_procedures_of_that_day(on: dt.date) -> None:
    assert [b.code for b in services.bundles(on=on)] == ["birth", "death"]
    for bundle in services.bundles(on=on):
        assert services.get(bundle.procedure, on=on).essential_id in ("ES15", "ES16")
        assert all(services.get(code, on=on) for code in bundle.procedures)
    assert services.bundles(on=dt.date(2022, 6, 1)) == ()


def test_the_household_book_went_and_its_data_came_with_2023() -> None:
    before = {part.code for part in services.parts("BG.ES12", on=dt.date(2022, 12, 31))}
    after = {part.code for part in services.parts("BG.ES12", on=dt.date(2023, 1, 1))}
    assert (before - after, after - before) == ({"residence_book"}, {"residence_data"})
    assert dt.date(2023, 1, 1) in service_parts.days_of_change("BG.ES12")


def test_every_row_names_its_law_and_how_sure_it_is() -> None:
    for p in services.procedures(on=DAYS[1]):
        rows = (
            *services.parts(p.code, on=DAYS[1]),
            *services.steps(p.code, on=DAYS[1]),
            *services.fields(p.code, on=DAYS[1]),
        )
        for row in rows:
            assert row.law and row.confidence in ("high", "medium", "low"), row
            assert row.confidence != "low" or "cần đối chiếu" in row.law, row
