"""What the model believes beside what clerks found, band by band, as one picture (SVG) without script or network."""

from __future__ import annotations

from collections.abc import Sequence

from dancu.engine.link.quality import Stratum
from dancu.engine.link.wording import percent

_LEFT, _AXIS, _RIGHT = 250, 440, 30
_TOP, _ROW = 78, 30
_MODEL, _CLERK, _SOFT = "#b4532a", "#1f6f86", "#c4cbd2"


def plot(strata: Sequence[Stratum]) -> bytes:
    """One line for each band with an answer: a diamond for the model, a dot with its 95% interval for clerks."""
    rows = [s for s in strata if s.judged]
    bottom = _TOP + _ROW * len(rows)
    parts = [_frame(bottom), *_heads(), *_axis(bottom)]
    for at, stratum in enumerate(rows):
        parts += _row(stratum, _TOP + _ROW * at + _ROW // 2)
    return ("\n".join([*parts, "</svg>"]) + "\n").encode()


def name(s: Stratum) -> str:
    """A stratum in words: its band of probability and whether its pairs are joined."""
    low, high = (f"{bound:g}".replace(".", ",") for bound in s.band)
    return f"{low}–{high}, {'đã ghép' if s.joined else 'chưa ghép'}"


def _frame(bottom: int) -> str:
    width, height = _LEFT + _AXIS + _RIGHT, bottom + 34
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="Arial, sans-serif" font-size="13" fill="#111" role="img">\n'
        f"<title>{_TITLE}</title>\n"
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    )


_TITLE = "Xác suất của mô hình và kết luận của cán bộ"


def _heads() -> list[str]:
    return [
        f'<text x="14" y="26" font-size="16" font-weight="bold">{_TITLE}</text>',
        _diamond(20, 46),
        '<text x="32" y="51">mô hình dự đoán</text>',
        f'<circle cx="168" cy="46" r="5" fill="{_CLERK}"/>',
        '<text x="180" y="51">cán bộ kết luận «Cùng người», vạch ngang: khoảng 95%</text>',
    ]


def _axis(bottom: int) -> list[str]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _place(share)
        parts.append(f'<path d="M{x} {_TOP}V{bottom}" stroke="{_SOFT}"/>')
        parts.append(
            f'<text x="{x}" y="{bottom + 20}" text-anchor="middle">{100 * share:.0f}%</text>'
        )
    return parts


def _row(s: Stratum, y: int) -> list[str]:
    share = s.share()
    if share is None:
        return []
    told = (
        f"{name(s)}: mô hình {percent(s.expected, 'vi')}, cán bộ {s.same}/{s.judged} "
        f"({percent(share.low, 'vi')} – {percent(share.high, 'vi')})"
    )
    low, high, at = _place(share.low), _place(share.high), _place(share.value)
    return [
        f"<g><title>{told}</title>",
        f'<text x="14" y="{y + 4}">{name(s)} ({s.same}/{s.judged})</text>',
        f'<path d="M{low} {y}H{high}M{low} {y - 4}v8M{high} {y - 4}v8" stroke="{_CLERK}" stroke-width="2"/>',
        f'<circle cx="{at}" cy="{y}" r="5" fill="{_CLERK}"/>',
        _diamond(_place(s.expected), y),
        "</g>",
    ]


def _diamond(x: float, y: int) -> str:
    return (
        f'<path d="M{x} {y - 7}l6 7l-6 7l-6 -7z" fill="none" stroke="{_MODEL}" stroke-width="2"/>'
    )


def _place(share: float) -> float:
    return round(_LEFT + _AXIS * share, 1)
