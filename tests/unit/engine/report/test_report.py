"""The page and the JSON say what the tables say, and nothing about anybody."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest
from tests.unit.engine.report import made_up

from dancu.engine import report
from dancu.engine.report import map as maps
from dancu.engine.report.words import DIMENSIONS, law, number, percent, points
from dancu.reference.weights import CRITERIA
from dancu.rules import loader as rules
from dancu.store.duckdb import DuckStore


@pytest.fixture(scope="module")
def store() -> DuckStore:
    return made_up.shared()


@pytest.fixture(scope="module")
def pages(store: DuckStore) -> dict[str, str]:
    files = report.files(store, made_up.context(), made_up.MANIFEST)
    return {f.path: f.data.decode() for f, _ in zip(files, range(2), strict=False)}


@pytest.fixture(scope="module")
def document(pages: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(pages["report.json"])
    return found


def _one(store: DuckStore, query: str) -> dict[str, object]:
    (row,) = store.fetch(query).to_pylist()
    return dict(row)


def test_the_same_run_gives_the_same_bytes(store: DuckStore, pages: dict[str, str]) -> None:
    again = report.files(store, made_up.context(), made_up.MANIFEST)
    assert [next(again).data.decode(), next(again).data.decode()] == [
        pages["report.html"],
        pages["report.json"],
    ]


def test_every_key_of_the_json_is_documented(document: dict[str, object]) -> None:
    guide = Path(__file__).parents[4] / "docs/reference/report_json.md"
    named = set(re.findall(r"`([a-z_0-9]+)`", guide.read_text("utf-8")))
    used = set(document) | {key for part in document.values() for key in _keys(part)}
    assert used - named - set(CRITERIA) == set()


def _keys(part: object) -> set[str]:
    if isinstance(part, dict):
        return set(part) - {"*"} | {k for v in part.values() for k in _keys(v)}
    return {k for v in part for k in _keys(v)} if isinstance(part, list) else set()


@pytest.mark.mission("S01", "S44")
def test_ten_figures_each_with_numerator_denominator_target_gap_and_place(
    document: dict[str, list[dict[str, object]]],
) -> None:
    figures = document["figures"]
    assert len(figures) == 10
    for figure in figures:
        assert 0 <= figure["numerator"] <= figure["denominator"]  # type: ignore[operator]
        assert {"target", "gap", "gap_text", "records", "colour", "unit"} <= set(figure)


@pytest.mark.parametrize("criterion", ["*", *CRITERIA])
def test_the_province_row_is_the_scores_table(
    store: DuckStore, document: dict[str, dict[str, dict]], criterion: str
) -> None:  # type: ignore[type-arg]
    row = _one(
        store,
        "SELECT * FROM scores WHERE scope = 'province' AND scope_code = '24' AND field = '*'"
        f" AND rule_id = '*' AND criterion = '{criterion}'",
    )
    cell = document["province"]["scores"][criterion]
    assert (cell["passed"], cell["evaluated"], cell["colour"]) == (
        row["passed"],
        row["evaluated"],
        row["colour"],
    )
    assert cell["score"] == pytest.approx(row["score"], abs=1e-4)


def test_counts_add_up(store: DuckStore, document: dict[str, dict[str, int]]) -> None:
    totals = document["totals"]
    assert totals["rows_in"] == totals["rows_kept"] + totals["rows_rejected"]
    assert totals["duplicates_joined"] == totals["records"] - totals["persons"]
    found = _one(store, "SELECT count(*) AS n FROM findings WHERE level = 'person'")
    assert (
        sum(g["person_findings"] for g in document["error_groups"])
        == totals["findings"]
        == found["n"]
    )  # type: ignore[attr-defined]


@pytest.mark.parametrize("height", [0.1, 0.5, 0.95])
def test_fixing_n_records_reaches_the_target_and_one_fewer_does_not(
    store: DuckStore, height: float
) -> None:
    lowest = report.summary(store, made_up.context(), made_up.MANIFEST).worst[0].score
    target = round(lowest + height * (100 - lowest), 2)
    files = report.files(store, made_up.context(), made_up.MANIFEST, target=target)
    document = json.loads([f.data for f, _ in zip(files, range(2), strict=False)][1])
    below = [
        c for c in document["communes"] if c["scores"]["*"] and c["scores"]["*"]["score"] < target
    ]
    assert below
    for commune in below:
        n = commune["records_to_fix"]
        ranked = store.fetch(
            f"SELECT gained FROM fix_order WHERE scope_code = '{commune['code']}' ORDER BY rank"
        )
        gained = [0.0, *ranked["gained"].to_pylist()]
        score = commune["scores"]["*"]["score"]
        assert score + gained[n] >= target - 1e-3
        assert score + gained[n - 1] < target + 1e-3


def test_no_person_is_in_the_page_or_the_json(store: DuckStore, pages: dict[str, str]) -> None:
    people = store.fetch("SELECT full_name, personal_number, phone FROM persons").to_pylist()
    secrets = {value for person in people for value in person.values() if value}
    for text in pages.values():
        assert [s for s in secrets if s in text] == []
        text = text.replace("000000000000", "")  # a rule names it as an example of a stand-in
        assert re.findall(r"(?<![0-9a-f.])\d{12}(?![0-9a-f])", text) == []


def test_the_page_shows_the_figures_of_the_json(
    pages: dict[str, str], document: dict[str, list[dict[str, float]]]
) -> None:
    html = pages["report.html"]
    for figure in document["figures"]:
        assert f"{number(figure['numerator'])} / {number(figure['denominator'])}" in html
        shown = points(figure["value"]) if figure["kind"] == "score" else percent(figure["value"])
        assert shown in html
    for name in DIMENSIONS.values():
        assert name in html


def test_the_page_needs_no_script_and_no_network(pages: dict[str, str]) -> None:
    html = pages["report.html"]
    assert "<script" not in html
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", html) == []
    assert re.findall(r"@import|url\((?!#)", html) == []
    assert "default-src 'none'" in html


def test_the_summary_has_the_ten_worst_communes_in_order(store: DuckStore) -> None:
    found = report.summary(store, made_up.context(), made_up.MANIFEST)
    worst = store.fetch(
        "SELECT scope_code FROM scores WHERE scope = 'commune' AND field = '*' AND criterion = '*' AND rule_id = '*'"
        " AND scope_code LIKE '07%' ORDER BY round(score, 4), scope_code LIMIT 10"
    )
    assert [place.code for place in found.worst] == worst["scope_code"].to_pylist()
    assert set(found.province) == {"*", *CRITERIA} - _empty(found)
    assert json.loads(json.dumps(found.as_dict()))["persons"] == found.persons


def _empty(found: report.Summary) -> set[str]:
    return {c for c in CRITERIA if c not in found.province}


@pytest.mark.parametrize(
    ("day", "shapes"), [(made_up.DAY, 10), (made_up.NEW_DAY, 58)], ids=["huyện", "xã"]
)
def test_the_map_has_the_units_of_the_day(day: object, shapes: int) -> None:
    made = made_up.shared(day)  # type: ignore[arg-type]
    html = next(report.files(made, made_up.context(day), made_up.MANIFEST)).data.decode()  # type: ignore[arg-type]
    assert len(re.findall(r"<g><title>[^<]+</title><path class=\"unit", html)) == shapes


def test_tones_of_the_map_follow_the_scores() -> None:
    rows = [_scored(str(n), float(n)) for n in (91, 92, 93, 94, 95, 96)] + [_scored("x", None)]
    tones, legend = maps.shades(rows)
    assert [tones[str(n)] for n in (91, 92, 93, 94, 95, 96)] == ["g1", "g1", "g2", "g2", "g3", "g3"]
    assert tones["x"] == "none"
    assert [(s.shade, s.least, s.most) for s in legend] == [
        ("g3", 95, 96),
        ("g2", 93, 94),
        ("g1", 91, 92),
    ]


def _scored(code: str, score: float | None) -> dict[str, object]:
    cell = None if score is None else {"score": score, "colour": "green"}
    return {"code": code, "scores": {"*": cell}}


_PAIRS = [
    *(
        ("--ink", "--card"),
        ("--soft", "--card"),
        ("--soft", "--page"),
        ("--link", "--card"),
        ("--head", "--card"),
    ),
    *(
        ("--rule", "--card"),
        ("--green", "--card"),
        ("--yellow", "--card"),
        ("--red", "--card"),
        ("--none", "--card"),
    ),
    *((f"--{c}", f"--{c}-bg") for c in ("green", "yellow", "red", "none")),
]


@pytest.mark.parametrize("block", [0, 1, 2], ids=["sáng", "tối", "in"])
@pytest.mark.parametrize(("ink", "ground"), _PAIRS, ids=["/".join(p) for p in _PAIRS])
def test_text_has_contrast_of_aa(block: int, ink: str, ground: str) -> None:
    css = resources.files("dancu.engine.report").joinpath("templates/report.css").read_text("utf-8")
    colours = dict(
        re.findall(r"(--[\w-]+):(#[0-9a-f]{3,6})", css.split(":root{")[block + 1].split("}")[0])
    )
    bright, dark = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * d for d in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_no_legal_basis_is_left_in_english() -> None:
    english = re.compile(r"\b(Law|Decree|Circular|Decision|Directive|art\.|of|the|ours)\b")
    left = {law(rule.law) for rule in rules.all_rules() if english.search(law(rule.law))}
    assert left == set(), "add the English words to engine/report/data/laws.csv"
