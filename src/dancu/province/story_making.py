"""A story as files: the lists its records come from, and what they must add up to.

`lists/` is for `dancu run`, `dossiers/` for `dancu services import`; what units were told, planned, paid and staffed is
recorded directly (`story_loading`), as a clerk would. Nobody is real.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dancu.province import story, story_dossiers, story_people
from dancu.province.making import Progress

FIGURES = "story.csv"
_HEADS = (
    "figure_id",
    "indicator",
    "numerator",
    "denominator",
    "value",
    "printed",
    "agrees",
    "parts",
    "first",
    "last",
)


@dataclass(frozen=True)
class Made:
    """What was made, for printing."""

    people: int
    dossiers: int
    figures: tuple[story.Told, ...]
    folder: Path

    def as_dict(self) -> dict[str, Any]:
        """Plain data for machines."""
        told = [
            {"figure_id": f.figure_id, "indicator": f.indicator, "numerator": f.numerator, "denominator": f.denominator,
             "value": str(f.value), "printed": None if f.printed is None else str(f.printed)}
            for f in self.figures
        ]  # fmt: skip
        return {"people": self.people, "dossiers": self.dossiers, "figures": told, "folder": str(self.folder),
                "no_data": list(story.untold())}  # fmt: skip

    def as_text(self) -> str:
        """A few lines for a person to read."""
        lines = [
            f"{self.people:,} người (people), {self.dossiers:,} hồ sơ (dossiers): {self.folder}",
            *(_line(f) for f in self.figures if f.printed is not None),
            f"Chưa có dữ liệu (no records yet): {', '.join(story.untold())}",
        ]
        return "\n".join(lines)


def make(
    name: str, *, scale: float, seed: int, out: Path,
    progress: Progress = lambda _share, _what: None,
) -> Made:  # fmt: skip
    """Makes the story in `out`; what an earlier call left there is replaced. Raises NoStory."""
    told = story.figures(name, scale=scale)
    for folder in ("lists", "dossiers"):
        shutil.rmtree(out / folder, ignore_errors=True)
    progress(0.0, "people")
    people = story_people.make(scale, seed, out / "lists")
    progress(0.5, "dossiers")
    story_dossiers.make(scale, seed, out / "dossiers")
    _write(out / FIGURES, told)
    (out / "README.md").write_text(_README.format(name=name, scale=scale, seed=seed), "utf-8")
    progress(1.0, "done")
    every = story_dossiers.lots(scale) + story_dossiers.lots_before(scale)
    return Made(people, sum(lot.n for lot in every), told, out)


def _write(path: Path, told: tuple[story.Told, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        made = csv.writer(file)
        made.writerow(_HEADS)
        for f in told:
            made.writerow([f.figure_id, f.indicator, f.numerator, f.denominator, f.value, f.printed, f.agrees,
                           "ours" if f.is_ours else "review", f.first, f.last])  # fmt: skip


def _line(f: story.Told) -> str:
    parts = f"{f.numerator:,}" + (f"/{f.denominator:,}" if f.denominator else "")
    word = "đúng số in" if f.agrees else f"bản in ghi {f.printed}"
    return f"  {f.figure_id:<5}{f.indicator:<32}{parts:>18}{f.value!s:>12}  {word}"


_README = """# Chuyện {name} – a story of invented records

Không ai trong thư mục này có thật. Nobody in this folder is real; the figures that the records add up to are those of
the review conference of 21 June 2024 (scale {scale:g}, seed {seed}).

- `lists/` — the police's list of persons: `dancu run lists --out run --on 2024-06-21 --test-people`, `dancu load run`.
- `dossiers/` — dossiers of public services of two half-years:
  `dancu services import dossiers/*.csv --source cong-tinh`.
- `story.csv` — what they add up to at this scale, beside what the review prints. Records are whole: see
  `dancu.province.story` for the rule of scale.

`dancu province --story {name} --scale {scale:g} --out … --load` does all of it into an empty database, and records the
directives, plans, budgets and posts as well.
"""
