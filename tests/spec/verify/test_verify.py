"""«Is this the person?»: a clerk's tables of claims and verdicts, and what holds for every answer."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from dancu.engine.verify import (
    ATTRIBUTES,
    Asked,
    Known,
    compare,
    dates,
    names,
    places,
    scanned,
    wording,
)
from dancu.engine.verify.compare import _numbers
from dancu.formats import card_qr
from dancu.formats.errors import FormatError

HERE = Path(__file__).parent
ON = dt.date(2024, 6, 21)
PEOPLE = yaml.safe_load((HERE / "people.yml").read_text("utf-8"))
SCANS = yaml.safe_load((HERE / "scans.yml").read_text("utf-8"))
STATES = ("card", "number", "person")


def table(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def why(row: dict[str, str]) -> str:
    return row["why"]


def parts(text: str) -> tuple[int, int, int]:
    found = [int(p) for p in text.split("-")] if text else []
    year, month, day = (*found, 0, 0, 0)[:3]
    return year, month, day


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def known(row: dict[str, Any] | None) -> Known | None:
    if row is None:
        return None
    values = dict(row)
    values["birth_year"], values["birth_month"], values["birth_day"] = values.pop("b")
    values["birth_earliest"] = values["birth_latest"] = dt.date(*row["b"])
    return Known(values)


@pytest.mark.parametrize("row", table("names"), ids=why)
def test_names(row: dict[str, str]) -> None:
    former = (row["former"],) if row["former"] else ()
    assert names.compare(row["claim"], row["register"], former) == (row["verdict"], row["reason"])


@pytest.mark.parametrize("row", table("dates"), ids=why)
def test_dates(row: dict[str, str]) -> None:
    assert dates.compare(row["claim"], parts(row["register"])) == (row["verdict"], row["reason"])


@pytest.mark.parametrize("row", table("numbers"), ids=why)
def test_numbers(row: dict[str, str]) -> None:
    former = {row["attribute"]: (row["former"],)} if row["former"] else {}
    person = Known({row["attribute"]: row["register"] or None}, former)
    said = _numbers(row["attribute"], row["claim"], person)
    assert said == (row["verdict"], row["reason"])


@pytest.mark.parametrize("row", table("places"), ids=why)
def test_places(row: dict[str, str]) -> None:
    homes = [home.split("|") for home in row["homes"].split()]
    person = Known(
        {"permanent_unit": row["permanent"] or None, "temporary_unit": row["temporary"] or None},
        homes=tuple((code, day(first), day(last)) for code, first, last in homes),
    )
    on = dt.date.fromisoformat(row["on"])
    said = (places.lived if row["attribute"] == "lived_in" else places.lives)(row["claim"], person, on)  # fmt: skip
    assert said == (row["verdict"], row["reason"])


@pytest.mark.parametrize("row", table("ages"), ids=why)
def test_ages(row: dict[str, str]) -> None:
    values = {"birth_earliest": day(row["earliest"]), "birth_latest": day(row["latest"])}
    said = dates.is_of_age(row["claim"], Known(values), dt.date.fromisoformat(row["on"]))
    assert said == (row["verdict"], row["reason"])


@pytest.mark.parametrize("row", PEOPLE, ids=lambda row: row["case"])
def test_whole_answers(row: dict[str, Any]) -> None:
    answer = compare(Asked(**row["asked"]), known(row.get("register")), on=ON)
    told = {a.name: f"{a.verdict} {a.reason}".strip() for a in answer.attributes}
    told |= {"result": answer.result}
    told |= {s: getattr(answer, s) for s in STATES if s in row["says"]}
    assert told == row["says"]


@pytest.mark.parametrize("row", SCANS, ids=lambda row: row["why"])
def test_scans_of_every_keyboard(row: dict[str, Any]) -> None:
    text = scanned.repaired(row["typed"], test_people=True)
    if row.get("refused"):
        with pytest.raises(FormatError):
            card_qr.parse(text, test_people=True)
        return
    card = card_qr.parse(text, test_people=True)
    assert [card.number, card.name, card.birth, card.sex, card.issued] == row["read"]


def test_who_is_not_named_is_told_nothing_whoever_bears_the_number() -> None:
    """The answer about another's number and about nobody's are the same, byte for byte."""
    asked = Asked("924090000011", claims={"full_name": "Trần Văn Nam", "birth_date": "05/09/1990"})
    person = known({"personal_number": "924090000011", "full_name": "Giáp Thị Mẫu", "b": [1990, 9, 5],
                    "life_status": "2", "card_status": "lost"})  # fmt: skip
    assert compare(asked, person, on=ON, values=ATTRIBUTES) == compare(asked, None, on=ON)


def test_a_value_is_told_only_where_the_purpose_allows_it() -> None:
    person = known({"personal_number": "924090000011", "full_name": "Giáp Thị Mẫu", "b": [1990, 9, 5],
                    "phone": "0912345678"})  # fmt: skip
    claims = {"full_name": "giap thi mau", "birth_date": "1990", "phone": "0388000111"}
    asked = Asked("924090000011", claims=claims)
    assert all(a.value is None for a in compare(asked, person, on=ON).attributes)
    told = compare(asked, person, on=ON, values={"full_name", "birth_date"})
    assert [a.value for a in told.attributes] == ["Giáp Thị Mẫu", "1990-09-05", None]


def test_every_word_that_an_answer_can_hold_is_said_in_both_languages() -> None:
    names_of = ("names", "dates", "numbers", "places", "ages")
    used = {row["reason"] for name in names_of for row in table(name)}
    used |= {said.partition(" ")[2] for row in PEOPLE for said in row["says"].values()}
    assert used - {""} <= set(wording.codes("reasons"))
    for kind in ("results", "verdicts", "reasons", "cards", "numbers", "persons"):
        for code in wording.codes(kind):
            assert wording.word(kind, code) != wording.word(kind, code, "en") != ""
    for name in ATTRIBUTES:
        assert wording.attribute(name) != name and wording.attribute(name, "en") != name
