"""Explanations: words for everything that can be said, steps that add up, the weakest place, a page without script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.spec.link.province import SETTINGS, linked, table

from dancu.engine.link import judge, picture, preset, story, wording
from dancu.engine.link.epoch import bits, chance
from dancu.engine.link.explain import Evidence
from dancu.engine.link.graph import graph
from dancu.engine.link.judge import Judged, KeySeen, Weighed
from dancu.engine.link.model import OWN
from dancu.engine.link.settings import LEVELS
from dancu.engine.link.waterfall import waterfall

PERSON = {
    "source": "population", "full_name": "Nguyễn Thị Khuyên", "b": [1991, 1, 5], "sex": "2",
    "unit_code": "07204", "household_number": "H1", "phone": "0912000111",
    "father_name": "Nguyễn Văn Tề", "mother_name": "Trần Thị Lụa",
}  # fmt: skip
SWAPPED = {**PERSON, "source": "health", "b": [1991, 5, 1], "unit_code": "07501"}
STRANGER = {
    "source": "tax", "full_name": "Lò Văn Pản", "b": [1957, 6, 6], "sex": "1", "unit_code": "07501"
}  # fmt: skip
UNSURE = f"chưa tới mức {wording.percent(SETTINGS.threshold, 'vi')}"
STATES = ("shared", "differs", "missing", "too_large")


def weighed(*records: dict[str, Any]) -> tuple[Judged, dict[str, Any] | None, bool]:
    """The first two of these records judged, their row of `pairs`, and whether they are one person."""
    result = linked(records)
    assert result.epoch is not None
    rows = result.pairs.to_pylist()
    found = next((r for r in rows if (r["record_a"], r["record_b"]) == (1, 2)), None)
    person = dict(
        zip(*(result.links[c].to_pylist() for c in ("record_id", "person_id")), strict=True)
    )
    return judge(table(records[:2]), result.epoch), found, person[1] == person[2]


def told(*records: dict[str, Any], lang: str = "vi") -> dict[str, Any]:
    judged, row, one = weighed(*records)
    given = table(records[:2]).to_pylist()
    return story.pair(judged, SETTINGS, row, one_person=one, records=given, lang=lang)


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_everything_that_can_be_said_has_words(lang: str) -> None:
    for kind, levels in LEVELS.items():
        for level in levels:
            assert wording.say("levels", level, lang)
            if level in OWN[kind]:
                assert wording.say("shared", level, lang)
    for state in STATES:
        assert wording.say("states", state, lang)
    for name in ("vietnamese_person", "generic"):
        constraints = [c.name for c in preset(name).cannot_link]
        for reason in (*constraints, "one_per_source", "weak_cluster", "judged_apart", "rival"):
            assert wording.say("reasons", reason, lang)
            assert wording.say("advice", reason, lang)


def test_every_entry_has_both_languages() -> None:
    for part, entries in wording.words().items():
        if part != "rarity":
            wrong = [w for w, texts in entries.items() if len(texts) != 2 or not all(texts)]
            assert wrong == [], part


def test_every_part_of_a_vietnamese_key_is_told_without_code_words() -> None:
    for lang in wording.LANGUAGES:
        for key in SETTINGS.keys:
            assert not re.search(r"[a-z]_[a-z]|\w\.\w", wording.key(key.parts, lang)), key.name


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1e-8, "gần như không ai khác có"), (5e-6, "rất hiếm, khoảng 1 trong 200.000 người"),
        (5e-5, "hiếm, khoảng 1 trong 20.000 người"), (4e-4, "ít gặp, khoảng 1 trong 2.500 người"),
        (0.004, "khá phổ biến, khoảng 1 trong 250 người"), (0.5, "phổ biến, khoảng 1 trong 2 người"),
    ],
)  # fmt: skip
def test_how_rare_a_value_is(share: float, words: str) -> None:
    assert wording.rarity(share, "vi") == words


def test_the_steps_of_a_pair_add_up_to_its_odds() -> None:
    for records in ((PERSON, SWAPPED), (PERSON, STRANGER), (PERSON, {**SWAPPED, "phone": "0987"})):
        judged, _, _ = weighed(*records)
        found = [Evidence(e.comparison, e.level, e.weight, e.share) for e in judged.evidence]
        steps = waterfall(found, judged.prior, SETTINGS)
        assert sum(s.weight for s in steps) == pytest.approx(judged.prior + judged.score, abs=1e-4)
        assert float(chance(steps[-1].total)) == pytest.approx(judged.probability, abs=1e-6)


def test_a_group_beyond_its_cap_is_one_step_with_what_it_is_made_of() -> None:
    steps = {s["name"]: s for s in told(PERSON, SWAPPED)["steps"]}
    assert steps["home"]["weight"] == SETTINGS.caps["home"]
    inside = {i["name"] for i in steps["home"]["items"]}
    assert inside >= {"phone", "household_number", "permanent_unit", "father_name"}
    assert not inside & set(steps)


@pytest.mark.parametrize(("odds", "kind"), [(bits(0.5), "rivals"), (8.0, "lists")])
def test_what_the_two_lists_add_or_take_is_a_step(odds: float, kind: str) -> None:
    steps = waterfall([Evidence("full_name", "same", 25.0)], -20.0, SETTINGS, odds=odds)
    assert [s.kind for s in steps] == ["prior", "evidence", kind]
    assert steps[-1].weight == odds - 5.0
    assert steps[-1].total == odds
    for lang in wording.LANGUAGES:
        assert wording.say("phrases", kind, lang)


def test_the_sentences_of_a_pair() -> None:
    texts = [s["text"] for s in told(PERSON, SWAPPED)["steps"]]
    assert texts[0] == "Hai bản ghi lấy bất kỳ: khoảng 1 trong 1.400.000 cặp là một người"
    assert any(t.startswith("Họ, chữ đệm và tên: giống nhau (giá trị này ") for t in texts)
    assert any(t.startswith("Ngày, tháng, năm sinh: đảo ngày và tháng (ngày này ") for t in texts)
    english = [s["text"] for s in told(PERSON, SWAPPED, lang="en")["steps"]]
    assert english[0].startswith("Two records taken at random: about 1 in 1,400,000")


def _made(conflict: str | None, probability: float, state: str) -> Judged:
    keys = tuple(KeySeen(k.name, state) for k in SETTINGS.keys)
    evidence = (Weighed("full_name", "same", 12.0, 1e-4),)
    return Judged(evidence, -20.0, bits(probability) + 20.0, probability, conflict, keys)


def _row(probability: float, blocked_by: str | None = None) -> dict[str, Any]:
    return {"probability": probability, "blocked_by": blocked_by}


@pytest.mark.parametrize(
    ("judged", "row", "one", "outcome", "words"),
    [
        (_made(None, 0.99, "shared"), _row(0.99), True, "joined", "ghép trực tiếp"),
        (_made(None, 0.3, "shared"), _row(0.3), True, "through_others", "qua các bản ghi khác"),
        (_made(None, 0.01, "differs"), None, True, "through_others", "qua các bản ghi khác"),
        (_made(None, 0.5, "shared"), _row(0.5), False, "unsure", UNSURE),
        (_made(None, 0.01, "shared"), None, False, "unlike", "nhiều khả năng là hai người"),
        (_made(None, 0.01, "differs"), None, False, "not_compared", "không chung khóa nào"),
        (_made(None, 0.4, "shared"), _row(0.1), False, "unlike", "nhiều khả năng là hai người"),
        (_made(None, 0.01, "too_large"), None, False, "too_common", "quá nhiều bản ghi khác"),
        (_made("one_per_source", 0.99, "shared"), _row(0.99, "one_per_source"), False, "blocked",
         "dù bằng chứng đủ mạnh, vì mỗi người chỉ có một bản ghi"),
        (_made("two_personal_numbers", 0.4, "shared"), _row(0.4, "two_personal_numbers"), False,
         "forbidden", "vì hai số định danh cá nhân"),
        (_made(None, 0.99, "shared"), _row(0.99, "two_personal_numbers"), False, "elsewhere",
         "giữa các bản ghi khác của hai bên, hai số định danh"),
        (_made(None, 0.99, "shared"), _row(0.5, "rival"), False, "blocked", "khớp ngang hoặc hơn"),
        (_made(None, 0.99, "shared"), _row(0.99, "judged_apart"), False, "blocked", "đã kết luận"),
    ],
)  # fmt: skip
def test_why_two_records_are_or_are_not_joined(
    judged: Judged, row: dict[str, Any] | None, one: bool, outcome: str, words: str
) -> None:
    given = table([PERSON, SWAPPED]).to_pylist()
    found = story.pair(judged, SETTINGS, row, one_person=one, records=given)
    assert found["outcome"] == outcome
    assert words in found["verdict"]


def test_a_pair_never_compared_says_which_parts_of_each_key_differ_or_lack() -> None:
    nearly = {**STRANGER, "full_name": "Nguyễn Thị Khuyên"}
    found = told(PERSON, nearly)
    assert found["outcome"] == "not_compared"
    keys = {k["key"]: k for k in found["keys"]}
    assert keys["name_year"]["said"] == "năm sinh: khác nhau"
    assert keys["household_given"]["said"] == "số hộ: không có ở một hoặc cả hai bên"
    assert keys["personal_number"]["state"] == "missing"


def test_a_pair_never_compared_that_may_be_one_person_asks_for_an_officer() -> None:
    given = table([PERSON, SWAPPED]).to_pylist()
    judged = _made(None, 0.6, "too_large")
    found = story.pair(judged, SETTINGS, None, one_person=False, records=given)
    assert "cán bộ nên xem lại" in found["advice"]
    assert "quá nhiều bản ghi" in found["keys"][0]["said"]


def _link(a: int, b: int, score: float, joined: bool = True) -> dict[str, Any]:
    probability = float(chance(score - 20.0))
    return {
        "record_a": a, "record_b": b, "score": score, "probability": probability,
        "joined": joined, "blocked_by": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("links", "weakest", "sides"),
    [
        ([_link(1, 2, 30), _link(2, 3, 25)], (2, 3), ((1, 2), (3,))),
        ([_link(1, 2, 30), _link(2, 3, 25), _link(1, 3, 26)], (1, 3), ((1, 2), (3,))),
        ([_link(1, 2, 30), _link(3, 4, 29), _link(2, 3, 22), _link(1, 4, 21)], (2, 3), ((1, 2), (3, 4))),
    ],
    ids=["a chain", "the stronger of two links to one record", "two pairs and a bridge"],
)  # fmt: skip
def test_the_weakest_place_of_a_person(
    links: list[dict[str, Any]], weakest: tuple[int, int], sides: tuple[tuple[int, ...], ...]
) -> None:
    members = {x for row in links for x in (row["record_a"], row["record_b"])}
    found = graph(members, links)
    assert found.weakest is not None
    assert (found.weakest.a, found.weakest.b) == weakest
    assert found.sides == sides


def test_a_person_in_words() -> None:
    held = story.person(
        graph([1, 2, 3], [_link(1, 2, 30), _link(2, 3, 25)]), [_link(3, 9, 18, False)]
    )
    assert held["weakest"].startswith("Chỗ yếu nhất: giữa {1, 2} và {3}")
    assert held["near"][0]["why"] == "Cán bộ đối chiếu giấy tờ rồi kết luận."
    assert "Chỉ có một bản ghi" in story.person(graph([7], []), [])["weakest"]
    assert story.person(graph([1, 2], [_link(1, 2, 30)]), [])["weakest"].startswith(
        "Một mối nối: 1 – 2"
    )
    assert "câu trả lời của cán bộ: {1}, {2}" in story.person(graph([1, 2], []), [])["weakest"]


def test_the_bars_begin_where_the_last_ended_and_end_at_the_odds() -> None:
    found = told(PERSON, SWAPPED)
    drawn = picture.bars(found["steps"], found["threshold"])
    at = drawn.zero
    for step, bar in zip(found["steps"], drawn.bars, strict=True):
        start = bar.x if bar.end > bar.x + bar.width / 2 else bar.x + bar.width
        assert start == pytest.approx(at, abs=0.01)
        assert bar.sign == ("plus" if step["weight"] >= 0 else "minus")
        at = bar.end
    scale = (drawn.threshold - drawn.zero) / found["threshold"]
    assert (at - drawn.zero) / scale == pytest.approx(found["steps"][-1]["total"], abs=0.01)
    assert all(b.x >= 0 and b.x + b.width <= picture.WIDTH for b in drawn.bars)


@pytest.mark.parametrize("size", [2, 3, 5, 12])
def test_the_drawing_of_a_person_has_each_record_and_link_once(size: int) -> None:
    rows = [_link(a, b, 20 + a + b) for a in range(1, size + 1) for b in range(a + 1, size + 1)]
    held = story.person(graph(range(1, size + 1), rows), [])
    drawn = picture.net(held["members"], held["links"])
    assert drawn is not None
    assert [n.record for n in drawn.nodes] == list(range(1, size + 1))
    assert len(drawn.edges) == len(rows)
    assert [e.kind for e in drawn.edges].count("weakest") == 1
    assert all(26 <= n.x <= 334 and 26 <= n.y <= drawn.height - 26 for n in drawn.nodes)


def test_no_drawing_of_one_record_or_of_a_crowd() -> None:
    assert picture.net([1], []) is None
    assert picture.net(list(range(picture.MOST_DRAWN + 1)), []) is None


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_the_page_escapes_data_and_needs_no_script(lang: str) -> None:
    evil = "<script>alert(1)</script>"
    found = told(PERSON, SWAPPED, lang=lang)
    found |= {
        "title": evil, "graph": None, "others": [evil],
        "records": [{"record_id": n, "list": evil, "place": evil} for n in (1, 2)],
        "values": [{"label": evil, "a": evil, "b": '"', "state": "differs", "said": evil}],
    }  # fmt: skip
    text = picture.page(found, {evil: evil}, lang).decode()
    assert "<script" not in text
    assert text.count("<style>") == 1
    assert not re.search(r"https?://|\sstyle=|\son\w+=|<link|<img", text)
    assert f'<html lang="{lang}">' in text
