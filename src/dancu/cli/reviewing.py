"""The work of `dancu link review`: a sample for a clerk, the answers back, and how good the linkage is."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from dancu.cli.common import console, fail, print_json
from dancu.cli.execute import context_of, open_run
from dancu.engine.link import Epoch, calibration, quality, refine, review
from dancu.engine.link.quality import Estimate, Interval, Stratum
from dancu.engine.ports import Context, Store
from dancu.engine.report import review_sheet
from dancu.engine.report.values import shown
from dancu.reference.fields import fields
from dancu.store.files import read_file, write_atomically

JUDGEMENTS = "review/judgements.jsonl"
"""What clerks said, in a run's folder: only ever added to, apart from what the machine believes."""

PICTURE = "review/calibration.svg"
"""What the model believes beside what clerks found, drawn anew when answers come in."""

_PAIRS = "SELECT record_a, record_b, keys, probability, joined, blocked_by FROM pairs"

# The evidence is wide, and only that of judged pairs is looked at.
_EVIDENCE = """
SELECT record_a, record_b, keys, probability, joined, blocked_by, CASE WHEN record_a IN ({ids}) THEN why END AS why
FROM pairs"""

_SHOWN = (
    "full_name", "birth_date", "sex", "personal_number", "old_number", "permanent_unit", "hamlet",
    "household_number", "father_name", "mother_name", "phone", "bhxh_number", "bhyt_card",
)  # fmt: skip


def draw(run: Path, *, size: int, seed: int, out: Path, show: bool, as_json: bool) -> None:
    """Writes the workbook of a sample."""
    context, manifest = context_of(run)
    with open_run(run) as store:
        sample = review.draw(store.fetch(_PAIRS), size=size, seed=seed)
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
    _keep(run, found.given, by=by, day=day, file=file.name, linkage=_code(manifest))
    wrong = [
        {"sheet": review_sheet.SHEET, "row": row, "column": column, "why": why}
        for row, column, why in found.wrong
    ]
    if not as_json:
        for w in wrong:
            place = f"{file}, trang «{w['sheet']}», dòng {w['row']}, cột «{w['column']}»"
            console.print(f"Không nhận: {place}: {w['why']}.", markup=False, soft_wrap=True)
        console.print(
            f"Đã nhận {len(found.given)} kết luận; còn {found.empty} cặp để trống.", markup=False
        )
    _told(run, as_json=as_json, wrong=wrong, picture=run / PICTURE)


def tell(run: Path, *, as_json: bool) -> None:
    """Precision and recall, from the model and from what clerks have said so far."""
    _told(run, as_json=as_json, wrong=[], picture=None)


def _told(
    run: Path, *, as_json: bool, wrong: Sequence[Mapping[str, Any]], picture: Path | None
) -> None:
    pairs, epoch, found = _linked(run)
    told = {"model": quality.from_model(pairs, epoch.settings)}
    strata = quality.judged(pairs, found.now) if found.now else []
    drawn = picture if picture and any(s.judged for s in strata) else None
    if strata:
        told["clerk"] = quality.from_sample(strata, told["model"].unseen)
    if drawn:
        write_atomically(drawn, calibration.plot(strata))
    if as_json:
        print_json({
            **{who: _plain(estimate) for who, estimate in told.items()},
            "judged": sum(s.judged for s in strata), "unsure": sum(s.unsure for s in strata),
            "of_other_linkages": found.before, "wrong": wrong, "calibration": _table(strata),
            "picture": str(drawn) if drawn else None,
        })  # fmt: skip
        return
    for line in _lines(told, strata, found.before):
        console.print(line, markup=False, soft_wrap=True)
    if drawn:
        console.print(f"Hình: {drawn}", markup=False, soft_wrap=True)


def refine_settings(run: Path, out: Path, *, as_json: bool) -> None:
    """Writes settings whose weights the answers have moved; where they do not move them, says why."""
    _, epoch, given = _linked(run)
    ids = ", ".join(str(a) for a in sorted({a for a, _ in given.now})) or "NULL"
    with open_run(run) as store:
        pairs = store.fetch(_EVIDENCE.format(ids=ids))
    found = refine.refine(pairs, given.now, epoch)
    if found.used:
        write_atomically(out, refine.as_yaml(found.settings).encode())
    if as_json:
        print_json({"used": found.used, "why": found.why, "out": str(out) if found.used else None})
        return
    said = f"Đã ghi {out}" if found.used else "Không đổi trọng số"
    console.print(f"{said}: {found.why}.", markup=False, soft_wrap=True)


@dataclass(frozen=True)
class _Given:
    """Answers on the pairs of this linkage, and how many there are on pairs of others.

    A run made anew may number its records otherwise, and its sample was drawn from other strata.
    """

    now: Mapping[tuple[int, int], bool | None]
    before: int


def _linked(run: Path) -> tuple[pa.Table, Epoch, _Given]:
    """Pairs and model of a run, and what clerks have said of them."""
    _, manifest = context_of(run)
    code, rows = _code(manifest), judgements(run)
    with open_run(run) as store:
        pairs = store.fetch(_PAIRS)
        epoch = Epoch.from_table(store.fetch("SELECT * FROM link_epoch"))
    now = {(r["record_a"], r["record_b"]): r["same"] for r in rows if r["linkage"] == code}
    return pairs, epoch, _Given(now, len(rows) - len(now))


def judgements(run: Path) -> list[dict[str, Any]]:
    """Every answer, the last one of a pair counting.

    record_a, record_b, same (None: cannot tell), note, who, day, file, and the linkage whose pairs they are.
    """
    path = run / JUDGEMENTS
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return list({(r["linkage"], r["record_a"], r["record_b"]): r for r in rows}.values())


def _keep(
    run: Path,
    given: Sequence[review_sheet.Answer],
    *,
    by: str,
    day: dt.date,
    file: str,
    linkage: str,
) -> None:
    if not given:
        return
    path = run / JUDGEMENTS
    path.parent.mkdir(mode=0o700, exist_ok=True)
    before = path.read_text("utf-8") if path.is_file() else ""
    rows = [
        {"record_a": a.record_a, "record_b": a.record_b, "same": a.same, "note": a.note,
         "who": by, "day": day.isoformat(), "file": file, "linkage": linkage}
        for a in given
    ]  # fmt: skip
    text = before + "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    write_atomically(path, text.encode())


def _code(manifest: Mapping[str, Any]) -> str:
    """What tells this linkage from another: the fingerprint of its stage."""
    stage = manifest["stages"].get("link")
    if not stage:
        fail("Lần chạy này chưa đối sánh (link); hãy chạy lại dancu run cho qua bước đó.")
    return str(stage["fingerprint"])


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
    return {
        "precision": _rounded(estimate.precision),
        "recall": _rounded(estimate.recall),
        "unseen_pairs": _rounded(estimate.unseen),
    }


def _rounded(found: Interval | None) -> list[float] | None:
    return None if found is None else [round(x, 6) for x in (found.value, found.low, found.high)]


def _table(strata: Sequence[Stratum]) -> list[dict[str, Any]]:
    return [
        {"band": list(s.band), "joined": s.joined, "pairs": s.pairs, "expected": round(s.expected, 6),
         "judged": s.judged, "same": s.same, "unsure": s.unsure, "share": _rounded(s.share())}
        for s in strata
    ]  # fmt: skip


def _percent(value: float) -> str:
    return f"{100 * value:.2f}%".replace(".", ",")


def _said(what: str, found: Interval) -> str:
    return f"  {what}: {_percent(found.value)} (khoảng 95%: {_percent(found.low)} – {_percent(found.high)})"


def _lines(told: Mapping[str, Estimate], strata: Sequence[Stratum], before: int) -> list[str]:
    lines = []
    judged, unsure = sum(s.judged for s in strata), sum(s.unsure for s in strata)
    doubt = f" (thêm {unsure} cặp «{review_sheet.UNSURE}», tính cả hai khả năng)" if unsure else ""
    heads = {
        "model": "Theo xác suất của mô hình (khoảng chỉ tính ngẫu nhiên, chưa tính mô hình sai):",
        "clerk": f"Theo {judged} cặp cán bộ đã kết luận{doubt}:",
    }
    for who, estimate in told.items():
        lines += [heads[who], _said("Đúng trong các cặp đã ghép", estimate.precision)]
        lines.append(_said("Đã ghép trong các cặp cùng người", estimate.recall))
    unseen = told["model"].unseen
    if unseen:
        lines.append(f"  Cặp cùng người không chung khóa nào: ít nhất khoảng {unseen.value:.0f}.")
    if before:
        lines.append(f"  {before} kết luận thuộc lần ghép khác của lần chạy này: không tính.")
    if strata:
        lines += ["Xác suất của mô hình và kết luận của cán bộ:", *map(_band, strata)]
    return lines


def _band(s: Stratum) -> str:
    share, found = s.share(), "–"
    if share:
        found = (
            f"{_percent(share.value)} (khoảng 95%: {_percent(share.low)} – {_percent(share.high)})"
        )
    return (
        f"  {calibration.name(s)}: {s.pairs} cặp, mô hình {_percent(s.expected)}, "
        f"cán bộ {found}, {s.same}/{s.judged}"
    )
