"""Text repair: names a second and right answers, dancu against viet-text-tools 0.1.6.

Names are drawn from the counted name parts; three in ten carry one flaw (old tone place, decomposed
letters, two blanks, capitals, eth). Both get the same list, each in its own process on one core.
`repair_name` does more than the rival (capitals, encodings, look-alikes), `repair` is the like.
"""

from __future__ import annotations

import csv
import random
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from bench.harness import Bench, rival_python

ROOT = Path(__file__).resolve().parent.parent
RIVAL = ["viet-text-tools==0.1.6"]
TABLES = ("text_cases.csv", "more_cases.csv")


def _parts(name: str) -> list[str]:
    path = ROOT / "src/dancu/reference/data/names" / name
    with path.open(encoding="utf-8", newline="") as lines:
        return [row[0] for row in csv.reader(lines) if row[0]][1:]


def _flawed(name: str, rng: random.Random) -> str:
    return rng.choice(
        (
            lambda: name.replace("óa", "oá").replace("òa", "oà").replace("úy", "uý"),
            lambda: unicodedata.normalize("NFD", name),
            lambda: name.replace(" ", "  ", 1),
            name.upper,
            lambda: name.replace("Đ", "Ð"),
        )
    )()


def people(count: int) -> list[str]:
    """The same names for everybody."""
    rng = random.Random(7)
    parts = [_parts(f"{kind}.csv") for kind in ("surnames", "middle_names", "given_names")]
    names = (" ".join(rng.choice(part) for part in parts) for _ in range(count))
    return [_flawed(name, rng) if rng.random() < 0.3 else name for name in names]


def _run(work: Callable[[str], str], count: int) -> dict[str, object]:
    names = people(count)
    began = time.process_time()
    for name in names:
        work(name)
    return {"names_per_s": round(count / (time.process_time() - began))}


def _rights(work: Callable[[str], str]) -> dict[str, object]:
    """`more_cases` was written beside our own code: not a fair measure of a rival."""
    return {table.removesuffix(".csv"): _right(work, table) for table in TABLES}


def _right(work: Callable[[str], str], table: str) -> str:
    path = ROOT / "tests/spec/text" / table
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return f"{sum(work(row['input']) == row['expected'] for row in rows)}/{len(rows)}"


def ours(count: int) -> dict[str, object]:
    """`repair`: the same task as the rival's."""
    from dancu.lib.repair import repair

    return _run(repair, count) | _rights(repair)


def ours_names(count: int) -> dict[str, object]:
    """`repair_name`: with the capitals of papers."""
    from dancu.lib.repair import repair_name

    return _run(repair_name, count) | _rights(repair_name)


def ours_judged(count: int) -> dict[str, object]:
    """`person_name.validate`: repaired, judged, refused where unlawful."""
    from dancu.formats import person_name
    from dancu.formats.errors import FormatError

    def work(text: str) -> str:
        try:
            return person_name.validate(text)
        except FormatError:
            return ""

    return _run(work, count)


def theirs(count: int) -> dict[str, object]:
    """The rival's one function for spelling."""
    from viet_text_tools import normalize_diacritics

    return _run(normalize_diacritics, count) | _rights(normalize_diacritics)


def main(scale: float = 1.0) -> None:
    """`scale` 1 is 200,000 names."""
    args = {"count": int(200_000 * scale)}
    bench = Bench("text", scale)
    python = rival_python("text", RIVAL)
    file, what = "bench/text.py", "repair names"
    bench.call_file(file, "theirs", who="viet-text-tools", what=what, args=args, python=python)
    mine = bench.call(ours, who="dancu repair", what=what, args=args, repeats=2)
    bench.call(ours_names, who="dancu repair_name", what=what, args=args)
    bench.call(ours_judged, who="dancu person_name", what=what, args=args)
    got = float(mine.extra["names_per_s"])
    bench.goal("names repaired a second on one core", goal=200_000, got=got)
    bench.finish()
