"""Kinds of entries: which columns of which table a commitment is made of, in which order, said once.

The text of a row is a JSON text of exactly those columns, so a column added later changes no old commitment. Another
choice of columns is another kind: ``access.2`` after ``access.1``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"[a-z_]+\.[0-9]+")
_WORD = re.compile(r"[a-z_][a-z0-9_]*")


class KindError(ValueError):
    """A kind that cannot be."""


@dataclass(frozen=True)
class Kind:
    """A kind of entry.

    `name`: word and version. `key`: the column (or several, with commas) that names a row; it stays in the leaf when
    the row is erased, so it tells nothing about a person. `about`: the column that names the citizen, if one does.
    `at`: the column with the row's own time, which must be close to the entry's.
    """

    name: str
    table: str
    key: str
    columns: tuple[str, ...]
    about: str | None = None
    at: str | None = None

    def __post_init__(self) -> None:
        """Names that are no plain names would go into SQL."""
        parts = [
            *self.table.split("."),
            *self.keys,
            *self.columns,
            *filter(None, [self.about, self.at]),
        ]
        if not _NAME.fullmatch(self.name) or not all(_WORD.fullmatch(part) for part in parts):
            raise KindError(f"{self.name}: not a plain name among {parts}")
        if missing := {*self.keys, *filter(None, [self.about, self.at])} - {*self.columns}:
            raise KindError(f"{self.name}: {', '.join(sorted(missing))} must be among the columns")

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the key."""
        return tuple(part.strip() for part in self.key.split(","))

    @property
    def place(self) -> str:
        """The table with its schema."""
        return self.table if "." in self.table else f"public.{self.table}"

    def key_text(self, row: str) -> str:
        """SQL: the key of a row as text."""
        parts = [f'{row}."{column}"' for column in self.keys]
        return f"{parts[0]}::text" if len(parts) == 1 else f"concat_ws('/', {', '.join(parts)})"

    def row_text(self, row: str) -> str:
        """SQL: the text that is committed to. `json_build_object` keeps the order it is given."""
        parts = ", ".join(f"'{column}', {row}.\"{column}\"" for column in self.columns)
        return f"json_build_object({parts})::text"


SETTINGS = {
    "search_path": "pg_catalog, pg_temp",
    "timezone": "'UTC'",
    "datestyle": "'ISO, YMD'",
    "intervalstyle": "'iso_8601'",
    "extra_float_digits": "1",
    "bytea_output": "'hex'",
}
"""Under these a row reads the same in every session."""
