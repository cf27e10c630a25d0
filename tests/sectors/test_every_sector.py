"""One suite for all sectors: a new one brings its sector.yml and fixtures, not tests."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Any

import pytest

from dancu.engine.intake import SheetResult, read
from dancu.engine.spec import SectorSpec, SpecError
from dancu.lib.text import fold
from dancu.reference.fields import fields, standard_fields
from dancu.sectors import load, propose, specs

ON = dt.date(2024, 6, 30)
ALL = specs(example=True)
FIXTURES = [
    (sector, file.name)
    for sector in ALL
    for file in sorted(
        resources.files("dancu.sectors").joinpath(f"{sector}/fixtures").iterdir(),
        key=lambda item: item.name,
    )
    if file.name.endswith(".csv")
]


def _fixture(sector: str, name: str) -> tuple[bytes, dict[str, Any]]:
    folder = resources.files("dancu.sectors").joinpath(f"{sector}/fixtures")
    expected = json.loads(folder.joinpath(name.replace(".csv", ".json")).read_text("utf-8"))
    return folder.joinpath(name).read_bytes(), expected


def _read(sector: str, name: str) -> SheetResult:
    data, _ = _fixture(sector, name)
    return read(data, name=name, specs=ALL, sector=sector, on=ON)[0]


@pytest.mark.parametrize("spec", ALL.values(), ids=list(ALL))
def test_what_a_sector_says_about_itself_is_complete(spec: SectorSpec) -> None:
    for name in ("name_vi", "name_en", "owner", "law", "refresh", "purposes"):
        assert getattr(spec, name), f"{spec.id}: {name}"
    assert "full_name" in spec.required
    assert "*" in spec.trust
    assert all(0 <= value <= 100 for value in spec.trust.values())
    assert 0 < spec.expected_rows[0] < spec.expected_rows[1]
    assert spec.subject != "event" or spec.event_kind or spec.lookups.get("event_kind")


@pytest.mark.parametrize("spec", ALL.values(), ids=list(ALL))
def test_a_sector_promises_only_what_its_columns_can_bring(spec: SectorSpec) -> None:
    brings = set(spec.columns)
    ways = {
        "permanent_unit": {"address", "commune", "commune_code"},
        "personal_number": {"personal_number", "id_number"},
    }
    for field in spec.expects:
        assert field in standard_fields()
        assert brings & ways.get(field, {field}), f"{spec.id} promises {field}"


@pytest.mark.parametrize("spec", ALL.values(), ids=list(ALL))
def test_no_heading_of_a_sector_names_two_fields(spec: SectorSpec) -> None:
    seen: dict[str, str] = {}
    for role, headings in spec.columns.items():
        assert headings, f"{spec.id}: {role} has no heading"
        for heading in headings:
            assert seen.setdefault(heading.lower(), role) == role, heading


@pytest.mark.parametrize(("sector", "name"), FIXTURES)
def test_a_fixture_reads_to_its_golden_rows(sector: str, name: str) -> None:
    _, expected = _fixture(sector, name)
    sheet = _read(sector, name)
    assert sheet.mapping == expected["mapping"]
    rows = [{k: v for k, v in row.items() if k != "extra"} for row in sheet.rows.to_pylist()]
    assert rows == expected["rows"]


@pytest.mark.parametrize(("sector", "name"), FIXTURES)
def test_nothing_of_a_fixture_is_left_unread(sector: str, name: str) -> None:
    sheet = _read(sector, name)
    assert sheet.unread == ()
    assert sheet.rows["extra"].null_count == sheet.rows.num_rows
    assert sheet.rejects.num_rows == 0


@pytest.mark.parametrize(("sector", "name"), [f for f in FIXTURES if ALL[f[0]].recognised])
def test_a_fixture_is_recognised_by_its_headings_alone(sector: str, name: str) -> None:
    data, _ = _fixture(sector, name)
    sheet = read(data, name="danh_sach.csv", specs=ALL, on=ON)[0]
    assert sheet.source == sector, sheet.candidates[:3]


@pytest.mark.parametrize("spec", ALL.values(), ids=list(ALL))
def test_every_declared_heading_is_read_as_its_field(spec: SectorSpec) -> None:
    """Each heading alone beside a name column: the sector's own words are always understood."""
    name = spec.columns["full_name"][0]
    known = set(fields())
    for role, headings in spec.columns.items():
        assert role in known
        for heading in headings if role != "full_name" else ():
            text = f'"{name}","{heading}"\nNguyễn Văn An,1\n'
            sheet = read(text.encode(), name="x.csv", specs=ALL, sector=spec.id, on=ON)[0]
            assert set(sheet.mapping.values()) == {"full_name", role} or role in _PARTS, heading


_PARTS = {
    *("surname_middle", "given_name", "birth_year_part"),  # alone they are read as the whole
}


def test_a_wrong_sector_file_is_refused_with_its_key() -> None:
    with pytest.raises(SpecError, match=r"cua_toi\.yml: .*thiếu khóa bắt buộc «owner»"):
        load("id: a\nname_vi: A\nname_en: A\n", where="cua_toi.yml")
    with pytest.raises(SpecError, match="không đúng cú pháp YAML"):
        load("id: [", where="cua_toi.yml")


def test_a_new_sector_starts_from_a_list_nobody_has_described() -> None:
    text = "Họ tên,Số nhà văn hóa,CCCD\n" + "Nguyễn Văn An,x,924090000001\n" * 4
    sheet = read(text.encode(), name="moi.csv", specs=ALL, on=ON)[0]
    spec = load(propose(sheet.proposal, id="nha_van_hoa", name_vi="Thẻ nhà văn hóa"))
    assert spec.columns == {"full_name": ("Họ tên",), "personal_number": ("CCCD",)}
    assert fold(spec.name_vi) == "the nha van hoa"
