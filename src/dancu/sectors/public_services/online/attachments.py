"""Papers photographed with a telephone: cleaned, kept with the draft, then with the dossier.

Hook for the counter: `of_dossier` lists them, `services_online:file` shows one to whoever may see the dossier.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from dancu.kit.files import NoEvidence, clean

MOST = 12
"""Files of one draft or one supplement."""
SUPPLEMENT = "supplement"


@dataclass(frozen=True)
class Attachment:
    """A file without its bytes."""

    attachment: UUID
    part: str
    kind: str
    size: int
    at: dt.datetime

    @property
    def is_picture(self) -> bool:
        """Whether a browser shows it as one."""
        return self.kind == "image/jpeg"


_COLUMNS = "attachment, part, kind, octet_length(content), at"


def do_add(
    data: bytes,
    *,
    owner: str,
    part: str,
    at: dt.datetime,
    draft: UUID | None = None,
    dossier_no: int | None = None,
) -> None:
    """Clean it and keep it; NoEvidence says what is wrong with it."""
    kept = of_draft(draft) if draft else [a for a in of_dossier(dossier_no or 0) if a.part == part]
    if len(kept) >= MOST:
        raise NoEvidence(_("Mỗi hồ sơ gửi được nhiều nhất 12 tệp. Bỏ bớt tệp trùng rồi gửi lại."))
    made = clean(data)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.attachment (owner, draft, dossier_no, part, kind, content, sha256, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [owner, draft, dossier_no, part, made.kind, made.content, made.sha256, at],
        )


def do_drop(attachment: UUID, draft: UUID) -> None:
    """Away with a file of a draft; one that was filed stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM services.attachment WHERE attachment = %s AND draft = %s",
            [attachment, draft],
        )


def of_draft(draft: UUID) -> list[Attachment]:
    """Files of a draft, in the order in which they came."""
    return _listed("draft = %s", draft)


def of_dossier(dossier_no: int) -> list[Attachment]:
    """Files of a dossier."""
    return _listed("dossier_no = %s", dossier_no)


def read(attachment: UUID) -> tuple[str, bytes] | None:
    """Kind and bytes; None when there is none that the asker may see."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, content FROM services.attachment WHERE attachment = %s", [attachment]
        )
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else None


def _listed(which: str, value: object) -> list[Attachment]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM services.attachment WHERE {which} ORDER BY at, attachment",
            [value],
        )
        return [Attachment(*row) for row in cursor.fetchall()]
