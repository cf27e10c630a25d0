"""The work of `dancu link review`: a sample for a clerk, the answers back, and how good the linkage is."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from dancu.cli.common import console, fail, print_json
from dancu.cli.execute import context_of, open_run
from dancu.engine.link import Epoch, quality, refine, review
from dancu.engine.link.quality import Estimate, Interval, Stratum
from dancu.engine.ports import Context, Store
from dancu.engine.report import review_sheet
from dancu.engine.report.values import shown
from dancu.reference.fields import fields
from dancu.store.files import read_file, write_atomically

JUDGEMENTS = "review/judgements.jsonl"
"""What clerks said, in a run's folder: only ever added to, apart from what the machine believes."""

_SHOWN = (
    "full_name", "birth_date", "sex", "personal_number", "old_number", "permanent_unit", "hamlet",
    "household_number", "father_name", "mother_name", "phone", "bhxh_number", "bhyt_card",
)  # fmt: skip


def draw(run: Path, *, size: int, seed: int, out: Path, show: bool, as_json: bool) -> None:
    """Writes the workbook of a sample."""
    context, manifest = context_of(run)
    with open_run(run) as store:
        sample = review.draw(store.fetch("SELECT * FROM pairs"), size=size, seed=seed)
        pairs, headings = _side_by_side(store, sample, context, show=show)
    write_atomically(out, review_sheet.write(pairs, headings, run=_code(manifest), on=context.on))
    if as_json:
        print_json({"out": str(out), "pairs": len(pairs)})
        return
    console.print(f"Mẫu {len(pairs)} cặp: {out}", markup=False, soft_wrap=True)
    console.print(
        f"Điền cột «Kết luận» rồi chạy: dancu link review {run} --read {out} --by «tên cán bộ»",
        markup=False,
        soft_wrap=True,
    )


def take(run: Path, file: Path, *, by: str, day: dt.date, as_json: bool) -> None:
    """Keeps the answers of a workbook and tells how good the linkage is."""
    _, manifest = context_of(run)
    try:
        found = review_sheet.read(read_file(file), run=_code(manifest))
    except review_sheet.ReviewError as error:
        fail(f"{file}: {error}")
    _keep(run, found.given, by=by, day=day, file=file.name)
    if not as_json:
        for row, column, why in found.wrong:
            place = f"{file}, trang «{review_sheet.SHEET}», dòng {row}, cột «{column}»"
            console.print(f"Không nhận: {place}: {why}.", markup=False, soft_wrap=True)
        console.print(
            f"Đã nhận {len(found.given)} kết luận; còn {found.empty} cặp để trống.", markup=False
        )
    tell(run, as_json=as_json, wrong=len(found.wrong))


def tell(run: Path, *, as_json: bool, wrong: int = 0) -> None:
    """Precision and recall, from the model and from what clerks have said so far."""
    pairs, epoch, answers = _linked(run)
    told: dict[str, Any] = {"model": quality.from_model(pairs, epoch.settings)}
    strata: list[Stratum] = []
    if answers:
        strata = quality.judged(pairs, answers)
        told["clerk"] = quality.from_sample(strata, told["model"].unseen)
    if as_json:
        plain = {who: _plain(estimate) for who, estimate in told.items()}
        print_json({**plain, "judged": len(answers), "wrong": wrong, "calibration": _table(strata)})
        return
    for line in _lines(told, strata, len(answers)):
        console.print(line, markup=False, soft_wrap=True)


def refine_settings(run: Path, out: Path, *, as_json: bool) -> None:
    """Writes settings whose weights the answers have moved; where they do not move them, says why."""
    pairs, epoch, answers = _linked(run)
    found = refine.refine(pairs, answers, epoch)
    if found.used:
        write_atomically(out, refine.as_yaml(found.settings).encode())
    if as_json:
        print_json({"used": found.used, "why": found.why, "out": str(out) if found.used else None})
        return
    said = f"Đã ghi {out}" if found.used else "Không đổi trọng số"
    console.print(f"{said}: {found.why}.", markup=False, soft_wrap=True)


def _linked(run: Path) -> tuple[pa.Table, Epoch, dict[tuple[int, int], bool]]:
    """Pairs and model of a run, and what clerks have said with certainty."""
    with open_run(run) as store:
        pairs = store.fetch("SELECT * FROM pairs")
        epoch = Epoch.from_table(store.fetch("SELECT * FROM link_epoch"))
    sure = (a for a in judgements(run) if a["same"] is not None)
    return pairs, epoch, {(a["record_a"], a["record_b"]): a["same"] for a in sure}


def judgements(run: Path) -> list[dict[str, Any]]:
    """Every answer, the last one of a pair counting."""
    path = run / JUDGEMENTS
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return list({(r["record_a"], r["record_b"]): r for r in rows}.values())


def _keep(
    run: Path, given: Sequence[review_sheet.Answer], *, by: str, day: dt.date, file: str
) -> None:
    if not given:
        return
    path = run / JUDGEMENTS
    path.parent.mkdir(mode=0o700, exist_ok=True)
    before = path.read_text("utf-8") if path.is_file() else ""
    rows = [
        {"record_a": a.record_a, "record_b": a.record_b, "same": a.same, "note": a.note,
         "by": by, "on": day.isoformat(), "file": file}
        for a in given
    ]  # fmt: skip
    text = before + "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    write_atomically(path, text.encode())


def _code(manifest: Mapping[str, Any]) -> str:
    """What tells this linkage from another: the fingerprint of its stage."""
    return str(manifest["stages"]["link"]["fingerprint"])


def _side_by_side(
    store: Store, sample: pa.Table, context: Context, *, show: bool
) -> tuple[list[review_sheet.Shown], list[str]]:
    ids = sorted({*sample["record_a"].to_pylist(), *sample["record_b"].to_pylist()})
    if not ids:
        return [], []
    listed = ", ".join(map(str, ids))
    rows = store.fetch(f"SELECT * FROM standard WHERE record_id IN ({listed})").to_pylist()
    records = {row["record_id"]: row for row in rows}
    names = [n for n in _SHOWN if any(_cell(n, row, context.on, show) for row in rows)]

    def cells(record: int) -> list[str]:
        row = records[record]
        return [
            _list_name(context, row["source"]),
            *(_cell(n, row, context.on, show) for n in names),
        ]

    pairs = [
        review_sheet.Shown(p["record_a"], p["record_b"], cells(p["record_a"]), cells(p["record_b"]))
        for p in sample.to_pylist()
    ]
    return pairs, ["Danh sách", *(fields()[n].label_vi for n in names)]


def _list_name(context: Context, source: str) -> str:
    known = context.sources.get(source)
    return str(known.name_vi) if known else source


def _cell(name: str, row: Mapping[str, Any], on: dt.date, show: bool) -> str:
    value = row.get(name)
    if value is None and name == "birth_date":
        known = [row.get(f"birth_{part}") for part in ("day", "month", "year")]
        return "/".join(f"{v:02d}" for v in known if v)
    return "" if value is None else shown(name, str(value), on=on, show_numbers=show)


def _plain(estimate: Estimate) -> dict[str, Any]:
    def interval(found: Interval | None) -> list[float] | None:
        return (
            None if found is None else [round(x, 6) for x in (found.value, found.low, found.high)]
        )

    return {
        "precision": interval(estimate.precision),
        "recall": interval(estimate.recall),
        "unseen_pairs": interval(estimate.unseen),
    }


def _table(strata: Sequence[Stratum]) -> list[dict[str, Any]]:
    return [
        {"band": list(s.band), "joined": s.joined, "pairs": s.pairs, "expected": round(s.expected, 6),
         "judged": s.judged, "same": s.same}
        for s in strata
    ]  # fmt: skip


def _percent(value: float) -> str:
    return f"{100 * value:.2f}%".replace(".", ",")


def _said(what: str, found: Interval) -> str:
    return f"  {what}: {_percent(found.value)} (khoảng 95%: {_percent(found.low)} – {_percent(found.high)})"


def _lines(told: Mapping[str, Estimate], strata: Sequence[Stratum], judged: int) -> list[str]:
    lines = []
    heads = {
        "model": "Theo xác suất của mô hình (khoảng chỉ tính ngẫu nhiên, chưa tính mô hình sai):",
        "clerk": f"Theo {judged} cặp cán bộ đã kết luận:",
    }
    for who, estimate in told.items():
        lines += [heads[who], _said("Đúng trong các cặp đã ghép", estimate.precision)]
        lines.append(_said("Đã ghép trong các cặp cùng người", estimate.recall))
    unseen = told["model"].unseen
    if unseen:
        lines.append(f"  Cặp cùng người không chung khóa nào: ít nhất khoảng {unseen.value:.0f}.")
    if strata:
        lines.append("Xác suất của mô hình và kết luận của cán bộ:")
        for s in strata:
            side = "đã ghép" if s.joined else "chưa ghép"
            share = _percent(s.same / s.judged) if s.judged else "–"
            lines.append(
                f"  {s.band[0]:g}–{s.band[1]:g}, {side}: {s.pairs} cặp, mô hình {_percent(s.expected)}, "
                f"cán bộ {share} ({s.same}/{s.judged})"
            )
    return lines
