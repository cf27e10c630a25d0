"""The six-month report for the command line, and what an app may add to it.

An app adds in a module `report_parts.py`: `ANNEXES`, functions of an order that give its annexes (None: no data for
one, and the report says so) and `SENTENCES`, pairs (section as `3`, function of an order that gives sentences).
"""

from __future__ import annotations

from dancu.platform.reports_writing import as_docx, as_pdf, as_tables, open_data, summary, writing
from dancu.platform.reports_writing.gathering import Order

__all__ = ["Order", "as_docx", "as_pdf", "as_tables", "open_data", "summary", "writing"]
