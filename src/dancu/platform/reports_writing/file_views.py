"""The report as a file: PDF/A, a document for editors, a workbook of annexes, the whole as JSON."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dancu.engine.report.content_json import to_json
from dancu.platform.access.pages import page
from dancu.platform.reports_writing import as_docx, as_pdf, as_tables
from dancu.platform.reports_writing.keeping import Kept
from dancu.platform.reports_writing.views import kept_or_404

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {
    "pdf": "application/pdf",
    "docx": DOCX,
    "xlsx": as_tables.XLSX,
    "json": "application/json",
}


@page(right="report.view")
@require_safe
def download(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Named after the report; made of what the page shows."""
    if kind not in KINDS:
        raise Http404
    return answer(made(kept_or_404(key), kind), f"bao-cao-{key}.{kind}", KINDS[kind])


def made(kept: Kept, kind: str) -> bytes:
    """The bytes of a form, dated by when the report was counted or issued."""
    at = kept.issue.at if kept.issue else kept.version.at
    if kind == "pdf":
        return as_pdf.pdf(kept.report, at=at)
    if kind == "docx":
        return as_docx.docx(kept.report, at=at)
    if kind == "xlsx":
        return as_tables.xlsx(kept.report)
    return json.dumps(to_json(kept.report), ensure_ascii=False, indent=1).encode()


def answer(body: bytes, name: str, media: str) -> HttpResponse:
    """A file to be kept."""
    told = HttpResponse(body, content_type=media)
    told["Content-Disposition"] = f'attachment; filename="{name}"'
    return told
