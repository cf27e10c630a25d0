"""The explanation of a pair, or of a person, as plain data in one language: what the text and the page both tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dancu.engine.link import columns, wording
from dancu.engine.link.epoch import bits
from dancu.engine.link.explain import Evidence
from dancu.engine.link.graph import Graph
from dancu.engine.link.judge import Judged
from dancu.engine.link.settings import Key, LinkSettings
from dancu.engine.link.waterfall import Step, waterfall

Story = dict[str, Any]
_ALMOST_SURE = 0.999999


def pair(
    judged: Judged,
    settings: LinkSettings,
    row: Mapping[str, Any] | None,
    *,
    one_person: bool,
    records: Sequence[Mapping[str, Any]],
    lang: str = "vi",
) -> Story:
    """Why two records are, or are not, one person.

    `row`: the pair's row of the table `pairs`, if it was kept. `one_person`: whether the run made them one.
    `records`: the two rows with the columns of the settings.
    """
    chance = row["probability"] if row else judged.probability
    found = [Evidence(e.comparison, e.level, e.weight, e.share) for e in judged.evidence]
    steps = waterfall(found, judged.prior, settings, odds=_odds(row))
    state = {k.key: k.state for k in judged.keys}
    outcome, reason = _outcome(judged, settings, row, one_person=one_person)
    return {
        "kind": "pair",
        "outcome": outcome,
        "verdict": wording.say(
            "outcomes",
            outcome,
            lang,
            reason=wording.reason(reason, lang) if reason else "",
            threshold=wording.percent(settings.threshold, lang),
        ),
        "advice": _advice(outcome, reason, chance, settings, lang),
        "probability": chance,
        "chance": wording.percent(chance, lang),
        "chance_of": wording.say(
            "page", "chance" if one_person or not reason else "by_itself", lang
        ),
        "threshold": bits(settings.threshold),
        "threshold_shown": wording.percent(settings.threshold, lang),
        "steps": [_step(s, lang) for s in steps],
        "end": wording.say("phrases", "end", lang, percent=wording.percent(chance, lang)),
        "keys": [_key(k, state[k.name], settings, records, lang) for k in settings.keys],
    }


def _odds(row: Mapping[str, Any] | None) -> float | None:
    """log2 odds of a kept pair; None where the rounded probability no longer tells."""
    if row is None or not 1 - _ALMOST_SURE < row["probability"] < _ALMOST_SURE:
        return None
    return bits(row["probability"])


def _outcome(
    judged: Judged,
    settings: LinkSettings,
    row: Mapping[str, Any] | None,
    *,
    one_person: bool,
) -> tuple[str, str | None]:
    if one_person:
        direct = row is not None and row["probability"] >= settings.threshold
        return ("joined" if direct else "through_others"), None
    if row and row["blocked_by"]:
        if judged.probability < settings.threshold:
            return "forbidden", row["blocked_by"]
        constraint = row["blocked_by"] in (
            "one_per_source",
            *(c.name for c in settings.cannot_link),
        )
        own = judged.conflict == row["blocked_by"] or not constraint
        return ("blocked" if own else "elsewhere"), row["blocked_by"]
    if row and row["probability"] >= settings.clerical[0]:
        return "unsure", None
    if row or judged.compared:
        return "unlike", None
    common = any(k.state == "too_large" for k in judged.keys)
    return ("too_common" if common else "not_compared"), None


def _advice(
    outcome: str, reason: str | None, chance: float, settings: LinkSettings, lang: str
) -> str:
    if outcome in ("not_compared", "too_common") and chance >= settings.clerical[0]:
        return wording.say("advice", "missed", lang)
    word = reason if reason else outcome
    return wording.say("advice", word, lang) if word in wording.words()["advice"] else ""


def _step(step: Step, lang: str) -> Story:
    return {
        "kind": step.kind,
        "name": step.name,
        "level": step.level,
        "text": _step_text(step, lang),
        "weight": round(step.weight, 4),
        "total": round(step.total, 4),
        "weight_shown": wording.points(step.weight, lang),
        "total_shown": wording.points(step.total, lang),
        "frequency": step.frequency,
        "items": [_item(e, lang) for e in step.items],
    }


def _step_text(step: Step, lang: str) -> str:
    if step.kind == "prior":
        count = wording.one_in(1 / (1 + 2**-step.weight), lang)
        ratio = wording.say("phrases", "ratio", lang, count=count)
        return wording.say("phrases", "prior", lang, ratio=ratio)
    if step.kind == "group":
        return wording.say("phrases", "group", lang, group=wording.group(step.name, lang))
    if step.kind in ("rivals", "lists"):
        return wording.say("phrases", step.kind, lang)
    return wording.sentence(step.name, step.level, step.frequency, lang)


def _item(found: Evidence, lang: str) -> Story:
    return {
        "name": found.comparison,
        "level": found.level,
        "text": wording.sentence(found.comparison, found.level, found.frequency, lang),
        "weight": round(found.weight, 4),
        "weight_shown": wording.points(found.weight, lang),
    }


def _key(
    key: Key,
    state: str,
    settings: LinkSettings,
    records: Sequence[Mapping[str, Any]],
    lang: str,
) -> Story:
    parts = [
        {"part": p, "text": wording.part(p, lang), "state": part_state(p, settings, records)}
        for p in key.parts
    ]
    said = wording.say("states", state, lang)
    apart = [p for p in parts if p["state"] != "shared"]
    if state in ("differs", "missing") and len(parts) > 1 and apart:
        told = "; ".join(f"{p['text']}: {wording.say('states', p['state'], lang)}" for p in apart)
        said = told
    return {
        "key": key.name,
        "text": wording.key(key.parts, lang),
        "state": state,
        "said": said,
        "parts": parts,
    }


def part_state(part: str, settings: LinkSettings, records: Sequence[Mapping[str, Any]]) -> str:
    """Whether two records share a part of a key: shared, differs or missing."""
    name, _, feature = part.partition(".")
    comparison = next((c for c in settings.comparisons if name in (c.name, c.columns[0])), None)
    is_name = comparison is not None and comparison.kind == "name"
    dated = comparison.columns if comparison and comparison.kind == "date" else ()
    hashes = []
    for record in records:
        value = _value(record, name, dated)
        hashes.append(columns.hash_of(value, feature, is_name=is_name) if value else 0)
    if not all(hashes):
        return "missing"
    return "shared" if hashes[0] == hashes[1] else "differs"


def _value(
    record: Mapping[str, Any], name: str, dated: Sequence[str]
) -> str | tuple[int, int, int] | None:
    if len(dated) == 3:
        year, month, day = (int(record.get(c) or 0) for c in dated)
        return (year, month, day) if year else None
    if dated:
        digits = str(record.get(dated[0]) or "").replace("-", "")
        if len(digits) != 8 or not digits.isdecimal():
            return None
        return int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return columns.even_text(str(record.get(name) or ""))


def person(graph: Graph, near: Iterable[Mapping[str, Any]], lang: str = "vi") -> Story:
    """What holds a person's records together. `near`: rows of `pairs` of one record that did not join."""
    return {
        "members": list(graph.members),
        "links": [
            {
                "a": x.a,
                "b": x.b,
                "probability": x.probability,
                "chance": wording.percent(x.probability, lang),
                "score_shown": wording.points(x.score, lang),
                "holds": x in graph.tree,
                "weakest": x == graph.weakest,
            }
            for x in graph.links
        ],
        "weakest": _weakest(graph, lang),
        "near": [_near(row, lang) for row in near],
    }


def _weakest(graph: Graph, lang: str) -> str:
    if len(graph.members) == 1:
        return wording.say("phrases", "alone", lang)
    if len(graph.parts) > 1:
        parts = ", ".join(_set(p) for p in graph.parts)
        return wording.say("phrases", "answered", lang, parts=parts)
    if graph.weakest is None:
        raise ValueError("two records and no link")
    a, b = graph.weakest.a, graph.weakest.b
    left, right = sorted(graph.sides, key=lambda side: a not in side)
    return wording.say(
        "phrases",
        "weakest" if len(graph.members) > 2 else "single",
        lang,
        a=str(a),
        b=str(b),
        percent=wording.percent(graph.weakest.probability, lang),
        left=_set(left),
        right=_set(right),
    )


def _set(members: Sequence[int]) -> str:
    return "{" + ", ".join(map(str, members)) + "}"


def _near(row: Mapping[str, Any], lang: str) -> Story:
    blocked = row["blocked_by"]
    return {
        "a": row["record_a"],
        "b": row["record_b"],
        "chance": wording.percent(row["probability"], lang),
        "why": wording.reason(blocked, lang) if blocked else wording.say("advice", "unsure", lang),
    }
