"""Sentences of a report: a template and figures in, text and figures in their order out.

A sentence says only what the figure supports. A change of a share is told in points, of a count in per cent; "hơn"
stands before a number that was rounded down, never before the number itself; whether a target is reached is judged on
the unrounded figure, and where rounding would hide the answer more decimals are printed.

A template is text with slots `{name:form}`; a part in `[…]` is left out when a slot in it has nothing to say. Forms:
`parts` 321.335/332.400 · `value` 96,67% · `count` 321.335 · `whole` 332.400 · `over` hơn 2,3 triệu ·
`change` tăng 7,00 điểm % so với cùng kỳ năm trước · `targets` vượt chỉ tiêu của Chính phủ (trên 60%).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from dancu.engine.report.content import Aspect, FigureRef, Part, Target, short_code
from dancu.engine.report.indicators import Asked, Figure, change, missing, reaches
from dancu.engine.report.printed import rounded, vi

HUNDRED = Decimal(100)
_SLOT = re.compile(r"\{(\w+):(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_MOST_DECIMALS = 6
_SCALES = ((Decimal(10**9), "tỷ", 2), (Decimal(10**6), "triệu", 1))


class TemplateError(ValueError):
    """A template names what it was not given; the message says which slot."""


@dataclass(frozen=True)
class Known:
    """All that a sentence may say of an indicator in a unit. `noun`: what is counted, as `hồ sơ`.

    `before`: of the same days a year earlier.
    """

    code: str
    version: int
    unit: str
    asked: Asked
    figure: Figure
    noun: str
    before: Figure | None = None
    targets: tuple[Target, ...] = ()

    def ref(
        self, printed: str, aspect: Aspect = "value", target: Target | None = None
    ) -> FigureRef:
        """A number on the page that belongs to this figure."""
        return FigureRef(
            self.code, self.version, self.unit, self.asked, self.figure, printed,
            short_code(self.code, self.version, self.unit, self.asked), aspect, self.before, target,
        )  # fmt: skip

    @property
    def is_known(self) -> bool:
        """Whether there is anything to say: nought only where something was recorded, now or a year before."""
        recorded = self.figure.denominator or (self.before is not None and self.before.denominator)
        return self.figure.value is not None and bool(recorded)


def say(template: str, known: Mapping[str, Known]) -> tuple[Part, ...]:
    """The parts of the sentence; text between figures is joined. Raises TemplateError."""
    parts: list[Part] = []
    at = 0
    for optional in _OPTIONAL.finditer(template):
        parts += _filled(template[at : optional.start()], known) or ()
        parts += _filled(optional[1], known) or ()
        at = optional.end()
    parts += _filled(template[at:], known) or ()
    return joined(parts)


def without(template: str, known: Collection[str]) -> str:
    """The template without those parts in brackets that need what is not known.

    >>> without("Đạt {a:value}[, {b:change}].", {"a"})
    'Đạt {a:value}.'
    """
    return _OPTIONAL.sub(lambda m: m[0] if set(codes(m[1])) <= set(known) else "", template)


def codes(template: str) -> tuple[str, ...]:
    """The names of the slots, each once."""
    return tuple(dict.fromkeys(match[1] for match in _SLOT.finditer(template)))


def joined(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Neighbouring texts as one, empty ones left out."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)


def _filled(text: str, known: Mapping[str, Known]) -> list[Part] | None:
    """The text with its slots filled; None when one of them has nothing to say."""
    parts: list[Part] = []
    at = 0
    for slot in _SLOT.finditer(text):
        name, form = slot[1], slot[2]
        if name not in known or form not in FORMS:
            raise TemplateError(f"Chỗ trống {slot[0]} không có số liệu. (Slot {slot[0]} has none.)")
        told = FORMS[form](known[name])
        if not told:
            return None
        parts += [text[at : slot.start()], *told]
        at = slot.end()
    return [*parts, text[at:]]


def share(figure: Figure, targets: Sequence[Target] = ()) -> str:
    """A share with as many decimals as keep it true: all is 100, nothing 0, and nothing else looks like them.

    >>> share(Figure(None, Decimal(321335), Decimal(332400), "share", 2))
    '96,67'
    >>> share(Figure(None, Decimal(99999), Decimal(100000), "share", 2))
    '99,999'
    >>> share(Figure(None, Decimal(59996), Decimal(100000), "share", 2), [Target(Decimal(60), "gt", "")])
    '59,996'
    """
    if not figure.denominator:
        return ""
    exact = HUNDRED * figure.numerator / figure.denominator
    marks = (Decimal(0), HUNDRED, *(t.value for t in targets))
    for mark in marks:
        if exact == mark:
            return vi(_plain(mark))
    for decimals in range(figure.decimals, _MOST_DECIMALS + 1):
        shown = rounded(exact, decimals)
        if shown not in marks:
            return vi(shown)
    return vi(exact.quantize(Decimal(1).scaleb(-_MOST_DECIMALS), rounding=ROUND_DOWN))


def over(value: Decimal) -> tuple[str, str, str]:
    """A large number rounded down: (word before it, number, unit after it). Exact ones have no word.

    >>> over(Decimal(2300412)), over(Decimal(2300000)), over(Decimal(11670000001))
    (('hơn ', '2,3', ' triệu'), ('', '2,3', ' triệu'), ('hơn ', '11,67', ' tỷ'))
    >>> over(Decimal(1042)), over(Decimal(171)), over(Decimal(1000))
    (('hơn ', '1.000', ''), ('', '171', ''), ('', '1.000', ''))
    """
    for scale, name, decimals in _SCALES:
        if value >= scale:
            low = (value / scale).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)
            return ("" if low * scale == value else "hơn "), vi(_plain(low)), f" {name}"
    if value < 1000:
        return "", vi(_plain(value)), ""
    low = value // HUNDRED * HUNDRED
    return ("" if low == value else "hơn "), vi(_plain(low)), ""


def told_target(target: Target, unit: str = "%") -> str:
    """`trên 60%`, `từ 30% trở lên`, `không quá 0 hồ sơ`.

    >>> told_target(Target(Decimal(60), "gt", "Chính phủ")), told_target(Target(Decimal(30), "ge", ""))
    ('trên 60%', 'từ 30% trở lên')
    """
    number = f"{vi(_plain(target.value))}{unit}"
    return {
        "gt": f"trên {number}", "ge": f"từ {number} trở lên", "eq": number,
        "le": f"không quá {number}", "lt": f"dưới {number}",
    }[target.comparison]  # fmt: skip


def _parts(known: Known) -> list[Part]:
    if not known.figure.denominator:
        return []
    return [
        known.ref(vi(_plain(known.figure.numerator)), "numerator"), "/",
        known.ref(vi(_plain(known.figure.denominator)), "denominator"),
    ]  # fmt: skip


def _value(known: Known) -> list[Part]:
    value = known.figure.value
    if value is None:
        return []
    if known.figure.measure == "share":
        return [known.ref(share(known.figure, known.targets), target=_missed(known)), "%"]
    return [known.ref(vi(_plain(value) if known.figure.measure != "mean" else value))]


def _missed(known: Known) -> Target | None:
    """One of the targets, when the figure reaches none of them."""
    reached = [reaches(known.figure, t.value, t.comparison) for t in known.targets]
    return known.targets[0] if reached and not any(reached) else None


def _count(known: Known) -> list[Part]:
    return [known.ref(vi(_plain(known.figure.numerator)), "numerator")]


def _whole(known: Known) -> list[Part]:
    return [known.ref(vi(_plain(known.figure.denominator)), "denominator")]


def _over(known: Known) -> list[Part]:
    word, number, unit = over(known.figure.numerator)
    return [word, known.ref(number), unit]


def _change(known: Known) -> list[Part]:
    if known.before is None or known.before.value is None or known.figure.value is None:
        return []
    moved = change(known.figure, known.before)
    if known.figure.measure == "share":
        return _points(known, moved.points or Decimal(0))
    return _percent(known, known.before, moved.percent)


_THEN = " so với cùng kỳ năm trước"


def _points(known: Known, points: Decimal) -> list[Part]:
    before = known.before
    if before is None:
        return []
    if known.figure.numerator * before.denominator == before.numerator * known.figure.denominator:
        return ["bằng cùng kỳ năm trước"]
    rises = (
        known.figure.numerator * before.denominator > before.numerator * known.figure.denominator
    )
    word = "tăng" if rises else "giảm"
    if not points:
        return [f"{word} dưới ", known.ref("0,01", "points"), f" điểm %{_THEN}"]
    return [f"{word} ", known.ref(vi(abs(points)), "points"), f" điểm %{_THEN}"]


def _percent(known: Known, before: Figure, percent: Decimal | None) -> list[Part]:
    now, then = known.figure.value, before.value
    if now is None or then is None:
        return []
    if now == then:
        return ["bằng cùng kỳ năm trước"]
    word = "tăng" if now > then else "giảm"
    if percent is None:
        return ["cùng kỳ năm trước không có"]
    if not percent:
        return [f"{word} dưới ", known.ref("0,01", "percent"), f"%{_THEN}"]
    return [f"{word} ", known.ref(vi(abs(percent)), "percent"), f"%{_THEN}"]


def _targets(known: Known) -> list[Part]:
    """Each target in turn: `vượt`, `đạt` or `chưa đạt` and how many are missing."""
    told = [list(_target(known, target)) for target in known.targets]
    if any(not one for one in told):
        return []
    return [part for n, one in enumerate(told) for part in ([", "] if n else []) + one]


def _target(known: Known, target: Target) -> Iterator[Part]:
    reached = reaches(known.figure, target.value, target.comparison)
    if reached is None:
        return
    is_share = known.figure.measure == "share"
    bound = told_target(target, "%" if is_share else f" {known.noun}")
    named = f"chỉ tiêu của {target.owner} ({bound})" if target.owner else f"chỉ tiêu ({bound})"
    if reached:
        yield f"{_reached(known.figure, target)} {named}"
        return
    yield f"chưa đạt {named}"
    yield from _gap(known, target)


def _reached(figure: Figure, target: Target) -> str:
    """`vượt` when more than asked for, `đạt` when just that or when less is better."""
    if target.comparison == "gt":
        return "vượt"
    equal = reaches(figure, target.value, "eq")
    return "vượt" if target.comparison == "ge" and not equal else "đạt"


def _gap(known: Known, target: Target) -> Iterator[Part]:
    figure = known.figure
    too_many = figure.measure in ("count", "sum") and figure.numerator > target.value
    if target.comparison in ("gt", "ge", "eq") and figure.measure != "mean" and not too_many:
        need = missing(figure, target.value, "gt" if target.comparison == "gt" else "ge")
        if need:
            yield ", còn "
            yield known.ref(vi(Decimal(need)), "gap", target)
            yield f" {known.noun} nữa"
    elif too_many:
        yield ", vượt quá "
        yield known.ref(vi(_plain(figure.numerator - target.value)), "gap", target)
        yield f" {known.noun}"


FORMS: Mapping[str, Callable[[Known], list[Part]]] = {
    "parts": _parts, "value": _value, "count": _count, "whole": _whole, "over": _over, "change": _change,
    "targets": _targets,
}  # fmt: skip


def _plain(value: Decimal) -> Decimal:
    """Without zeros behind the comma.

    >>> _plain(Decimal("60.00")), _plain(Decimal("1E+3"))
    (Decimal('60'), Decimal('1000'))
    """
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == value else value.normalize()
