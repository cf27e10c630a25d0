"""What a person takes over from the record of an event: a place, a corrected name, birth date or number.

For each person the event latest in valid time decides, whichever came first. It stands against golden's value where
that is no later than the event, or repeats what was true before it: a list that goes on saying so does not undo it.
"""

from __future__ import annotations

from dataclasses import dataclass

from dancu.reference.fields import citizen_columns, fields


@dataclass(frozen=True)
class Replacement:
    """Columns that come together from the record of the last event of some kinds.

    `says`: the column without which the record says nothing. `origin`: the field whose `_from` tells where golden's
    value came from. `same`: the column by which a value is known again.
    `stated`: only events that a list of events tells, since a difference between two lists of persons may be a slip of
    the later one; survivorship weighs that.
    """

    name: str
    kinds: tuple[str, ...]
    members: tuple[str, ...]
    says: str
    origin: str
    same: str
    stated: bool = True

    def columns(self) -> tuple[str, ...]:
        """Members with their companions."""
        companions = (f"{m}{end}" for m in self.members for end in ("_issue", "_fix"))
        return (*self.members, *(c for c in companions if c in citizen_columns()))

    def origins(self) -> tuple[str, ...]:
        """Members that carry `<field>_from`."""
        return tuple(m for m in self.members if m in fields() and fields()[m].survivorship)


REPLACEMENTS = (
    Replacement(
        "moves",
        ("move",),
        ("permanent_unit", "permanent_unit_status", "unit_code", "address_head"),
        says="permanent_unit",
        origin="permanent_unit",
        same="unit_code",
        stated=False,
    ),
    Replacement(
        "stays",
        ("temporary_residence",),
        ("temporary_unit",),
        says="temporary_unit",
        origin="temporary_unit",
        same="temporary_unit",
    ),
    Replacement(
        "names",
        ("name_correction",),
        ("full_name", "name_key"),
        says="full_name",
        origin="full_name",
        same="full_name",
    ),
    Replacement(
        "births",
        ("date_correction",),
        (
            "birth_date",
            "birth_year",
            "birth_month",
            "birth_day",
            "birth_earliest",
            "birth_latest",
        ),
        says="birth_year",
        origin="birth_date",
        same="birth_date",
    ),
    Replacement(
        "numbers",
        ("number_correction", "number_reestablished"),
        (
            "personal_number",
            "personal_number_province",
            "personal_number_sex",
            "personal_number_birth_year",
        ),
        says="personal_number",
        origin="personal_number",
        same="personal_number",
    ),
)


def last_event(kinds: tuple[str, ...], *, stated: bool) -> str:
    """The one event of these kinds that is last in valid time, for each person."""
    only = " JOIN _event_spoken o ON o.record_id = e.record_id AND o.is_event" if stated else ""
    return (
        "SELECT * FROM (SELECT e.*, row_number() OVER (PARTITION BY e.person_id ORDER BY"
        " e.valid_on DESC, e.recorded_on DESC, e.event_id) AS choice FROM _event_known e"
        f"{only} WHERE e.kind IN ({listed(kinds)})) ranked WHERE choice = 1"
    )


def listed(kinds: tuple[str, ...]) -> str:
    """The kinds as SQL texts."""
    return ", ".join(f"'{kind}'" for kind in kinds)


def replaced(r: Replacement) -> str:
    """person_id, event_record and the columns that the person takes from it."""
    columns = ", ".join(f"s.{c}" for c in r.columns())
    return (
        f"SELECT m.person_id, m.record_id AS event_record, {columns}"
        f" FROM ({last_event(r.kinds, stated=r.stated)}) m"
        " JOIN standard s ON s.record_id = m.record_id"
        " JOIN golden g ON g.person_id = m.person_id"
        f" LEFT JOIN _event_spoken r ON r.record_id = g.{r.origin}_from"
        f" WHERE s.{r.says} IS NOT NULL AND (g.{r.origin}_from IS NULL"
        " OR m.valid_on >= r.day OR m.recorded_on > r.day"
        " OR EXISTS (SELECT 1 FROM _event_spoken b WHERE b.person_id = m.person_id"
        f" AND b.day < m.valid_on AND b.{r.same} = g.{r.same}))"
    )


def changed(r: Replacement) -> dict[str, str]:
    """Column of `persons` -> its expression over golden `g` and the table of the replacement."""
    alias = f"x_{r.name}"
    some = f"{alias}.event_record IS NOT NULL"
    made = {c: f"CASE WHEN {some} THEN {alias}.{c} ELSE g.{c} END AS {c}" for c in r.columns()}
    for field in r.origins():
        own = f"CASE WHEN {alias}.{field} IS NOT NULL THEN {alias}.event_record END"
        name = f"{field}_from"
        made[name] = f"CASE WHEN {some} THEN {own} ELSE g.{name} END AS {name}"
    return made


def joined(r: Replacement) -> str:
    """The join of `persons` with the table of the replacement."""
    return f" LEFT JOIN _event_{r.name} x_{r.name} ON x_{r.name}.person_id = g.person_id"
