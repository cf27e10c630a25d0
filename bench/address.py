"""Addresses read right, sure and wrong, and rows a second, against vietnamadminunits 1.0.4.

Each text is distinct and read once in a fresh process: nothing is answered from a cache of whole
texts or tails (dancu keeps none; it remembers single syllables). `again` reads the same texts a
second time, with the syllables warm. The rival answers one code for the units of early 2025;
where the era of a row is another it can be right only if the code stayed.
"""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from bench.address_noise import made
from bench.harness import Bench, rival_python

_SETS = Path(__file__).resolve().parent.parent / "tests" / "spec" / "address"
Rows = list[list[str]]


def _noisy() -> Rows:
    with (_SETS / "addresses_bacgiang_noisy.csv").open(encoding="utf-8", newline="") as lines:
        return [[f"{r['noise']}", r["text"], r["code"]] for r in csv.DictReader(lines)]


def _triples() -> Rows:
    with (_SETS / "address_triples_legacy.csv").open(encoding="utf-8", newline="") as lines:
        rows = [r for r in csv.DictReader(lines) if r["code_if_exact"]]
    return [
        [r["set"], f"{r['ward']}, {r['district']}, {r['province']}", r["code_if_exact"]]
        for r in rows
    ]


def _held_out() -> Rows:
    with (_SETS / "held_out.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="|")
        return [[r["noise"], r["text"], r["code"]] for r in rows if r["code"]]


def _distinct(rows: Rows) -> Rows:
    return list({row[1]: row for row in rows}.values())


def ours(rows: Rows) -> dict[str, object]:
    """dancu over (kind, text, code); prints the share read right of each kind."""
    from dancu.formats import address

    address.parse("Hà Nội")  # builds the lexicon
    texts = [text for _, text, _ in rows]
    start = time.process_time()
    found = [address.parse(text) for text in texts]
    spent = time.process_time() - start
    start = time.process_time()
    address.parse_many(texts)
    again = time.process_time() - start
    kinds: dict[str, list[bool]] = defaultdict(list)
    sure = 0
    for (kind, _, code), match in zip(rows, found, strict=True):
        right = code in {c.code for c in match.candidates}
        kinds[kind].append(right)
        sure += not right and match.commune_code is not None
    _print_kinds(kinds)
    return {
        "rows": len(rows),
        "right": round(sum(sum(v) for v in kinds.values()) / len(rows), 4),
        "sure_wrong": round(sure / len(rows), 4),
        "candidates": round(sum(len(m.candidates) for m in found) / len(rows), 3),
        "rows_s": round(len(rows) / spent),
        "again": round(len(rows) / again),
    }


def _print_kinds(kinds: dict[str, list[bool]]) -> None:
    for kind, right in sorted(kinds.items()):
        print(f"    {kind:28} {sum(right):5} of {len(right):5}  {sum(right) / len(right):.3f}")


def main(scale: float = 1.0) -> None:
    """`scale` 1 makes some 5,800 addresses nobody has tuned to, beside the shipped sets."""
    bench = Bench("address", scale)
    python = rival_python("vietnamadminunits", ["vietnamadminunits==1.0.4"])
    fresh = [[m.kind, m.text, m.code] for m in made(seed=20261123, each=max(1, int(40 * scale)))]
    sets = {
        "noisy Bắc Giang": _noisy(),
        "triples": _triples(),
        "held out": _held_out(),
        "made, unseen": fresh,
    }
    speed: list[float] = []
    for what, rows in sets.items():
        print(f"  {what}")
        args: dict[str, Sequence[object]] = {"rows": _distinct(rows)}
        mine = bench.call(ours, who="dancu", what=what, args=args)
        bench.call_file(
            "bench/address_rival.py", "rival", who="vietnamadminunits", what=what,
            args=args, python=python,
        )  # fmt: skip
        speed.append(float(mine.extra["rows_s"]))
        goal = {"noisy Bắc Giang": 0.99, "triples": 0.97}.get(what)
        if goal:
            bench.goal(f"read right: {what}", goal=goal, got=float(mine.extra["right"]))
    bench.goal("addresses a second a core, slowest set", goal=4000.0, got=min(speed))
    bench.finish()
