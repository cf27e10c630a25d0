"""Two contents of a frozen report held against each other: what differs, named as a person would look for it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dancu.engine.report.content_json import from_json
from dancu.engine.report.sums import check

MOST = 50
_FIGURE = {
    "numerator": ("tử số", "numerator"), "denominator": ("mẫu số", "denominator"), "unit": ("đơn vị", "unit"),
    "code": ("chỉ tiêu", "indicator"), "version": ("phiên bản", "version"), "before": ("kỳ trước", "the year before"),
    "asked": ("kỳ", "period"), "measure": ("cách tính", "measure"), "decimals": ("số lẻ", "decimals"),
    "unit_code": ("đơn vị", "unit"),
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """`kind` is stable, for machines: digit, definition, unit_tree, record, commitment, signature, file, ledger."""

    kind: str
    where: str
    vi: str
    en: str


def files(given: Mapping[str, Any], kept: Mapping[str, Any]) -> Iterator[Difference]:
    """Where a file differs from the one that was frozen."""
    for path, new, old in _leaves(given, kept, ()):
        yield _named(path, new, old, given)


def arithmetic(given: Mapping[str, Any]) -> Iterator[Difference]:
    """Printed numbers that are not those of the figures in the same file."""
    try:
        report = check(from_json(given["report"]))
    except (KeyError, ValueError, TypeError, ArithmeticError):
        yield Difference(
            "file",
            "report",
            "Phần báo cáo trong tệp không đọc được.",
            "The report in the file is broken.",
        )
        return
    for mark in report.marks:
        if mark.weight == "error":
            yield Difference("digit", mark.where, mark.text_vi, mark.text_en)


def _leaves(
    new: Any, old: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """The innermost places that differ."""
    if isinstance(new, dict) and isinstance(old, dict):
        for key in sorted({*new, *old}):
            yield from _leaves(new.get(key), old.get(key), (*path, key))
    elif isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        for at, (one, other) in enumerate(zip(new, old, strict=True)):
            yield from _leaves(one, other, (*path, str(at)))
    elif new != old or type(new) is not type(old):
        yield path, new, old


def _named(path: tuple[str, ...], new: Any, old: Any, given: Mapping[str, Any]) -> Difference:
    where = ".".join(path)
    said_vi, said_en = (
        f"tệp ghi «{_short(new)}», bản chốt «{_short(old)}»",
        f"the file says {_short(new)}, frozen was {_short(old)}",
    )
    if path[:2] == ("report", "figures") and len(path) > 3:
        vi, en = _FIGURE.get(path[3], (path[3], path[3]))
        return Difference(
            "digit",
            path[2],
            f"Số liệu {path[2]}, {vi}: {said_vi}.",
            f"Figure {path[2]}, {en}: {said_en}.",
        )
    if path[0] == "definitions" and len(path) > 1:
        return Difference(
            "definition", path[1], f"Định nghĩa {path[1]}, mục {path[-1]}: {said_vi}.",
            f"Definition {path[1]}, {path[-1]}: {said_en}.",
        )  # fmt: skip
    if path[0] == "units":
        where = _unit(path, given)
        return Difference(
            "unit_tree", where, f"Đơn vị {where}: {said_vi}.", f"Unit {where}: {said_en}."
        )
    if path[0] in ("questions", "figures"):
        return Difference(
            "commitment",
            where,
            f"Cam kết bản ghi {where}: {said_vi}.",
            f"Commitment {where}: {said_en}.",
        )
    kind = "digit" if path[-1] in ("printed", "text", "number") else "file"
    return Difference(kind, where, f"Mục {where}: {said_vi}.", f"{where}: {said_en}.")


def _unit(path: tuple[str, ...], given: Mapping[str, Any]) -> str:
    try:
        return str(given["units"]["rows"][int(path[2])][0])
    except (KeyError, IndexError, ValueError, TypeError):
        return ".".join(path)


def _short(value: Any) -> str:
    text = "không có" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
