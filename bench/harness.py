"""The shared bench harness: every contender in its own process, one table, one JSON file.

A bench is a file ``bench/NAME.py`` with a ``main(scale)`` whose ``scale`` has a default::

    from bench.harness import Bench, rival_python

    def ours(rows: int) -> dict[str, object]:      # runs in its own process
        ...
        return {"rows": rows, "failing": 17}       # becomes columns of the row

    def main(scale: float = 1.0) -> None:
        bench = Bench("rules", scale)
        mine = bench.call(ours, who="dancu", what="20 checks", args={"rows": 1000})
        gx = rival_python("gx", ["great-expectations==1.9.*"])
        theirs = bench.call_file("bench/rules_gx.py", "run", who="Great Expectations",
                                 what="20 checks", args={"rows": 1000}, python=gx)
        bench.goal("CPU against Great Expectations", goal=20.0, got=theirs.cpu_s / mine.cpu_s)
        bench.finish()                             # prints, writes var/bench/rules.json

``cpu_s`` is user + system time of the process and of the children it waited for; ``rss_mb`` is
the largest resident size of any one of them. A background server (PostgreSQL) is not a child:
its cost is not in these figures, so say so beside them, or use :meth:`Bench.row`.
Ratios are against the first row with the same ``what``. With ``repeats`` the run with the least
CPU counts: on a shared machine noise only ever adds.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = ROOT / "bench" / "launcher.py"
FIGURES = ("who", "what", "cpu_s", "wall_s", "rss_mb")


class Cost(TypedDict):
    """Seconds and megabytes of one run, as the launcher writes them."""

    cpu_s: float
    wall_s: float
    rss_mb: float


class BenchError(RuntimeError):
    """A contender failed; the message holds its command and exit code."""


@dataclass(frozen=True)
class Row:
    """What one contender cost: seconds, megabytes, and the columns its function returned."""

    who: str
    what: str
    cpu_s: float
    wall_s: float
    rss_mb: float
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """One flat object, the five fixed columns first."""
        fixed = {name: getattr(self, name) for name in FIGURES}
        return fixed | {k: v for k, v in self.extra.items() if k not in fixed}


class Bench:
    """Collects rows and goals of one run and writes them to ``out/NAME.json``."""

    def __init__(self, name: str, scale: float, *, out: Path | None = None) -> None:
        self.name, self.scale = name, scale
        self.rows: list[Row] = []
        self.goals: list[dict[str, Any]] = []
        self._out = out or ROOT / "var" / "bench"

    def call(
        self,
        function: Callable[..., Mapping[str, Any] | None],
        *,
        who: str,
        what: str,
        args: Mapping[str, Any] | None = None,
        repeats: int = 1,
        shown: bool = False,
    ) -> Row:
        """Measure a top-level function of a bench file, in a fresh process of this Python.

        With `shown` what it prints is seen as it goes.
        """
        path = inspect.getsourcefile(function)
        if path is None or function.__qualname__ != function.__name__:
            raise BenchError(f"{function!r} is not a top-level function of a file")
        return self.call_file(
            path, function.__name__, who=who, what=what, args=args, repeats=repeats, shown=shown
        )

    def call_file(
        self,
        path: str | Path,
        function: str,
        *,
        who: str,
        what: str,
        args: Mapping[str, Any] | None = None,
        python: Path | None = None,
        repeats: int = 1,
        shown: bool = False,
    ) -> Row:
        """Measure ``function(**args)`` of a file, with a rival's ``python`` if one is given.

        ``args`` and the returned mapping are JSON. A relative ``path`` is below the repository.
        """
        with tempfile.TemporaryDirectory(prefix="bench-") as tmp:
            given, result = Path(tmp, "args.json"), Path(tmp, "result.json")
            given.write_text(json.dumps(dict(args or {})), encoding="utf-8")
            program = str(python or sys.executable)
            argv = [program, str(LAUNCHER), "call", str(ROOT / path), function]
            best = _least(
                [*argv, str(given), str(result)], repeats, env=_environment(), shown=shown
            )
            answer = json.loads(result.read_text(encoding="utf-8")) or {}
        return self.row(who=who, what=what, extra=answer, **best)

    def command(
        self,
        argv: Sequence[str | Path],
        *,
        who: str,
        what: str,
        repeats: int = 1,
        env: Mapping[str, str] | None = None,
    ) -> Row:
        """Measure a command line, run at the root of the repository; its output is not shown."""
        best = _least([str(a) for a in argv], repeats, env=_environment() | dict(env or {}))
        return self.row(who=who, what=what, **best)

    def row(
        self,
        *,
        who: str,
        what: str,
        cpu_s: float,
        wall_s: float,
        rss_mb: float,
        extra: Mapping[str, Any] | None = None,
    ) -> Row:
        """Add a row measured elsewhere (for example a stage time out of a run's manifest)."""
        made = Row(who, what, round(cpu_s, 4), round(wall_s, 4), round(rss_mb, 1), extra or {})
        self.rows.append(made)
        return made

    def goal(
        self, what: str, *, goal: float, got: float, at_most: bool = False, digits: int = 4
    ) -> bool:
        """Note a goal and whether it is met: ``got >= goal``, or ``<=`` with ``at_most``."""
        met = got <= goal if at_most else got >= goal
        sign = "≤" if at_most else "≥"
        self.goals.append(
            {"what": what, "goal": f"{sign} {goal:g}", "got": round(got, digits), "met": met}
        )
        return met

    def finish(self) -> Path:
        """Print the table and the goals, write the JSON, answer its path."""
        self._out.mkdir(parents=True, exist_ok=True)
        path = self._out / f"{self.name}.json"
        rows = [row.as_json() for row in self.rows]
        record = {"name": self.name, "scale": self.scale, "rows": rows, "goals": self.goals}
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(table(self.rows))
        for made in self.goals:
            verdict = "met" if made["met"] else "NOT MET"
            print(f"goal: {made['what']}: {made['goal']}, got {made['got']:g}: {verdict}")
        print(f"written: {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")
        return path


def table(rows: Sequence[Row]) -> str:
    """The rows as text; a ratio is this row's figure over the first row with the same ``what``."""
    columns = list(dict.fromkeys(key for row in rows for key in row.extra if key not in FIGURES))
    head = ["what", "who", "cpu s", "×", "wall s", "×", "rss MB", "×", *columns]
    first: dict[str, Row] = {}
    lines = [head]
    for row in rows:
        base = first.setdefault(row.what, row)
        figures = [
            text
            for name in ("cpu_s", "wall_s", "rss_mb")
            for text in _figure(getattr(row, name), getattr(base, name))
        ]
        lines.append([row.what, row.who, *figures, *(_text(row.extra.get(c)) for c in columns)])
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if i < 2 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def rival_python(name: str, packages: Sequence[str]) -> Path:
    """The Python of a rival's own environment ``.env-NAME``, made with pip on first use.

    Pin the packages (``"pandera==0.26.*"``): the list is the stamp, a changed list installs anew.
    """
    home = ROOT / f".env-{name}"
    python, stamp = home / "bin" / "python", home / "packages.txt"
    wanted = "\n".join(sorted(packages)) + "\n"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        print(f"installing the rival into {home.name}: {' '.join(packages)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _environment() -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return dict(os.environ) | {"PYTHONPATH": paths}


def _least(
    argv: Sequence[str], repeats: int, *, env: Mapping[str, str], shown: bool = False
) -> Cost:
    return min(
        (_once(argv, env=env, shown=shown) for _ in range(max(1, repeats))),
        key=lambda cost: cost["cpu_s"],
    )


def _once(argv: Sequence[str], *, env: Mapping[str, str], shown: bool) -> Cost:
    with tempfile.TemporaryDirectory(prefix="bench-") as tmp:
        cost, said = Path(tmp, "cost.json"), Path(tmp, "said.txt")
        with said.open("wb") as out:
            subprocess.run(
                [sys.executable, "-I", "-S", str(LAUNCHER), "time", str(cost), *argv],
                check=True, cwd=ROOT, env=dict(env), stdout=None if shown else out,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        figures: dict[str, float] = json.loads(cost.read_text(encoding="utf-8"))
        if code := figures.pop("exit"):
            tail = said.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise BenchError(f"exit code {code} from {' '.join(argv)}\n{tail}")
    return Cost(cpu_s=figures["cpu_s"], wall_s=figures["wall_s"], rss_mb=figures["rss_mb"])


def _figure(got: float, base: float) -> tuple[str, str]:
    return f"{got:.2f}", f"{got / base:.2f}" if base else "–"


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
