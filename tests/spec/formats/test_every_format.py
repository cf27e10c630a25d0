"""One suite for all written forms: a new format brings a table, not tests.

A table is `<format>.csv` or `<format>.yaml` beside this file (columns: `formats/README.md`).
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dancu.formats import FORMATS, NAMES, fast_path
from dancu.formats._text import NEVER
from dancu.formats.check import check
from dancu.formats.errors import FormatError

HERE = Path(__file__).parent
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@dataclass(frozen=True)
class Row:
    format: str
    input: str
    standard: str
    reason: str
    why: str
    keywords: dict[str, Any]


def _keyword(text: str) -> tuple[str, Any]:
    name, value = text.split("=", 1)
    if value in ("true", "false"):
        return name, value == "true"
    return name, date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value


def _unescape(text: str) -> str:
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return text.replace("\\n", "\n").replace("\\t", "\t")


def _rows(path: Path) -> list[Row]:
    if path.suffix == ".yaml":
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    else:
        with path.open(encoding="utf-8", newline="") as lines:
            raw = [{k: _unescape(v or "") for k, v in row.items()} for row in csv.DictReader(lines)]
    return [
        Row(
            format=path.stem,
            input=row["input"],
            standard=row.get("standard") or "",
            reason=row.get("reason") or "",
            why=row["why"],
            keywords=dict(_keyword(part) for part in (row.get("with") or "").split()),
        )
        for row in raw
    ]


TABLES = {
    path.stem: _rows(path) for path in sorted(HERE.iterdir()) if path.suffix in (".csv", ".yaml")
}
ROWS = [row for table in TABLES.values() for row in table]
WITH_TABLE = sorted(TABLES)
LAWFUL = [row for row in ROWS if row.standard]


def _verdict(row: Row) -> str:
    try:
        return f"standard {FORMATS[row.format].validate(row.input, **row.keywords)}"
    except FormatError as error:
        return f"reason {error.reason}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.format}: {row.why}")
def test_the_table_says_what_the_format_answers(row: Row) -> None:
    expected = f"standard {row.standard}" if row.standard else f"reason {row.reason}"
    assert _verdict(row) == expected
    assert FORMATS[row.format].is_valid(row.input, **row.keywords) == bool(row.standard)


@pytest.mark.parametrize("row", LAWFUL, ids=lambda row: f"{row.format}: {row.why}")
def test_the_way_people_write_it_reads_back_as_the_standard_form(row: Row) -> None:
    module = FORMATS[row.format]
    keywords = {k: v for k, v in row.keywords.items() if k != "on"}
    assert module.compact(row.standard) == row.standard
    assert module.validate(row.standard, **keywords) == row.standard
    assert module.validate(module.format(row.standard), **keywords) == row.standard


@pytest.mark.parametrize("name", WITH_TABLE)
def test_a_table_is_long_enough_and_shows_every_reason(name: str) -> None:
    table = TABLES[name]
    assert len(table) >= 12
    assert all(bool(row.standard) != bool(row.reason) and row.why for row in table)
    assert {row.reason for row in table if row.reason} == set(FORMATS[name].REASONS)


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_keeps_the_contract(name: str) -> None:
    module = FORMATS[name]
    assert name in TABLES, f"no table tests/spec/formats/{name}.csv"
    assert all(callable(getattr(module, v)) for v in ("compact", "validate", "is_valid", "format"))
    assert len(module.__doc__ or "") > 200
    assert "Source." in (module.__doc__ or "")
    for reason in module.REASONS.values():
        assert reason.message_vi and reason.message_en and reason.hint_vi


def test_every_table_has_its_format() -> None:
    assert set(TABLES) <= set(NAMES)


@pytest.mark.parametrize("row", [row for row in ROWS if row.reason], ids=lambda row: row.why)
def test_a_message_never_shows_the_value(row: Row) -> None:
    with pytest.raises(FormatError) as caught:
        FORMATS[row.format].validate(row.input, **row.keywords)
    error = caught.value
    shown = " ".join([error.message_vi, error.message_en, error.hint_vi, str(error)])
    digits = re.sub(r"\D", "", row.input)
    assert len(digits) < 7 or digits not in re.sub(r"[^\w]", "", shown)


@pytest.mark.parametrize("name", WITH_TABLE)
@QUICK
@given(data=st.data())
def test_any_text_is_cleaned_twice_alike_and_judged_without_a_crash(
    name: str, data: st.DataObject
) -> None:
    _holds(FORMATS[name], data.draw(st.text(max_size=40)))


@pytest.mark.parametrize("name", WITH_TABLE)
@QUICK
@given(data=st.data())
def test_a_slip_of_the_finger_is_cleaned_twice_alike_and_judged_without_a_crash(
    name: str, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from([row.input for row in TABLES[name]]))
    place = data.draw(st.integers(0, len(text)))
    typed = data.draw(st.text(alphabet='0123456789OoIl |-./,<ABĐđ(+é\u0301\u200b\n{"', max_size=2))
    _holds(FORMATS[name], text[:place] + typed + text[place + data.draw(st.integers(0, 2)) :])


def _holds(module: ModuleType, text: str) -> None:
    once = module.compact(text)
    assert module.compact(once) == once
    if module.is_valid(text):
        standard = module.validate(text)
        assert module.validate(module.format(standard)) == standard
        assert module.validate(standard) == standard
    module.format(text)


def _fast_paths() -> list[tuple[str, str, dict[str, Any]]]:
    found: list[tuple[str, str, dict[str, Any]]] = []
    for name in WITH_TABLE:
        modes = (False,) if hasattr(FORMATS[name], "ALREADY") else (False, True)
        for people in modes:
            keywords = {"test_people": people} if len(modes) > 1 else {}
            found.append((name, fast_path(name, test_people=people), keywords))
    return found


@pytest.mark.parametrize(
    ("name", "pattern", "keywords"), _fast_paths(), ids=lambda v: v if v in NAMES else ""
)
def test_the_fast_path_lets_only_standard_forms_through(
    name: str, pattern: str, keywords: dict[str, Any]
) -> None:
    module = FORMATS[name]
    inputs = [text for row in TABLES.get(name, []) for text in (row.input, row.standard)]
    hits = pc.match_substring_regex(pa.array(inputs, pa.string()), f"^(?:{pattern})$").to_pylist()
    assert pattern == NEVER or any(hits), "RE2 reads the pattern, and some row takes the fast path"
    for text in (t for t, hit in zip(inputs, hits, strict=True) if hit and "\n" not in t):
        assert (module.compact(text), module.validate(text, **keywords)) == (text, text)
    if pattern != NEVER:
        _made_values_are_standard(module, pattern, keywords)


def _made_values_are_standard(module: ModuleType, pattern: str, keywords: dict[str, Any]) -> None:
    @QUICK
    @given(st.from_regex(re.compile(pattern), fullmatch=True))
    def holds(value: str) -> None:
        assert (module.compact(value), module.validate(value, **keywords)) == (value, value)

    holds()


def test_all_the_sample_payloads_pass() -> None:
    samples = json.loads((HERE / "sample_payloads.json").read_text(encoding="utf-8"))
    card = FORMATS["card_qr"].parse
    assert card(samples["qr_citizen_card_2021"]["text"]).old_number == "121999999"
    assert card(samples["qr_citizen_card_2021_no_old_number"]["text"]).old_number == ""
    assert card(samples["qr_identity_card_2024"]["text"]).rest == ("", "", "", "")
    mrz = FORMATS["card_mrz"].parse("\n".join(samples["mrz_td1"]["lines"]))
    assert mrz.number == "024299000001"
    health = FORMATS["bhyt_card"].parse(samples["health_insurance_card"]["text"])
    assert (health.object_code, health.level, health.province) == ("GD", "4", "24")
    assert FORMATS["dossier_code"].parse(samples["dossier_code"]["text"]).top == "H02"
    for case in samples["phone"]:
        assert FORMATS["phone"].validate(case["in"]) == case["out"]
    for case in samples["plate"]:
        assert FORMATS["plate"].format(FORMATS["plate"].validate(case["in"])) == case["out"]
    lost, gone = samples["lost_leading_zero"]
    number = FORMATS["personal_number"]
    assert number.restore_zero(lost["in"], sex="male", birth_year=2099) == lost["out"]
    assert number.restore_zero(gone["in"], sex="male", birth_year=2099) is gone["out"]


@pytest.mark.parametrize(
    ("text", "sex", "year", "expected"),
    [
        ("24299000001", "male", 2099, "024299000001"),
        ("24299000001", "female", 2099, None),
        ("24299000001", "male", 1999, None),
        ("24299000001", None, 2099, None),
        ("24299000001", "male", None, None),
        ("1299000001", "male", 2099, "001299000001"),
        ("24.299.000.001", "male", 2099, "024299000001"),
        ("24299000001.0", "male", 2099, "024299000001"),
        ("024299000001", "male", 2099, None),
        ("3099000001", "male", 1999, None),
        ("2.4299E+10", "male", 2099, None),
    ],
)
def test_a_lost_zero_comes_back_only_where_province_sex_and_year_agree(
    text: str, sex: str | None, year: int | None, expected: str | None
) -> None:
    restore = FORMATS["personal_number"].restore_zero
    assert restore(text, sex=sex, birth_year=year) == expected


def test_checking_one_value_tells_every_format_it_fits_and_why_not_the_others() -> None:
    verdicts = {v.format: v for v in check("924 099 000 001", test_people=True)}
    assert verdicts["personal_number"].fits
    assert verdicts["personal_number"].parts["province"] == "024"
    assert verdicts["tax_code"].standard == "924099000001"
    assert verdicts["old_number"].reason == "is_personal_number"
    assert verdicts["plate"].message_vi and verdicts["plate"].hint_vi
    with pytest.raises(KeyError):
        check("1", "no_such_format")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"[" * 100_000, "too_deep"),
        (b"<a>" * 5_000 + b"</a>" * 5_000, "too_deep"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "forbidden_xml"),
        (b'<?xml version="1.0" encoding="no-such"?><CongDan/>', "not_message"),
        (b"\xff\xfe\x00", "not_message"),
        (b"PK\x03\x04", "not_message"),
        (b'{"SoDinhDanh": "\xe1\xbb"}', "not_message"),
        (b" \r\n", "empty"),
    ],
)
def test_a_hostile_message_gets_one_reason(message: bytes, reason: str) -> None:
    with pytest.raises(FormatError) as caught:
        FORMATS["qcvn109"].read(message)
    assert caught.value.reason == reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_bytes_of_a_message_are_read_in_the_encoding_they_declare(encoding: str) -> None:
    json_text = '{"SoDinhDanh": "924099000001", "HoVaTen": "Nguyễn Văn Mẫu"}'
    declared = encoding.removesuffix("-sig")
    xml_text = (
        f'<?xml version="1.0" encoding="{declared}"?>'
        "<CongDan><SoDinhDanh>924099000001</SoDinhDanh><HoVaTen>Nguyễn Văn Mẫu</HoVaTen></CongDan>"
    )
    expected = [{"SoDinhDanh": "924099000001", "HoVaTen": "Nguyễn Văn Mẫu"}]
    assert FORMATS["qcvn109"].read(json_text.encode(encoding)) == expected
    assert FORMATS["qcvn109"].read(xml_text.encode(encoding)) == expected
