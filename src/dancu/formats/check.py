"""What a value could be: tried against every format, as `dancu formats check VALUE` shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, is_dataclass
from inspect import signature
from types import ModuleType

from dancu.formats import FORMATS
from dancu.formats.errors import FormatError


@dataclass(frozen=True)
class Verdict:
    """One format's answer: standard form, way of writing and parts, or the reason against it."""

    format: str
    fits: bool
    standard: str = ""
    written: str = ""
    parts: object = None
    reason: str = ""
    message_vi: str = ""
    message_en: str = ""
    hint_vi: str = ""


def check(value: str, name: str | None = None, *, test_people: bool = False) -> list[Verdict]:
    """The verdict of one format, or of all with those that fit first. KeyError: unknown name.

    >>> [v.format for v in check("98B1 12345") if v.fits and v.format != "address"]
    ['plate']
    >>> check("2.4E+10", "personal_number")[0].reason
    'lost_digits'
    """
    modules = {name: FORMATS[name]} if name else dict(FORMATS)
    verdicts = [_judge(value, name, module, test_people) for name, module in modules.items()]
    return sorted(verdicts, key=lambda verdict: not verdict.fits)


def _judge(value: str, name: str, module: ModuleType, test_people: bool) -> Verdict:
    try:
        standard = _call(module, "validate", value, test_people)
    except FormatError as error:
        return Verdict(
            format=name,
            fits=False,
            reason=error.reason,
            message_vi=error.message_vi,
            message_en=error.message_en,
            hint_vi=error.hint_vi,
        )
    return Verdict(
        format=name,
        fits=True,
        standard=str(standard),
        written=module.format(standard),
        parts=_parts(module, value, test_people),
    )


def _call(module: ModuleType, verb: str, value: str, test_people: bool) -> object:
    """Call a verb, with `test_people` where the format knows such people."""
    function = getattr(module, verb)
    if "test_people" in signature(function).parameters:
        return function(value, test_people=test_people)
    return function(value)


def _parts(module: ModuleType, value: str, test_people: bool) -> object:
    if not hasattr(module, "parse"):
        return None
    parts = _call(module, "parse", value, test_people)
    return asdict(parts) if is_dataclass(parts) and not isinstance(parts, type) else parts
