"""Search in the register as the pages do it: as their own role, row-level security on, within a territory.

``--scale 1`` is 2,034,961 invented people (`bench.link_people`) in 209 communes, in a PostgreSQL of its own with
default settings and no fsync. What is typed is drawn from the people themselves: full names with and without marks,
a part of a name, a name that is only begun, with a birth year, numbers of five kinds, names that nobody has; and the
most frequent names, ten pages on. Each through `dancu.platform.register.search` in a transaction of a page: the
claim named, the answer read. Beside it a select by primary key by the same role on the same connection in the same
run, since an absolute time on a shared machine says little. Rows hold fewer columns than in a living register.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from bench.harness import Bench
from bench.link_people import PEOPLE, People, people, words

SEARCHES, WARM = 1_500, 100
GOAL_MS = 50.0
ON = dt.date(2024, 6, 21)
_COLUMNS = (
    "person_id", "full_name", "name_key", "sort_key", "personal_number", "old_number", "bhxh_number", "phone",
    "birth_date", "birth_year", "birth_month", "birth_day", "birth_earliest", "sex", "unit_code", "permanent_unit",
    "household_number", "father_name", "mother_name", "address_head", "life_status", "n_records", "sources",
)  # fmt: skip
Typed = list[tuple[str, str]]
"""(kind, text) of what is typed."""


def measured(scale: float) -> dict[str, Any]:
    """All figures of one scale, in a process and a server of its own."""
    os.environ |= {"DANCU_DATABASE": "none", "DANCU_SECRET_KEY": "bench",
                   "DJANGO_SETTINGS_MODULE": "dancu.site.settings"}  # fmt: skip
    import django

    django.setup()
    from dancu.store import supervisor

    drawn = people(round(PEOPLE * scale), np.random.default_rng(7))
    with supervisor.temporary() as server:
        told = {"people": len(drawn.sex), "load_s": _filled(server.dsn, drawn)}
        from django.db import connections

        try:
            return told | _searched(server.dsn, drawn)
        finally:
            connections.close_all()


def _filled(dsn: str, drawn: People) -> float:
    from dancu.site import addresses, database
    from dancu.store.postgres import connect
    from dancu.store.register import schema

    addresses.point(dsn)
    database.migrate()
    start = time.perf_counter()
    made = [(n, make) for n, make in schema.indexes() if f"ON {schema.SCHEMA}.person " in make]
    with connect(dsn) as con:
        for name, _ in made:
            con.execute(f"DROP INDEX register.{name}".encode())
        copying = f"COPY register.person ({', '.join(_COLUMNS)}) FROM STDIN"
        with con.cursor() as cursor, cursor.copy(copying.encode()) as copy:
            for row in _rows(drawn):
                copy.write_row(row)
        for _, make in made:
            con.execute(make.encode())
    with connect(dsn, autocommit=True) as con:
        con.execute("VACUUM (ANALYZE) register.person")
    return round(time.perf_counter() - start, 1)


def _rows(drawn: People) -> Iterator[tuple[Any, ...]]:
    for k, name in enumerate(_names(drawn)):
        full, key, order = _spelled(name)
        born = drawn.born[k].item()
        number = None if drawn.number[k] <= 0 else f"{drawn.number[k]:012d}"
        unit = _unit(int(drawn.commune[k]))
        yield (
            k, full, key, order, number, _digits(drawn.old_number[k], 9), _digits(drawn.bhxh_number[k], 10),
            _digits(drawn.phone[k], 10), born, born.year, born.month, born.day, born, str(drawn.sex[k]), unit, unit,
            f"{drawn.household[k]:09d}", _text(drawn.father[k]), _text(drawn.mother[k]), "Số 12, Tổ dân phố số 7",
            "1", 2, ["population", "health"],
        )  # fmt: skip


def _names(drawn: People) -> Iterator[str]:
    for codes in zip(drawn.surname, drawn.middle, drawn.given, strict=True):
        yield _text(codes)


@cache
def _texts() -> list[str]:
    return list(words().texts.to_pylist())


def _text(codes: Any) -> str:
    return " ".join(part for code in codes if (part := _texts()[int(code)]))


@cache
def _spelled(name: str) -> tuple[str, str, str]:
    from dancu.formats import person_name
    from dancu.lib.text import fold

    return name, fold(name), person_name.list_key(name)


def _digits(value: Any, width: int) -> str | None:
    return f"{int(value):0{width}d}" if value > 0 else None


def _unit(commune: int) -> str:
    return f"{7000 + commune:05d}"


def _typed(drawn: People) -> Typed:
    """What officers type, each with its kind."""
    from dancu.lib.text import strip_marks

    rng = np.random.default_rng(11)
    made: Typed = []
    for k in rng.choice(len(drawn.sex), SEARCHES, replace=False).tolist():
        name = _text((drawn.surname[k], drawn.middle[k], drawn.given[k]))
        parts = name.split()
        numbers = [
            n for n in (
                _digits(drawn.number[k], 12), _digits(drawn.old_number[k], 9), _digits(drawn.phone[k], 10),
                _digits(drawn.bhxh_number[k], 10), f"{drawn.household[k]:09d}",
            ) if n
        ]  # fmt: skip
        ways = [
            ("without marks", strip_marks(name)),
            ("with marks", name),
            ("part of a name", strip_marks(" ".join(parts[1:]))),
            ("given name", parts[-1]),
            ("begun", strip_marks(name)[:-1]),
            ("with the year", f"{strip_marks(name)} {drawn.born[k].item().year}"),
            ("surname and given name", strip_marks(f"{parts[0]} {parts[-1]}")),
            ("number", numbers[len(made) % len(numbers)]),
            ("number", numbers[0]),
            ("nobody", strip_marks(f"{parts[-1]} {parts[0]} {parts[-1]}x")),
        ]
        made.append(ways[len(made) % len(ways)])
    return made


def _searched(dsn: str, drawn: People) -> dict[str, Any]:
    from dancu.platform.access import claims
    from dancu.platform.register import search
    from dancu.store.postgres import connect

    size = max(int(drawn.commune.max()) + 1, 1)
    everywhere = [_unit(c) for c in range(size)]
    largest = _unit(int(np.bincount(drawn.commune).argmax()))
    scopes = {
        "commune": [largest],
        "district": everywhere[: max(size // 10, 7)],
        "province": everywhere,
    }
    with connect(dsn) as con:
        con.execute(
            "INSERT INTO accounts_user (id, username, display_name, is_active, is_demo, locale, created_at)"
            " VALUES (0, 'bench', 'bench', true, true, 'vi', now())"
        )
        for name, units in scopes.items():
            con.execute(
                "INSERT INTO access.claim (token_hash, user_id, units, register_day, expires_at)"
                " VALUES (%s, 0, %s, '2024-06-21', now() + interval '1 day')",
                [claims.hashed(name), units],
            )
    typed, told = _typed(drawn), {}
    for name in scopes:
        spent = _timed(name, [lambda t=t: _asked(search.Asked(t)) for _, t in typed])
        told |= _quantiles(name, spent)
        if name == "province":
            kinds = np.array([kind for kind, _ in typed])[WARM:]
            for kind in dict.fromkeys(kinds.tolist()):
                told[f"{kind}, p95"] = round(float(np.quantile(spent[kinds == kind], 0.95)), 2)
    told |= _quantiles("pages_of_frequent", _paged("province"))
    keys = np.random.default_rng(3).choice(len(drawn.sex), SEARCHES).tolist()
    return told | _quantiles(
        "primary_key", _timed("province", [lambda k=k: _by_key(k) for k in keys])
    )


class _Clerk:
    """Who searches: the lines of the log are written in this name."""

    username, roles_today = "bench", ("commune_police",)


def _asked(asked: Any, after: Any = None) -> Any:
    """A page of results, each person with a line in the log."""
    from dancu.platform.register import search

    return search.search(asked, by=_Clerk(), purpose="residence", on=ON, after=after)


def _timed(token: str, asked: list[Callable[[], Any]]) -> Any:
    """Milliseconds of each, the first WARM left out."""
    from django.db import connection, transaction

    spent = []
    for ask in asked:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('dancu.token', %s, true)", [token])
            start = time.perf_counter()
            ask()
            spent.append((time.perf_counter() - start) * 1e3)
    return np.array(spent[WARM:] or spent)


def _paged(token: str) -> Any:
    """Ten pages of each of the most frequent names."""
    from dancu.platform.register import search

    spent = []
    for name in (
        "nguyen van hung",
        "Nguyễn Văn Hùng",
        "nguyen thi",
        "nguyen",
        "van",
        "thi hoa",
        "tran",
        "hu",
    ):
        after = None
        for _ in range(10):
            found: list[Any] = []
            asked, behind = search.Asked(name), after
            spent += _timed(
                token, [lambda a=asked, b=behind, f=found: f.append(_asked(a, after=b))]
            ).tolist()
            after = found[0].more
            if after is None:
                break
    return np.array(spent)


def _by_key(person: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT full_name FROM register.person WHERE person_id = %s", [person])
        cursor.fetchall()


def _quantiles(what: str, spent: Any) -> dict[str, float]:
    return {f"{what}_p{q}_ms": round(float(np.quantile(spent, q / 100)), 2) for q in (50, 95, 99)}


def main(scale: float = 0.1) -> None:
    bench = Bench("search", scale)
    row = bench.call(measured, who="dancu", what="search as the pages' role", args={"scale": scale})
    told = dict(row.extra)
    for name, value in told.items():
        print(f"{name:<34}{value}")
    for scope in ("commune", "district", "province", "pages_of_frequent"):
        bench.goal(f"{scope}: p95 in ms", goal=GOAL_MS, got=told[f"{scope}_p95_ms"], at_most=True)
    bench.finish()
