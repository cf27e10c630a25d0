"""Evidence, keys, reasons and clusters in the words of an officer who is no statistician, in Vietnamese or English."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

from dancu.reference.fields import fields

LANGUAGES = ("vi", "en")
_SURE = 0.9999


@cache
def words() -> dict[str, Any]:
    """All of `words.yml`."""
    text = resources.files("dancu.engine.link").joinpath("words.yml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def say(part: str, word: str, lang: str, **values: str) -> str:
    """An entry of `words.yml` with its values filled in; raises KeyError where there are no words."""
    text: str = words()[part][word][LANGUAGES.index(lang)]
    return text.format(**values) if values else text


def label(name: str, lang: str) -> str:
    """A comparison or column: the field's own label, else the words for it, else its name."""
    known = fields().get(name)
    if known:
        return known.label_vi if lang == "vi" else known.label_en
    found = words()["columns"].get(name)
    return str(found[LANGUAGES.index(lang)]) if found else name


def points(weight: float, lang: str) -> str:
    """Bits of evidence with sign and one decimal.

    >>> points(6.12, "vi"), points(-0.44, "en"), points(0.01, "vi")
    ('+6,1', '−0.4', '0,0')
    """
    rounded = round(weight, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + decimal(abs(rounded), 1, lang)


def decimal(value: float, places: int, lang: str) -> str:
    """A number with the language's own separators.

    >>> decimal(1234567.5, 1, "vi"), decimal(1234567.5, 1, "en")
    ('1.234.567,5', '1,234,567.5')
    """
    text = f"{value:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def percent(probability: float, lang: str) -> str:
    """A probability; never rounded up to certainty or down to impossibility.

    >>> percent(0.987, "vi"), percent(0.9, "vi"), percent(0.99999, "vi"), percent(0.00001, "en")
    ('98,7%', '90%', 'trên 99,99%', 'under 0.01%')
    """
    if probability > _SURE:
        return f"{say('phrases', 'over', lang)} {decimal(99.99, 2, lang)}%"
    if probability < 1 - _SURE:
        return f"{say('phrases', 'under', lang)} {decimal(0.01, 2, lang)}%"
    places = 1 if 0.001 <= probability <= 0.999 else 2
    shown = decimal(100 * probability, places, lang)
    return (shown[:-2] if shown[-2:] in (",0", ".0") else shown) + "%"


def one_in(share: float, lang: str) -> str:
    """How many one is among, in two figures.

    >>> one_in(0.00004731, "vi"), one_in(0.5, "en")
    ('21.000', '2')
    """
    count = max(1 / share, 1.0)
    step = 10 ** max(len(str(int(count))) - 2, 0)
    return decimal(round(count / step) * step, 0, lang)


def rarity(share: float, lang: str) -> str:
    """How often a value is met.

    >>> rarity(0.00004731, "vi"), rarity(0.00000001, "vi")
    ('hiếm, khoảng 1 trong 21.000 người', 'gần như không ai khác có')
    """
    table = words()["rarity"]
    row = next((r for r in table if share <= r[0]), table[-1])
    word = str(row[1 + LANGUAGES.index(lang)])
    if row is table[0]:
        return word
    return f"{word}, {say('phrases', 'one_in', lang, count=one_in(share, lang))}"


def sentence(comparison: str, level: str, frequency: float | None, lang: str) -> str:
    """One piece of evidence: what was compared, how it turned out, and how rare what is shared is."""
    said = f"{label(comparison, lang)}: {say('levels', level, lang)}"
    if frequency is None or level not in words()["shared"]:
        return said
    return f"{said} ({say('shared', level, lang)} {rarity(frequency, lang)})"


def part(name: str, lang: str) -> str:
    """One part of a key, `column` or `column.feature`."""
    column, _, feature = name.partition(".")
    known = words()["features"]
    at = LANGUAGES.index(lang)
    if name in known:
        return str(known[name][at])
    shown = label(column, lang)
    shown = shown if column in words()["columns"] else shown[:1].lower() + shown[1:]
    return f"{shown} ({known[feature][at]})" if feature in known else shown


def key(parts: tuple[str, ...], lang: str) -> str:
    """A key: its parts joined by a plus."""
    return " + ".join(_lowered(part(p, lang)) for p in parts)


def _lowered(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def group(name: str, lang: str) -> str:
    """A group of comparisons that repeat one another."""
    found = words()["groups"].get(name)
    return str(found[LANGUAGES.index(lang)]) if found else name


def reason(name: str, lang: str) -> str:
    """Why a pair was kept apart; a constraint of somebody's own settings by its name."""
    found = words()["reasons"].get(name)
    return str(found[LANGUAGES.index(lang)]) if found else name
