"""Dossiers of tests with their papers, made as the owner and taken back; what other programs say of a PDF."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from dancu.platform.access import claims
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Ask, Filing

PLACE = "07204"
START = dt.datetime(2025, 7, 7, 8, 0)
SYSTEM = Actor("hệ thống", "system")
LEADER = Actor("ky", "leader", SimpleNamespace(display_name="Hoàng Văn Ký", username="ky"))
OFFICER = Actor("can", "officer", SimpleNamespace(display_name="Lê Thị Cán", username="can"))
BIRTH = {
    "child_name": "Nguyễn Minh Anh", "child_birth_date": "2025-07-01", "child_sex": "Nữ", "child_ethnic": "Kinh",
    "child_birth_place": "Bệnh viện Sản - Nhi Bắc Giang", "child_nationality": "Việt Nam",
    "home_town": "Tân Yên, Bắc Giang", "mother": {"name": "Trần Thị Bình", "number": "924199000017"},
    "father_name": "Nguyễn Văn An", "father_number": "924099000011", "relation": "Cha",
    "applicant_name": "Nguyễn Văn An", "applicant_number": "924099000011", "phone": "0912345678",
    "address_head": "Số 5, ngõ 2", "permanent_unit": PLACE,
}  # fmt: skip


def at(day: int = 0, hour: int = 0) -> dt.datetime:
    return dossiers.aware(START + dt.timedelta(days=day, hours=hour))


def filed(
    procedure: str = "BG.ES12",
    applicant: UUID | None = None,
    unit: str = PLACE,
    filed_by: UUID | None = None,
) -> Any:
    filing = Filing(
        procedure, unit, unit, 2, applicant or uuid4(), "NGUYỄN VĂN AN", BIRTH, filed_by=filed_by
    )
    return acting.do_file(filing=filing, by=SYSTEM, at=at())


def do(one: Any, by: Actor, action: str, when: dt.datetime, reason: str = "", **data: Any) -> Any:
    ask = Ask(action, one.version_no, reason=reason, data=data)
    return acting.do_act(dossier_no=one.dossier_no, by=by, ask=ask, at=when)


def finished(one: Any, officer: Actor, leader: Actor, **data: Any) -> Any:
    """Accepted, handled, signed."""
    one = do(do(one, officer, "accept", at(0, 1)), officer, "take", at(0, 2))
    return do(do(one, officer, "propose", at(0, 3)), leader, "sign", at(0, 4), **data)


def words(pdf: bytes) -> str:
    """The text as `pdftotext` reads it."""
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return told.stdout.decode().replace("\f", "")


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What `pdfsig` of Poppler says of the signatures."""
    path = folder / "x.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True)
    return told.stdout


@contextmanager
def as_officer(client: Any) -> Iterator[Any]:
    """A cursor of the pages' role within the officer's claim; nothing of it stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        claims.use(client.cookies["dancu"].value)
        yield cursor
        transaction.set_rollback(True)
