"""Applicants in tests: a draft filled through the pages and filed; what an office does to it, without its screens."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.web.citizens import text

from dancu.reference import services
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Ask
from dancu.sectors.public_services.system import as_system

ANSWERS = {"date": "5/3/2024", "number": "2", "text": "Thôn Đông, xã bên"}


def photo() -> io.BytesIO:
    """A picture with a place in its EXIF, as a telephone makes it."""
    picture, out = Image.new("RGB", (900, 600), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Maker of telephones"
    exif[0x8825] = {2: (21.0, 16.0, 1.0)}
    picture.save(out, "JPEG", exif=exif)
    out.seek(0)
    out.name = "IMG_2024 của tôi.jpg"
    return out


def begin(client: Client, procedure: str, whom: str = "self") -> str:
    """A draft; its address."""
    answer = client.post(f"/dich-vu/{procedure}/nop/", {"whom": whom})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def fill(client: Client, draft: str, procedure: str) -> None:
    """Every question and every paper that the list asks for."""
    fields = {f.name: f for f in services.fields(procedure, on=timezone.localdate())}
    page = text(client.get(draft))
    for name in re.findall(r'id="hoi-(\w+)"', page):
        answer = client.post(f"{draft}hoi/{name}/", _given(fields[name], page))
        assert answer.status_code == 302, (name, text(answer))
    for part in re.findall(r'id="giay-(\w+)"', page):
        answer = client.post(f"{draft}giay-to/{part}/", {"paper": photo()})
        assert answer.status_code == 302, text(answer)


def filed(client: Client, procedure: str, whom: str = "self") -> dossiers.Dossier:
    """A dossier of this procedure, filed through the pages."""
    draft = begin(client, procedure, whom)
    fill(client, draft, procedure)
    assert client.post(f"{draft}xem-lai/").status_code == 302
    return dossier(code_on(client, draft))


def code_on(client: Client, draft: str) -> str:
    """The code in large type."""
    found = re.search(r'class="big code">([^<]+)<', text(client.get(f"{draft}da-nop/")))
    assert found
    return found[1]


def dossier(code: str) -> dossiers.Dossier:
    """As the owner sees it."""
    with as_system():
        return dossiers.by_code(code)


def office(
    code: str, user: Any, *actions: str, role: str = "officer", **data: Any
) -> dossiers.Dossier:
    """What an officer does, one after the other, each with a reason."""
    with as_system():
        one = dossiers.by_code(code)
        for action in actions:
            ask = Ask(
                action, one.version_no, reason="Lý do của phép thử", data={"law": "Điều 1", **data}
            )
            one = acting.do_act(
                dossier_no=one.dossier_no,
                by=Actor(user.username, role, user),
                ask=ask,
                at=timezone.now(),
            )
        return one


def later(days: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


def _given(field: services.Field, page: str) -> dict[str, str]:
    if field.kind == "person":
        return {"name": "Nguyễn Văn Thử", "number": "924 199 000 017"}
    if field.kind == "choice":
        return {"answer": field.choices[0]}
    if field.name in ("new_unit", "stay_unit", "temporary_unit", "plot_unit", "child_home"):
        return {"answer": "07204"}
    return {"answer": ANSWERS.get(field.kind, "x")}
