"""Populations, thresholds, outlines and laws are asked for on a day."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from dancu.reference import domain, geo, population, thresholds, units
from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import resource, rows

JUNE_2024 = date(2024, 6, 21)
EARLY_2025 = date(2025, 3, 1)
NOW = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("on", "communes", "people"),
    [(JUNE_2024, 209, 2_057_918), (EARLY_2025, 192, 2_057_918), (NOW, 58, 2_057_918)],
)
def test_weights_cover_old_bac_giang_and_keep_its_total(
    on: date, communes: int, people: int
) -> None:
    found = population.weights(on=on, former_province="24")
    assert (len(found), sum(found.values())) == (communes, people)
    assert set(found) <= {u.code for u in units.on(on).communes_of("24")}
    assert min(found.values()) > 1000


def test_derived_weights_follow_the_figures_of_the_resolution() -> None:
    found = population.weights(on=JUNE_2024)
    stated = {"07204": 11950, "07207": 25973 - 11950, "07219": 11285}  # wards of the city
    for code, people in stated.items():
        assert found[code] == pytest.approx(people, rel=0.15)


def test_each_line_of_the_resolution_finds_one_commune() -> None:
    found = [line["code_2024"] for _, line in population._resolution()]
    assert len(found) == len(set(found)) == 43


@pytest.mark.parametrize(
    ("on", "official", "source"),
    [
        (date(2026, 9, 13), False, "dancu"),
        (date(2026, 9, 14), True, "MPS letter 4856/BCA-TTDLQG (second-hand)"),
    ],
)
def test_thresholds_are_official_only_since_the_letter(
    on: date, official: bool, source: str
) -> None:
    marks = thresholds.on(on)
    assert (marks.green, marks.yellow, marks.identifiers) == (90, 75, 100)
    assert (marks.official, marks.source) == (official, source)


@pytest.mark.parametrize(
    ("score", "identifier", "colour"),
    [(90, False, "green"), (89.99, False, "yellow"), (75, False, "yellow"), (74.99, False, "red"),
     (100, True, "green"), (99.99, True, "red")],
)  # fmt: skip
def test_a_score_has_the_colour_of_the_letter(score: float, identifier: bool, colour: str) -> None:
    assert thresholds.on(NOW).colour(score, identifier=identifier) == colour


@pytest.mark.parametrize(
    ("on", "former", "level", "features"),
    [
        (JUNE_2024, None, "district", 10),
        (EARLY_2025, None, "district", 10),
        (NOW, None, "commune", 99),
        (NOW, "24", "commune", 58),
        (NOW, "27", "commune", 41),
    ],
)
def test_outlines_of_the_day(on: date, former: str | None, level: str, features: int) -> None:
    found = geo.outlines(on=on, former_province=former)
    assert (found.level, len(found.geojson["features"])) == (level, features)
    assert bool(found.note_vi) == (on == EARLY_2025)
    names = {f["properties"]["name"] for f in found.geojson["features"]}
    assert ("Phường Hiệp Hòa" in names) == (on == NOW and former != "27")


def test_tables_of_the_domain_are_whole() -> None:
    assert len(domain.requirements()) == 62
    assert len(domain.error_groups()) == 8
    assert [d.dimension for d in domain.dimensions()][:4] == [
        "correct",
        "complete",
        "clean",
        "living",
    ]
    assert len(domain.formula()) == 4
    assert len(domain.glossary()) >= 100


def test_a_law_counts_from_its_first_day() -> None:
    refs = {law.ref for law in domain.laws_in_force(on=JUNE_2024)}
    assert "Decision 06/QĐ-TTg" in refs
    assert "Law 26/2023/QH15" not in refs  # the Law on Identification: since 1 July 2024


def test_a_missing_file_is_told_in_words() -> None:
    with pytest.raises(ReferenceDataError, match=r"admin/none\.csv"):
        rows("admin/none.csv")


def test_each_copied_file_has_its_source_and_sum() -> None:
    listed = [
        line.split("|")[1:6]
        for line in resource("SOURCES.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    assert len(listed) >= 30
    for path, *_, sha in ([cell.strip(" `") for cell in row] for row in listed):
        assert hashlib.sha256(resource(path).read_bytes()).hexdigest() == sha, path
