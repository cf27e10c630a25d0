"""An invented province of 4,070 people: lawful truth, messy lists, and truth that points at cells."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import fastexcel
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dancu import sectors
from dancu.formats import personal_number
from dancu.province import PEOPLE, Summary, make

SCALE, SEED = 0.002, 7
ON = date(2024, 6, 21)
SECTORS = {name for name, spec in sectors.specs().items() if spec.recognised and name != "cards"}
"""Cards are told of one at a time; the province draws no list of them."""
Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return make(SCALE, SEED, tmp_path_factory.mktemp("province"))


@pytest.fixture(scope="module")
def people(made: Summary) -> Rows:
    return truth(made, "people").to_pylist()


def truth(made: Summary, name: str) -> pa.Table:
    return pq.read_table(made.folder / "truth" / f"{name}.parquet")


def digests(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(
    made: Summary, tmp_path: Path
) -> None:
    make(SCALE, SEED, tmp_path / "again")
    make(SCALE, 8, tmp_path / "other")
    assert digests(tmp_path / "again") == digests(made.folder)
    assert digests(tmp_path / "other") != digests(made.folder)


def test_people_and_records_are_as_many_as_the_scale_says(made: Summary, people: Rows) -> None:
    assert made.people == len(people) == round(SCALE * PEOPLE)
    assert 1.45 < made.total / made.people < 1.6  # 3.1 million records of 2.03 million people
    assert set(made.records) == SECTORS
    assert truth(made, "records").num_rows == made.total
    assert made.files == len(list((made.folder / "lists").rglob("*.*")))


def test_every_personal_number_is_a_test_persons_unique_and_fits_its_holder(people: Rows) -> None:
    numbers = [str(p["personal_number"]) for p in people]
    assert len(set(numbers)) == len(numbers)
    for person, number in zip(people, numbers, strict=True):
        parts = personal_number.parse(number, test_people=True)
        assert parts.test and number.startswith("9")
        assert parts.sex == {"1": "male", "2": "female"}[str(person["sex"])]
        assert parts.birth_year == person["birth_date"].year  # type: ignore[attr-defined]


def test_kinship_is_possible(people: Rows) -> None:
    seen = {"father": 0, "mother": 0, "spouse": 0}
    for person in people:
        for kin in ("father", "mother"):
            if person[kin] is not None:
                parent = people[person[kin]]  # type: ignore[call-overload]
                years = (person["birth_date"] - parent["birth_date"]).days / 365.25
                assert 16 <= years <= 70 and parent["household"] == person["household"]
                assert parent["sex"] == ("1" if kin == "father" else "2")
                assert parent["full_name"] != person["full_name"]
                seen[kin] += 1
        if person["spouse"] is not None:
            spouse = people[person["spouse"]]  # type: ignore[call-overload]
            assert spouse["spouse"] == person["person"] and spouse["sex"] != person["sex"]
            seen["spouse"] += 1
    assert min(seen.values()) > 500


def test_children_mostly_bear_the_fathers_surname_and_wives_their_own(people: Rows) -> None:
    def surname(person: dict[str, object]) -> str:
        return str(person["full_name"]).split()[0]

    children = [p for p in people if p["father"] is not None]
    same = sum(surname(p) == surname(people[p["father"]]) for p in children)  # type: ignore[call-overload]
    wives = [p for p in people if p["spouse"] is not None and p["sex"] == "2"]
    taken = sum(surname(p) == surname(people[p["spouse"]]) for p in wives)  # type: ignore[call-overload]
    assert same / len(children) > 0.9
    assert taken / len(wives) < 0.35


def test_minorities_live_in_the_mountain_districts(made: Summary, people: Rows) -> None:
    def minority(units: tuple[str, ...]) -> float:
        there = [p for p in people if district[str(p["commune_code"])] in units]
        return sum(p["ethnic"] != "Kinh" for p in there) / len(there)

    from dancu.province import places

    district = dict(zip(places.codes(), places.districts(), strict=True))
    assert minority(("220", "219")) > 0.3  # Sơn Động, Lục Ngạn
    assert minority(("213", "221", "222")) < 0.05


def test_living_households_have_one_living_head(made: Summary, people: Rows) -> None:
    heads = {h["household"]: h["head"] for h in truth(made, "households").to_pylist()}
    for person in people:
        if person["listed"]:
            assert people[heads[person["household"]]]["listed"]


def test_no_living_persons_card_has_run_out(people: Rows) -> None:
    cards = [p for p in people if p["card_issued"] is not None]
    assert len(cards) > 2000
    assert all(p["card_issued"] <= ON for p in cards)  # type: ignore[operator]
    assert all(p["card_expires"] is None or p["card_expires"] > ON for p in cards)  # type: ignore[operator]


def test_errors_of_all_eight_groups_are_planted_and_recorded(made: Summary) -> None:
    assert set(made.planted) == set(range(1, 9))
    flaws = truth(made, "errors").to_pylist()
    planted = [(f["file"], f["sheet"], f["row"]) for f in flaws if f["role"] == "planted"]
    assert len(planted) == sum(made.planted.values())
    assert len(set(planted)) / len(planted) > 0.99  # at most one a record (the dead may be twice)
    assert 0.02 < len(planted) / made.total < 0.08


def test_a_row_of_the_truth_is_the_row_of_the_file(made: Summary, people: Rows) -> None:
    """Every file is opened: on rows without a flaw in the name, the name is the person's."""
    spoilt = {
        (f["file"], f["sheet"], f["row"])
        for f in truth(made, "errors").to_pylist()
        if f["field"] == "full_name"
    }
    checked: dict[str, int] = {}
    for record in truth(made, "records").to_pylist():
        place = (record["file"], record["sheet"], record["row"])
        if place not in spoilt:
            text = " ".join(cells(made.folder / "lists" / place[0], place[1])[place[2] - 1])
            assert str(people[record["person"]]["full_name"]) in text, place
            checked[record["file"]] = checked.get(record["file"], 0) + 1
    unmarked = {f for f in _files(made) if "giay-phep" in f or "tro-cap" in f}
    assert set(_files(made)) - set(checked) <= unmarked
    assert sum(checked.values()) > 5000


def test_a_planted_flaw_is_in_its_cell(made: Summary, people: Rows) -> None:
    """Placeholders, lost digits and letters in numbers stand where the truth says."""
    signs = {
        "number_placeholder": "000000000000",
        "birth_placeholder": "01/01/1900",
        "number_scientific": "E+11",
        "commune_code_unknown": "99999",
    }
    found = 0
    for flaw in truth(made, "errors").to_pylist():
        if flaw["kind"] in signs:
            row = cells(made.folder / "lists" / flaw["file"], flaw["sheet"])[flaw["row"] - 1]
            assert any(signs[flaw["kind"]] in cell for cell in row), flaw
            found += 1
    assert found > 10


def test_a_scale_that_makes_too_few_people_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Quy mô 1e-06 cho 2 người"):
        make(0.000001, SEED, tmp_path)


def test_after_july_2025_addresses_name_the_new_communes(tmp_path: Path) -> None:
    made = make(0.0005, SEED, tmp_path, on=date(2025, 12, 1))
    (folder,) = [made.folder / "lists" / "tax"]
    text = next(folder.iterdir()).read_text("utf-8")
    assert "Tỉnh Bắc Ninh" in text and "Huyện" not in text


def _files(made: Summary) -> Iterator[str]:
    root = made.folder / "lists"
    return (str(p.relative_to(root)) for p in root.rglob("*.*"))


_OPENED: dict[tuple[Path, str], list[list[str]]] = {}


def cells(path: Path, sheet: str) -> list[list[str]]:
    """All rows of a file (or sheet) as a person sees them in a spreadsheet."""
    if (path, sheet) not in _OPENED:
        _OPENED[path, sheet] = [[_seen(c) for c in row] for row in _open(path, sheet)]
    return _OPENED[path, sheet]


def _seen(cell: object) -> str:
    return "" if cell is None else unicodedata.normalize("NFC", str(cell))


def _open(path: Path, sheet: str) -> list[list[object]]:
    if path.suffix in (".xlsx", ".ods"):
        table = fastexcel.read_excel(path).load_sheet(sheet, header_row=None, dtypes="string")
        return _rows(table.to_arrow(), [])
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return _rows(table, [])
    if path.suffix in (".json", ".xml"):
        return _messages(path)
    data = path.read_bytes()
    text = _decoded(data)
    delimiter = max(";,\t|", key=text.split("\n")[min(3, text.count("\n") - 1)].count)
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))  # type: ignore[arg-type]


def _decoded(data: bytes) -> str:
    if data[:2] == b"\xff\xfe":
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", data.decode("cp1258"))


def _rows(table: pa.Table, head: list[list[str]]) -> list[list[object]]:
    return [*head, *(list(r) for r in zip(*(c.to_pylist() for c in table.columns), strict=True))]  # type: ignore[list-item]


def _messages(path: Path) -> list[list[object]]:
    from dancu.formats import qcvn109

    return [[p["HoVaTen"], json.dumps(p)] for p in qcvn109.read(path.read_bytes())]
