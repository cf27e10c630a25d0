"""What tests of linked services share: a page's transaction around a service, actors, a newborn's form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from tests.web.citizens import COOKIE

from dancu.platform.access import claims
from dancu.platform.citizen import own
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Ask
from dancu.sectors.public_services.dossiers import Dossier

LINKED, BIRTH, HOME, CARD = "BG.ES15", "BG.ES12", "1.004222", "BG.BH06"
START = dt.datetime(2024, 6, 17, 8, 0)


def at(day: int = 0, hour: int = 0) -> dt.datetime:
    return dossiers.aware(START + dt.timedelta(days=day, hours=hour))


@contextmanager
def page_of(client: Any) -> Iterator[None]:
    """One transaction with the claim of a logged-in client, as a request of theirs; it commits."""
    cookie = client.cookies.get("dancu") or client.cookies[COOKIE]
    with transaction.atomic():
        claims.use(cookie.value)
        yield


def actor(client: Any, role: str) -> Actor:
    return Actor(client.user.username, role, client.user)


def do(
    client: Any, role: str, dossier_no: int, action: str, moment: dt.datetime, reason: str = "", **data: Any
) -> Dossier:  # fmt: skip
    """One action in a page's transaction."""
    with page_of(client):
        ask = Ask(action, dossiers.get(dossier_no).version_no, reason=reason, data=data)
        return acting.do_act(dossier_no=dossier_no, by=actor(client, role), ask=ask, at=moment)


def newborn(
    number: str, name: str, born: str = "15/06/2024", sex: str = "Nữ", **more: Any
) -> dict[str, Any]:
    """What a mother says on the form."""
    return {
        "child_name": name, "child_birth_date": born, "child_sex": sex,
        "child_birth_place": "Bệnh viện Sản - Nhi tỉnh Bắc Giang", "child_ethnic": "Kinh",
        "child_nationality": "Việt Nam", "relation": "Mẹ", "applicant_number": number,
        "clinic": "Trạm y tế phường Trần Nguyên Hãn", "child_home": "", **more,
    }  # fmt: skip


__all__ = ["BIRTH", "CARD", "HOME", "LINKED", "actor", "at", "do", "newborn", "own", "page_of"]
