"""`dancu explain` about records: two of them, a person's links, and the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.unit.cli.conftest import dancu, told

from dancu.cli.explaining_others import in_the_way
from dancu.engine.link import Epoch, preset
from dancu.store.duckdb import DuckStore


def rows(run: Path, stage: str, table: str) -> list[dict[str, Any]]:
    file = run / stage / f"{table}.parquet"
    path = file if file.exists() else run / stage / table  # one file, or a folder of parts
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


@pytest.fixture(scope="module")
def pairs(run: Path) -> list[dict[str, Any]]:
    return rows(run, "link", "pairs")


def ask(run: Path, pair: dict[str, Any], *options: object) -> Any:
    return told(dancu("explain", run, pair["record_a"], pair["record_b"], "--json", *options))


def test_every_kind_of_pair_is_told_with_its_own_outcome(
    run: Path, pairs: list[dict[str, Any]]
) -> None:
    joined = next(p for p in pairs if p["joined"] and p["probability"] > 0.95)
    twice = next(p for p in pairs if p["blocked_by"] == "one_per_source")
    assert ask(run, joined)["outcome"] == "joined"
    assert ask(run, twice)["outcome"] in ("blocked", "forbidden")


def test_the_steps_end_at_the_probability_that_the_run_kept(
    run: Path, pairs: list[dict[str, Any]]
) -> None:
    for pair in sorted(pairs, key=lambda p: float(p["probability"]))[:: max(len(pairs) // 12, 1)]:
        answer = ask(run, pair)
        odds = answer["steps"][-1]["total"]
        assert 1 / (1 + 2**-odds) == pytest.approx(pair["probability"], abs=2e-4)


def test_what_other_records_keep_a_pair_apart_is_named(
    run: Path, pairs: list[dict[str, Any]]
) -> None:
    blocked = [ask(run, p) for p in pairs if p["blocked_by"] and not p["joined"]][:25]
    elsewhere = [answer for answer in blocked if answer["outcome"] == "elsewhere"]
    assert elsewhere
    for answer in elsewhere:
        assert answer["others"] and answer["others"][0].startswith("Bản ghi ")


def test_a_better_partner_of_the_same_list_is_named() -> None:
    def row(a: int, b: int, probability: float, blocked_by: str | None) -> dict[str, Any]:
        return {
            "record_a": a, "record_b": b, "score": 20 * probability, "probability": probability,
            "joined": blocked_by is None, "blocked_by": blocked_by,
        }  # fmt: skip

    kept = [row(1, 3, 0.6, None), row(2, 3, 0.4, "rival"), row(3, 4, 0.99, None)]
    listed = zip((1, 2, 3, 4), ("population", "population", "health", "tax"), strict=True)
    with DuckStore() as store:
        store.put("pairs", pa.Table.from_pylist(kept))
        store.put(
            "standard", pa.Table.from_pylist([{"record_id": n, "source": s} for n, s in listed])
        )
        epoch = Epoch(preset("vietnamese_person"), -20.0, {}, {})
        told_of = in_the_way(store, epoch, kept[1], "vi")
        assert told_of == ["Bản ghi 1, cùng danh sách với 2, cũng khớp với 3: 60%."]
        assert in_the_way(store, epoch, {**kept[1], "blocked_by": None}, "vi") == []


def test_two_records_that_share_nothing_say_that_they_were_not_compared(
    run: Path, pairs: list[dict[str, Any]]
) -> None:
    kept = {(p["record_a"], p["record_b"]) for p in pairs}
    last = max(r["record_id"] for r in rows(run, "standardise", "standard"))
    answers = [
        told(dancu("explain", run, 1, n, "--json")) for n in (last, last - 1) if (1, n) not in kept
    ]
    assert answers
    for answer in answers:
        assert answer["outcome"] in ("not_compared", "unlike")
        assert [k["key"] for k in answer["keys"]] == [
            k.name for k in preset("vietnamese_person").keys
        ]


def test_a_pair_as_text_in_both_languages(run: Path, pairs: list[dict[str, Any]]) -> None:
    pair = next(p for p in pairs if p["joined"])
    a, b = pair["record_a"], pair["record_b"]
    text = dancu("explain", run, a, b).stdout
    assert text.startswith(f"Bản ghi {a} và {b}: một người hay hai?")
    assert "Hai bản ghi lấy bất kỳ: khoảng 1 trong" in text and "Cộng lại: khả năng" in text
    assert "Two records taken at random" in dancu("explain", run, a, b, "--lang", "en").stdout


def test_a_person_is_told_with_the_links_and_the_weakest_place(run: Path) -> None:
    links = rows(run, "link", "links")
    sizes: dict[int, int] = {}
    for row in links:
        sizes[row["person_id"]] = sizes.get(row["person_id"], 0) + 1
    person = max(sizes, key=lambda p: (sizes[p], -p))
    assert sizes[person] >= 3
    answer = told(dancu("explain", run, person, "--json"))
    assert [x["weakest"] for x in answer["graph"]["links"]].count(True) == 1
    assert len(answer["graph"]["members"]) == sizes[person]
    text = dancu("explain", run, person).stdout
    assert "← chỗ yếu nhất" in text and "Chỗ yếu nhất: giữa {" in text


def test_the_page_of_a_person_shows_the_evidence_at_the_weakest_place(
    run: Path, tmp_path: Path
) -> None:
    links = rows(run, "link", "links")
    alone = next(r for r in links if [x["person_id"] for x in links].count(r["person_id"]) == 1)
    pair = next(p for p in rows(run, "link", "pairs") if p["joined"])
    person = next(r["person_id"] for r in links if r["record_id"] == pair["record_a"])
    for who, parts in (
        (person, ('svg class="net"', "Bằng chứng ở chỗ yếu nhất")),
        (alone["person_id"], ("Chỉ có một bản ghi",)),
    ):
        page = tmp_path / f"{who}.html"
        assert dancu("explain", run, who, "--html", page).exit_code == 0
        assert all(part in page.read_text("utf-8") for part in parts)


def test_the_page_masks_personal_numbers_until_asked(
    run: Path, pairs: list[dict[str, Any]], tmp_path: Path
) -> None:
    numbers = {r["record_id"]: r["personal_number"] for r in rows(run, "standardise", "standard")}
    pair = next(p for p in pairs if numbers[p["record_a"]] and numbers[p["record_b"]])
    a, b = pair["record_a"], pair["record_b"]
    masked, full = tmp_path / "che.html", tmp_path / "du.html"
    assert dancu("explain", run, a, b, "--html", masked).exit_code == 0
    assert dancu("explain", run, a, b, "--html", full, "--show").exit_code == 0
    assert not re.search(r"\b924\d{9}\b", masked.read_text("utf-8"))
    assert numbers[a] in full.read_text("utf-8")


def test_what_cannot_be_explained_is_said(run: Path, tmp_path: Path) -> None:
    nobody = dancu("explain", run, 1, 999_999_999)
    assert nobody.exit_code == 3 and "Không có bản ghi 999999999" in nobody.stderr
    itself = dancu("explain", run, 1, 1)
    assert itself.exit_code == 2 and "hai mã bản ghi khác nhau" in itself.stderr
    word = dancu("explain", run, 1, "hai")
    assert word.exit_code == 2 and "phải là số" in word.stderr
    score = dancu("explain", run, "health", "--html", tmp_path / "x.html")
    assert score.exit_code == 2 and not (tmp_path / "x.html").exists()
