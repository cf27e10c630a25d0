"""Sample accounts, one for each role, for a database of invented people only.

A database is a demo from the moment :func:`prepare` marked it, and can only be marked while it has no accounts of
real people: then log-in without a second factor cannot come into a real register.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connections

from dancu.platform.access import territory
from dancu.platform.accounts import services
from dancu.platform.accounts.models import User
from dancu.platform.accounts.secrets import new_password
from dancu.reference import units
from dancu.reference.rights import CITIZEN, Role, roles
from dancu.site import home
from dancu.site.boot import SiteError

PROVINCE = "24"
_FILE = "var/site/demo-accounts.json"


@dataclass(frozen=True)
class Account:
    """What is printed of a sample account."""

    username: str
    password: str
    role_name: str
    place: str


def prepare(day: dt.date = dt.date(2024, 6, 21)) -> None:
    """Mark the database as a demo and make the sample accounts once. Loading of a register hooks in here."""
    _mark(day)
    if not User.objects.using("owner").filter(is_demo=True).exists():
        _keep([_make(role, day) for role in roles().values() if role.code != CITIZEN])


def bring_dossiers() -> int:
    """Dossiers of public services for the people of the loaded register, once; how many were made."""
    from dancu.site import demo_loading

    home_unit = sorted(c.code for c in units.on(demo_loading.DAY).communes_of(PROVINCE))[0]
    scale = float(os.environ.get("DANCU_DEMO_SCALE") or 0.01)
    return demo_loading.load(scale=scale, home=home_unit)


def let_in_a_citizen() -> None:
    """A sample log-in at the citizen's page for one person of the loaded register; made once, in a demo alone."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM citizen_sample"
            " UNION ALL SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM access.setting WHERE name = 'demo')"
        )
        if cursor.fetchone():
            return
        cursor.execute(_SOMEBODY)
        found = cursor.fetchone()
        if found is None:
            return
        password = new_password()
        cursor.execute(
            "INSERT INTO citizen_sample VALUES (%s, %s)", [found[0], make_password(password)]
        )
    place = " · /cong-dan/dang-nhap/mau/"
    _keep([*accounts(), Account(found[1], password, roles()[CITIZEN].name_vi, place)])


_SOMEBODY = """
SELECT p.citizen_id, p.personal_number FROM register.person p
WHERE p.personal_number IS NOT NULL AND p.unit_code IS NOT NULL AND p.life_status = '1' AND p.death_date IS NULL
  AND p.number_status IS DISTINCT FROM 'cancelled' AND p.household_number IS NOT NULL AND p.n_records > 1
  AND p.birth_year BETWEEN 1970 AND 1995
  AND (SELECT count(*) FROM register.person o WHERE o.personal_number = p.personal_number) = 1
  AND (SELECT count(*) FROM register.person o WHERE o.household_number = p.household_number) > 2
ORDER BY p.person_id LIMIT 1"""
"""An adult with a household whom the register knows from more than one list."""


def accounts() -> list[Account]:
    """The sample accounts of this installation, as they were made."""
    path = home.folder() / _FILE
    if not path.is_file():
        raise SiteError(
            f"Mất tệp {path} ghi mật khẩu mẫu: xoá cơ sở dữ liệu mẫu rồi chạy lại.\n"
            f"{path} with the sample passwords is gone: remove the sample database and start again."
        )
    return [Account(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def _mark(day: dt.date) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM access.setting WHERE name = 'demo'")
        if cursor.fetchone():
            return
        if User.objects.using("owner").filter(is_demo=False).exists():
            raise SiteError(
                "Cơ sở dữ liệu này có tài khoản thật: không lập tài khoản mẫu. Bỏ --demo, hoặc dùng DANCU_HOME khác.\n"
                "This database has real accounts: no sample accounts here; leave --demo out."
            )
        cursor.execute("INSERT INTO access.setting VALUES ('demo', 'true')")
    territory.set_register_day(day)


def _make(role: Role, day: dt.date) -> Account:
    tree = units.on(day)
    unit = _unit(role, tree)
    username = f"mau.{role.code.replace('_', '.')}"
    user, password = services.do_create_user(
        username=username, display_name=f"{role.name_vi} (mẫu)", by="demo", demo=True
    )
    services.do_grant(
        user=user, role=role.code, unit_code=unit, unit_on=day, by="demo", reason="tài khoản mẫu"
    )
    return Account(
        username, password, role.name_vi, f" · {tree.get(unit).full_name}" if unit else ""
    )


def _unit(role: Role, tree: Any) -> str:
    """A commune for who works in one, the province for who works for it."""
    commune = role.unit_level.startswith(("commune", "facility", "business"))
    return sorted(c.code for c in tree.communes_of(PROVINCE))[0] if commune else PROVINCE


def _keep(made: list[Account]) -> None:
    path = home.folder() / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    rows = [row.__dict__ for row in made]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
