"""A file inside a PDF: put in before the signature, which covers it then; taken out by its name."""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from dancu.store.errors import StoreError

_DEPTH = 16


def attach(pdf: bytes, *, name: str, data: bytes, about: str) -> bytes:
    """The document with the file in it. Raises StoreError."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        inside = embed.EmbeddedFileObject.from_file_data(writer, data, mime_type="application/json")
        spec = embed.FileSpec(
            file_spec_string=name, file_name=name, embedded_data=inside, description=about,
            af_relationship=generic.pdf_name("/Data"),
        )  # fmt: skip
        embed.embed_file(writer, spec)
        out = io.BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
    except (PdfError, ValueError) as error:
        raise StoreError(
            f"Không đưa được tệp {name} vào PDF.\nThe file could not be attached."
        ) from error
    return out.getvalue()


def attached(pdf: bytes, *, name: str, most: int) -> bytes | None:
    """The file of this name; None when there is none. Raises StoreError for what is no PDF, or larger than `most`."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        files = reader.root["/Names"]["/EmbeddedFiles"] if "/Names" in reader.root else {}
        found = _find(files, name, _DEPTH)
        data = found["/EF"]["/F"].data if found is not None else None
    except (
        PdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
    ) as error:
        raise StoreError("Không đọc được tệp PDF này.\nThis PDF cannot be read.") from error
    if data is not None and len(data) > most:
        raise StoreError(f"Tệp {name} trong PDF quá lớn.\nThe file inside is too large.")
    return None if data is None else bytes(data)


def _find(node: Any, name: str, depth: int) -> Any:
    """The file of this name in a tree of names; indexing is what follows references."""
    names = node["/Names"] if "/Names" in node else ()  # noqa: SIM401 - get() follows no reference
    for at in range(1, len(names), 2):
        spec = names[at]
        if name in [str(spec[key]) for key in ("/UF", "/F") if key in spec]:
            return spec
    kids = node["/Kids"] if depth and "/Kids" in node else ()
    for at in range(len(kids)):
        if (found := _find(kids[at], name, depth - 1)) is not None:
            return found
    return None
