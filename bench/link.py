"""Linking on invented people: time, memory and F1 against the truth.

Twice: people drawn here (names by frequency, twins, shared households) with flaws at stated rates, and the lists of
the province generator after intake and standardise, where the truth is known row by row.
``--scale 1`` is 2,034,961 people.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PEOPLE = 2_034_961
DAY = dt.date(2024, 6, 21)
SOURCES = {  # share of people listed, share without number, list date
    "population": (0.93, 0.02, "2024-05-31"),
    "health": (0.30, 0.45, "2024-03-01"),
    "social_insurance": (0.16, 0.25, "2024-01-15"),
    "driving_licence": (0.10, 0.70, "2023-11-30"),
    "civil_status": (0.03, 0.30, "2024-06-15"),
}


def draw(people: int, seed: int = 7) -> tuple[pa.Table, np.ndarray]:
    """(records with the columns that linking reads, true person of each)."""
    rng = np.random.default_rng(seed)
    person = _people(people, rng)
    parts, truth = [], []
    for number, (source, (share, missing, _)) in enumerate(SOURCES.items()):
        who = np.flatnonzero(rng.random(people) < share)
        parts.append(_records(person, who, source, missing, rng, number))
        truth.append(who)
    table = pa.concat_tables(parts)
    order = rng.permutation(len(table))
    table = table.take(pa.array(order))
    return table.add_column(0, "record_id", pa.array(np.arange(1, len(table) + 1))), np.concatenate(
        truth
    )[order]


def _names(n: int, sex: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    from dancu.reference.loader import rows

    out = []
    for file, column in (
        ("surnames", "surname"),
        ("middle_names", "middle"),
        ("given_names", "given"),
    ):
        table = rows(f"names/{file}.csv")
        texts = np.array([r[column] for r in table], object)
        chosen = np.zeros(n, np.int64)
        for code, gender in ((1, "male"), (2, "female")):
            weight = np.array([float(r[gender]) for r in table])
            here = np.flatnonzero(sex == code)
            chosen[here] = rng.choice(len(texts), len(here), p=weight / weight.sum())
        out.append(texts[chosen])
    return out


def _people(n: int, rng: np.random.Generator) -> dict[str, Any]:
    sex = rng.integers(1, 3, n)
    family = np.sort(rng.integers(0, max(n * 10 // 36, 1), n))
    surname, middle, given = _names(n, sex, rng)
    days = (np.datetime64("2024-06-01") - (rng.beta(1.1, 1.9, n) * 90 * 365.25).astype(int)).astype(
        "datetime64[D]"
    )
    child = (family == np.roll(family, 1)) & (rng.random(n) < 0.6)
    surname = np.where(child, np.roll(surname, 1), surname)
    twin = (family == np.roll(family, 1)) & (rng.random(n) < 0.012)
    days = np.where(twin, np.roll(days, 1), days)
    weight = rng.gamma(3.0, 1.0, 209)
    commune = rng.choice(209, n, p=weight / weight.sum())
    commune = commune[np.searchsorted(family, family)]
    father = rng.permutation(n)
    year = days.astype("datetime64[Y]").astype(int) + 1970
    digit = np.where(year < 2000, 0, 2) + (sex == 2)
    tail = rng.permutation(1_000_000)[np.arange(n) % 1_000_000]
    number = [f"924{d}{y % 100:02d}{t:06d}" for d, y, t in zip(digit, year, tail, strict=True)]
    return {
        "sex": sex, "family": family, "surname": surname, "middle": middle, "given": given,
        "days": days, "commune": commune, "number": np.array(number, object), "father": father,
        "phone": rng.integers(0, max(n, 2), n),
    }  # fmt: skip


def _records(
    person: dict[str, Any], who: np.ndarray, source: str, missing: float,
    rng: np.random.Generator, salt: int,
) -> pa.Table:  # fmt: skip
    from dancu.lib.text import strip_marks

    n = len(who)
    chance = lambda share: rng.random(n) < share  # noqa: E731
    middle = person["middle"][who].copy()
    given = person["given"][who].copy()
    middle[chance(0.006)] = ""
    given = np.where(chance(0.004), person["given"][rng.permutation(who)], given)
    name = person["surname"][who] + " " + middle + " " + given
    name = pc.replace_substring(pa.array(name, pa.string()), "  ", " ")
    if salt:
        spelled = name.dictionary_encode()
        bare = pa.array([strip_marks(t) for t in spelled.dictionary.to_pylist()])
        lost = bare.take(spelled.indices)
        name = pc.if_else(pa.array(chance(0.08)), lost, name)
    days = person["days"][who]
    year = days.astype("datetime64[Y]").astype(int) + 1970
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    day = (days - days.astype("datetime64[M]")).astype(int) + 1
    swap = chance(0.008) & (day <= 12)
    month, day = np.where(swap, day, month), np.where(swap, month, day)
    year = np.where(chance(0.006), year + rng.choice([-1, 1, 10], n), year)
    only_year = chance(0.03) & (year < 1975)
    number = person["number"][who].copy()
    wrong = np.flatnonzero(chance(0.005))
    number[wrong] = [t[:8] + str((int(t[8]) + 1) % 10) + t[9:] for t in number[wrong]]
    commune = np.where(chance(0.05), rng.integers(0, 209, n), person["commune"][who])
    absent = lambda share: chance(share)  # noqa: E731
    father = person["father"][who]
    father_name = (
        person["surname"][who] + " " + person["middle"][father] + " " + person["given"][father]
    )
    return pa.table(
        {
            "source": pa.array([source] * n, pa.string()),
            "personal_number": pa.array(number, pa.string(), mask=absent(missing)),
            "full_name": name,
            "birth_year": pa.array(year, pa.int16()),
            "birth_month": pa.array(month, pa.int8(), mask=only_year),
            "birth_day": pa.array(day, pa.int8(), mask=only_year),
            "sex": pa.array(person["sex"][who].astype(str), pa.string(), mask=absent(0.01)),
            "unit_code": pa.array([f"{c + 7000:05d}" for c in commune], pa.string(), mask=absent(0.04)),
            "household_number": pa.array(
                [f"H{f:07d}" for f in person["family"][who]], pa.string(),
                mask=absent(0.1 if source == "population" else 0.95),
            ),
            "phone": pa.array(
                [f"09{p:08d}" for p in person["phone"][who]], pa.string(), mask=absent(0.6)
            ),
            "father_name": pa.array(
                father_name, pa.string(), mask=absent(0.2 if source == "population" else 0.9)
            ),
        }
    )  # fmt: skip


def pairwise(truth: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """Pairwise precision, recall and F1 over clusters."""

    def pairs(values: np.ndarray) -> int:
        counts = np.unique(values, return_counts=True)[1].astype(np.int64)
        return int((counts * (counts - 1) // 2).sum())

    both = np.unique(np.stack([truth, found]), axis=1, return_inverse=True)[1]
    hit, said, real = pairs(both.ravel()), pairs(found), pairs(truth)
    precision, recall = hit / max(said, 1), hit / max(real, 1)
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(precision + recall, 1e-12),
    }


def in_province(run: str, province: str) -> dict[str, Any]:
    """Link the standard records of a run of the invented province; figures and F1 against its truth."""
    import duckdb

    from dancu.engine.link import components, plan
    from dancu.engine.ports import Context, Kernel
    from dancu.sectors import specs

    first = plan(Context(on=DAY, test_people=True, sources=specs()))[0]
    assert isinstance(first, Kernel)
    with duckdb.connect() as con:
        con.execute(f"CREATE VIEW standard AS FROM '{run}/standardise/standard/*.parquet'")
        records = con.sql(first.inputs["records"]).to_arrow_table()
        started = time.perf_counter()
        pairs = first.function(records=records)
        spent = time.perf_counter() - started
        joined = pairs.filter(pairs.column("joined"))
        con.register("links", components(records.select(["record_id"]), joined))
        # A list of one sheet has an empty sheet name in the truth.
        person, found = con.sql(
            "SELECT t.person, l.person_id FROM links l"
            f" JOIN '{run}/intake/records/*.parquet' r USING (record_id)"
            f" JOIN '{run}/intake/files.parquet' f ON f.file_no = r.file_no"
            " AND coalesce(f.sheet, '') = coalesce(r.sheet, '')"
            f" JOIN '{province}/truth/records.parquet' t ON t.file = f.name AND t.row = r.row"
            " AND (t.sheet = coalesce(r.sheet, '') OR t.sheet = '')"
        ).to_arrow_table()
    figures = pairwise(person.to_numpy(), found.to_numpy())
    _, sizes = np.unique(found.to_numpy(), return_counts=True)
    return {
        "records": len(records), "known": len(person), "people": len(pc.unique(person)),
        "persons": len(sizes), "link_s": round(spent, 2), "largest": int(sizes.max()), **figures,
    }  # fmt: skip


def province(scale: float, folder: str) -> tuple[str, str]:
    """(run, province) of the invented province in `folder`, taken in and made standard."""
    where, run = f"{folder}/province", f"{folder}/run"
    dancu = [sys.executable, "-m", "dancu"]
    for words in (
        ["province", "--scale", str(scale), "--seed", "7", "--out", where],
        ["run", f"{where}/lists", "--out", run, "--on", f"{DAY:%d/%m/%Y}", "--test-people",
         "--until", "standardise"],
    ):  # fmt: skip
        subprocess.run([*dancu, *words], check=True, stdout=subprocess.DEVNULL)
    return run, where


def matched(folder: str) -> dict[str, Any]:
    """Link the records of a folder with the Vietnamese preset; figures and F1."""
    from dataclasses import replace

    from pyarrow import parquet

    from dancu.engine.link import link, preset

    records = parquet.read_table(Path(folder, "records.parquet"))
    truth = np.load(Path(folder, "truth.npy"))
    settings = replace(preset("vietnamese_person"), one_per_source=tuple(SOURCES))
    started = time.perf_counter()
    result = link(records, settings)
    spent = time.perf_counter() - started
    print(result.report)
    figures = pairwise(truth, result.links.column("person_id").to_numpy())
    report = result.report
    return {
        "records": report["records"], "link_s": round(spent, 2),
        "compared": sum(report["compared"].values()), "kept": report["kept"],
        "largest": report["largest_cluster"], "clerical": report["clerical"], **figures,
    }  # fmt: skip


def main(scale: float = 0.1) -> None:
    from pyarrow import parquet

    from bench.harness import Bench

    bench = Bench("link", scale)
    with tempfile.TemporaryDirectory(prefix="bench-link-") as folder:
        records, truth = draw(int(PEOPLE * scale))
        parquet.write_table(records, Path(folder, "records.parquet"))
        np.save(Path(folder, "truth.npy"), truth)
        del records
        for state in ("first", "cached"):
            row = bench.call(matched, who="dancu", what=f"link, {state}", args={"folder": folder})
        run, where = province(scale, folder)
        listed = bench.call(
            in_province,
            who="dancu",
            what="link, the province's lists",
            args={"run": run, "province": where},
        )
        for figure in ("precision", "recall", "f1"):
            bench.goal(f"province, {figure}", goal=0.98, got=float(listed.extra[figure]))
        bench.goal("cluster F1", goal=0.98, got=float(row.extra["f1"]))
        bench.goal("largest cluster", goal=12, got=float(row.extra["largest"]), at_most=True)
    bench.finish()
