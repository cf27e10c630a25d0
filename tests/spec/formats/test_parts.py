"""What a lawful value tells about its holder: one table, a sentence for each row."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from dancu.formats import FORMATS
from dancu.reference import ids

PARTS: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "personal_number",
        "024399123456",
        {"province": "024", "sex": "female", "birth_year": 2099, "test": False},
        "a woman of Bắc Giang born in 2099",
    ),
    (
        "bhyt_card",
        "HT3242412345678",
        {"object_code": "HT", "level": "3", "usual_level": "3", "share_percent": 95},
        "a pensioner, 95 percent",
    ),
    (
        "bhyt_card",
        "9900000001",
        {"bhxh_number": "9900000001", "object_code": "", "share_percent": None},
        "the card of 2021 does not tell object and level",
    ),
    (
        "tax_code",
        "0100233488-002",
        {"kind": "branch", "root": "0100233488", "branch": "002"},
        "the second branch of a company",
    ),
    (
        "driving_licence",
        "241151234567",
        {"province": "024", "sex": "female", "test_year": "15"},
        "a woman who passed in 2015",
    ),
    (
        "driving_licence",
        "242151234567",
        {"province": "024", "sex": "", "test_year": "15"},
        "a third digit that says nothing of the sex",
    ),
    (
        "plate",
        "98-B1 123.45",
        {"kind": "motorcycle", "province_name": "Bắc Giang", "series": "B1", "number": "12345"},
        "a motorcycle of Bắc Giang",
    ),
    (
        "plate",
        "99A-123.45",
        {"kind": "car", "province_name": "Bắc Ninh", "series": "A"},
        "a car of Bắc Ninh",
    ),
    ("plate", "98MD1-01353", {"kind": "electric_motorcycle", "series": "MĐ1"}, "an electric one"),
    ("plate", "98LD-012.34", {"kind": "car_special", "series": "LD"}, "a special series"),
    ("plate", "80-011-NG-01", {"kind": "foreign", "series": "011NG"}, "an embassy"),
    ("phone", "0240 3854123", {"kind": "landline", "of": "Bắc Giang"}, "a land line"),
    ("phone", "04 38541234", {"kind": "landline", "of": "Hà Nội"}, "a land line of the capital"),
    ("phone", "0162 123 4567", {"kind": "mobile", "of": "Viettel"}, "a mobile number"),
    (
        "bank_account",
        "VCB 0011001234567",
        {"bin": "970436", "bank": "Vietcombank", "account": "0011001234567"},
        "an account at Vietcombank",
    ),
    ("dossier_code", "H02.24.19-250701-0012", {"top": "H02", "sequence": 12}, "from the top down"),
]


@pytest.mark.parametrize(("name", "value", "expected", "why"), PARTS, ids=lambda v: str(v))
def test_the_parts_of_a_value(name: str, value: str, expected: dict[str, Any], why: str) -> None:
    parts = asdict(FORMATS[name].parse(value))
    assert {field: parts[field] for field in expected} == expected


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("phone", "0912345678", "0912 345 678"),
        ("phone", "02043854123", "0204 3854 123"),
        ("phone", "02438541234", "024 3854 1234"),
        ("plate", "98a12345", "98A-123.45"),
        ("plate", "98B1-1234", "98-B1 1234"),
        ("tax_code", "0100233488002", "0100233488-002"),
        ("bhyt_card", "gd4249900000001", "GD 4 24 9900000001"),
        ("bank_account", "970414-12345670001", "12345670001 – MBV"),
        ("bank_account", "hello", "hello"),
    ],
)
def test_the_way_people_write_it(name: str, value: str, written: str) -> None:
    assert FORMATS[name].format(value) == written


def test_the_tables_have_the_rows_that_their_sources_state() -> None:
    assert len(ids.number_provinces()) == 63
    assert len(set(ids.landline_change_2017().values())) == 63
    assert len(ids.mobile_change_2018()) == 22
    assert len(ids.century_sex()) == 10
    assert set(ids.mobile_change_2018().values()) <= set(ids.mobile_prefixes())
    assert set(ids.bank_keys().values()) == set(ids.banks())


def test_every_short_name_of_a_bank_finds_its_bank() -> None:
    find = FORMATS["bank_account"].find_bank
    assert {code: find(name) for code, name in ids.banks().items()} == {c: c for c in ids.banks()}
