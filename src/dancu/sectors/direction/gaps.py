"""Who lacks what on a day: units without a plan, without money, without an officer; of those the asker may see."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils.translation import gettext_lazy as _

from dancu.engine.report.indicators import Asked, records
from dancu.sectors.direction.books import Book
from dancu.sectors.direction.indicators import by_code
from dancu.sectors.direction.places import Place, unit_of

OF_BOOK = {
    "plan": ("district_plans_issued_pct", False),
    "budget": ("districts_without_budget", True),
    "post": ("districts_without_it_officer", True),
}
"""Table → its indicator, and whether who lacks it is in the numerator."""
TO_DO = {
    "plan": _("Ban hành kế hoạch thực hiện Đề án 06 năm %(year)s"),
    "budget": _("Bố trí kinh phí thực hiện Đề án 06 năm %(year)s"),
    "post": _("Bố trí cán bộ công nghệ thông tin chuyên trách"),
}
"""Table → the task for a unit that lacks it."""


def lacking(book: Book, *, on: dt.date) -> list[Place] | None:
    """The districts that lack an entry of the book on the day; None of a book that nobody has to have."""
    if book.table not in OF_BOOK:
        return None
    code, hit = OF_BOOK[book.table]
    with connection.cursor() as cursor:
        cursor.execute(*records(by_code(code), Asked(on, on), hit=hit))
        return [unit_of(row[1], on) for row in sorted(cursor.fetchall(), key=lambda row: row[1])]
