"""Documents as PDF: a Typst template and its data in, the same bytes each time out.

The border it keeps: only the fonts beside this module, no network, no file outside the folder of templates. The moment
comes from the caller, so that a document made again of the same data is the same to the last byte.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from dancu.store.errors import StoreError

FONTS = Path(__file__).parent / "fonts"
STANDARD: Final = "a-2a"
"""PDF/A-2a: kept for decades, read aloud by screen readers."""


def pdf(template: Path, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """The document of a template, which reads its data as ``json(bytes(sys.inputs.data))``. Raises StoreError."""
    compiler = typst.Compiler(
        template,
        root=template.parent,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(dict(data), ensure_ascii=False, sort_keys=True)},
    )
    try:
        moment = at.astimezone(dt.UTC).replace(microsecond=0)
        made = compiler.compile(format="pdf", timestamp=moment, pdf_standards=[STANDARD])
    except typst.TypstError as error:
        raise StoreError(
            f"Không dựng được văn bản từ mẫu {template.name}: {error.message}\n"
            f"The document of {template.name} cannot be made: {error.diagnostic}"
        ) from error
    if not isinstance(made, bytes):
        raise StoreError(f"{template.name}: no PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
