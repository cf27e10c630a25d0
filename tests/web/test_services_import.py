"""Dossier lists of another portal taken in: what comes of each row, again, older, newer; figures, ledger and rights."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest

from dancu.sectors.public_services import clock
from dancu.sectors.public_services.importing import reading, taking
from dancu.store.postgres import connect

AT = dt.datetime(2024, 6, 21, 9, tzinfo=dt.UTC)
HEADS = "Mã hồ sơ;Mã thủ tục;Mã đơn vị;Kênh thực hiện;Trạng thái;Ngày tiếp nhận;Hạn xử lý;Ngày hoàn thành;Ngày trả"
OLD = "204.00.07.H02 - 240603 - 0001;1.004222;07204;Trực tuyến;Đang xử lý;03/06/2024 08:00;12/06/2024;;"
NEW = "H02.07.204-240603-0001;1.004222;07204;2;Đã trả kết quả;03/06/2024 08:00;12/06/2024;11/06/2024;12/06/2024"


@pytest.fixture
def con(site: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction of the owner that leaves nothing behind."""
    with contextlib.closing(connect(site)) as con:
        yield con
        con.rollback()


def taken(
    con: Any, *rows: str, messages: list[dict[str, Any]] | None = None, source: str = "cong-thu"
) -> taking.Taken:
    """One import of a list and of messages. A transaction takes one import in: what it left is put away here."""
    for name in ("key", "known", "row"):
        con.execute(f"DROP TABLE IF EXISTS import_{name}")
    sheets = []
    if rows:
        sheets += reading.read("\n".join([HEADS, *rows]).encode(), name="ds.csv")
    if messages:
        sheets += reading.read("\n".join(map(json.dumps, messages)).encode(), name="td.json")
    return taking.take(
        con, sheets, taking.Order("test", source, AT), progress=lambda _what, _share: None
    )


def turn(code: str, status: int, at: str) -> dict[str, Any]:
    return {"MaHoSo": code, "TrangThai": status, "ThoiDiemXuLy": at}


def one(con: Any, code: str) -> dict[str, Any]:
    cursor = con.execute("SELECT * FROM services.dossier WHERE code = %s", [code])
    return dict(zip((c.name for c in cursor.description), cursor.fetchone(), strict=True))


def wrong_cells(con: Any) -> int:
    """Cells in which kept figures and a recount differ, either way."""
    kept = "SELECT unit_code, procedure, version, channel, month, figure, n FROM services.figure"
    again = (
        "SELECT d.unit_code, d.procedure, d.version, d.channel, c.month, c.figure, sum(c.n)::bigint"
        " FROM services.dossier d CROSS JOIN LATERAL services.contribution(d) c GROUP BY 1, 2, 3, 4, 5, 6"
        " HAVING sum(c.n) <> 0"
    )
    query = f"SELECT count(*) FROM (({kept} EXCEPT ALL {again}) UNION ALL ({again} EXCEPT ALL {kept})) AS other"
    return int(con.execute(query).fetchone()[0])


def test_a_list_again_older_and_newer(con: Any) -> None:
    first = taken(con, OLD)
    assert (first.added, first.changed, first.bad) == (1, 0, 0)
    newer = taken(con, NEW)
    assert (newer.added, newer.changed) == (0, 1)
    found = one(con, "H02.07.204-240603-0001")
    assert (found["status"], found["on_time"], found["source"]) == (10, True, "cong-thu")
    for row in (NEW, OLD):
        again = taken(con, row)
        assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    assert one(con, "H02.07.204-240603-0001") == found
    assert wrong_cells(con) == 0


def test_each_import_is_an_entry_of_the_ledger_with_the_sums_of_its_files(con: Any) -> None:
    done = taken(con, OLD)
    files = con.execute(
        "SELECT files FROM services.import WHERE import_no = %s", [done.import_no]
    ).fetchone()[0]
    assert files[0]["sha256"] == hashlib.sha256("\n".join([HEADS, OLD]).encode()).hexdigest()
    entries = con.execute(
        "SELECT count(*) FROM ledger.pending e JOIN ledger.kind k USING (kind_no) WHERE k.name = 'dossier_import.1'"
        " AND e.key = %s", [str(done.import_no)],
    ).fetchone()  # fmt: skip
    assert entries == (1,)


REASONS = {
    "code_missing": ";1.004222;07204;2;4;03/06/2024;;;",
    "code_wrong": "HS-17;1.004222;07204;2;4;03/06/2024;;;",
    "status_unknown": "H02.07.204-240603-0011;1.004222;07204;2;lạ;03/06/2024;;;",
    "cancelled": "H02.07.204-240603-0012;1.004222;07204;2;Đã hủy;03/06/2024;;;",
    "moment_wrong": "H02.07.204-240603-0013;1.004222;07204;2;4;31/02/2024;;;",
    "no_received": "H02.07.204-240603-0014;1.004222;07204;2;4;;;;",
    "procedure_unknown": "H02.07.204-240603-0015;9.999999;07204;2;4;03/06/2024;;;",
    "unit_unknown": "H02.07.204-240603-0016;1.004222;99999;2;4;03/06/2024;;;",
    "channel_unknown": "H02.07.204-240603-0017;1.004222;07204;bồ câu;4;03/06/2024;;;",
    "no_end": "H02.07.204-240603-0018;1.004222;07204;2;9;03/06/2024;;;",
    "end_before_received": "H02.07.204-240603-0019;1.004222;07204;2;9;03/06/2024;;01/06/2024;",
}


def test_each_row_that_is_not_taken_is_kept_with_its_reason_and_place(con: Any) -> None:
    done = taken(con, OLD, *REASONS.values(), OLD.replace("Đang xử lý", "2"))
    assert done.reasons == dict.fromkeys(REASONS, 1) | {"duplicate": 1}
    rows = con.execute(
        "SELECT reason, row, heading, cells FROM services.import_bad WHERE import_no = %s",
        [done.import_no],
    ).fetchall()
    told = {reason: (row, heading) for reason, row, heading, _cells in rows}
    assert told["moment_wrong"] == (7, "Ngày tiếp nhận") and told["unit_unknown"] == (
        10,
        "Mã đơn vị",
    )
    assert all(json.loads(cells) for _r, _n, _h, cells in rows)
    assert done.rows == done.added + done.bad


def test_changes_of_status_move_the_clock(con: Any) -> None:
    code = "H02.07.204-240603-0001"
    taken(con, OLD)
    told = [
        turn(code, 5, "20240604080000"), turn(code, 4, "20240606080000"), turn(code, 9, "20240614100000"),
        turn("H02.07.204-240603-7777", 4, "20240604080000"),
    ]  # fmt: skip
    done = taken(con, messages=told)
    found = one(con, code)
    # Two working days were waited for: due on the 14th at 17:00 rather than on the 12th, so the end is in time.
    assert (found["status"], found["supplements"], found["on_time"]) == (9, 1, True)
    assert found["due_at"].astimezone(dt.timezone(dt.timedelta(hours=7))).day == 14
    assert done.reasons == {"no_dossier": 1} and taken(con, messages=told[:3]).changed == 0
    later = taken(con, OLD, messages=[turn(code, 10, "20240617080000")])
    assert later.changed == 1 and one(con, code)["status"] == 10
    assert wrong_cells(con) == 0


def test_what_was_worked_on_here_or_came_from_elsewhere_is_not_overwritten(con: Any) -> None:
    taken(con, OLD)
    assert taken(con, NEW, source="cong-khac").reasons == {"other_source": 1}
    con.execute("UPDATE services.dossier SET holder = 'cán bộ', version_no = version_no + 1")
    assert taken(con, NEW).reasons == {"worked_on_here": 1}
    assert one(con, "H02.07.204-240603-0001")["status"] == 4


def test_the_names_of_the_national_exchange_are_understood(con: Any) -> None:
    message = {"data": [{
        "MaHoSo": "000.19.24.H02-240603-0002", "MaTTHC": "1.004222.000.00.00.H02", "MaDonVi": "07204",
        "KenhThucHien": None, "TrangThaiHoSo": "4", "NgayTiepNhan": "20240603013000", "NgayHenTra": "20240612170000",
        "DanhSachTienDo": [{"TrangThai": "5", "ThoiDiemXuLy": "20240604080000"}],
    }]}  # fmt: skip
    sheets = reading.read(json.dumps(message).encode(), name="dong_bo.json")
    taking.take(
        con, sheets, taking.Order("test", "quoc-gia", AT), progress=lambda _what, _share: None
    )
    found = one(con, "H02.24.19-240603-0002")
    assert (found["channel"], found["status"], found["procedure"]) == (1, 5, "1.004222")
    assert found["paused_at"] is not None


@pytest.mark.parametrize("seed", range(2))
def test_figures_equal_a_recount_and_clocks_the_same_clock_after_random_imports(
    con: Any, seed: int
) -> None:
    rng = random.Random(seed)
    lives = {
        f"H02.07.204-240603-{n:04}": [turn(f"H02.07.204-240603-{n:04}", 2, "20240603080000")]
        for n in range(1, 30)
    }
    for _ in range(4):
        rows, messages = [], []
        for code, life in lives.items():
            for _ in range(rng.randrange(3)):
                day = rng.randrange(3, 28)
                life.append(
                    turn(
                        code,
                        rng.choice((4, 5, 6, 9, 10, 8)),
                        f"202406{day:02}{rng.randrange(8, 17):02}0000",
                    )
                )
            messages += life
            rows.append(
                f"{code};1.004222;{rng.choice(('07204', '07207'))};{rng.choice('123')};2;03/06/2024 08:00;12/06/2024;;"
            )
        taken(con, *rows, messages=rng.sample(messages, len(messages)))
        assert wrong_cells(con) == 0
    query = "SELECT code, on_time, supplements, due_at, ended_at, status FROM services.dossier WHERE source = %s"
    checked = 0
    zone = dt.timezone(dt.timedelta(hours=7))
    for code, on_time, supplements, due, ended, status in con.execute(
        query, ["cong-thu"]
    ).fetchall():
        turns = sorted({(m["ThoiDiemXuLy"], m["TrangThai"]) for m in lives[code]})
        assert status == max(turns, key=lambda t: (t[0][:8], _rank(t[1]), t[0]))[1]
        if ended is not None:
            life = [clock.Turn(s, dt.datetime.strptime(at, "%Y%m%d%H%M%S")) for at, s in turns]
            until = ended.astimezone(zone).replace(tzinfo=None)
            assert supplements <= 1 or not on_time
            assert on_time == (supplements <= 1 and ended <= due), code
            assert clock.ended_at(life) == until or status not in (9, 10), code
            checked += 1
    assert checked


def _rank(status: int) -> int:
    from dancu.sectors.public_services.importing.standard import RANK

    return RANK[status]


def test_who_has_not_the_right_sees_nothing(client_as: Callable[..., Any]) -> None:
    stranger = client_as("commune_police")
    for address in ("", "nhap/", "so/", "lan/1/", "khac-biet/1/"):
        assert stranger.get(f"/ho-so-nhap/{address}").status_code == 403
    assert client_as("admin_control", unit="24").get("/ho-so-nhap/").status_code == 200


def test_lists_from_the_pages_to_the_differences(
    client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile
    from tests.web.worker import worked

    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    client = client_as("admin_control", unit="24")
    rows = [NEW.replace("-0001", f"-01{n:02}") for n in range(8)]
    data = "\n".join([HEADS, *rows, REASONS["no_end"]]).encode()
    sent = client.post(
        "/ho-so-nhap/nhap/", {"source": "Cong-Trang", "file": SimpleUploadedFile("ds.csv", data)}
    )
    assert sent.status_code == 302, sent.content.decode()[-800:]
    preview = client.get(sent["Location"]).content.decode()
    assert "Hạn xử lý" in preview and "H02.07.204-240603-0100" in preview
    names = {f"column_{n}": role for n, role in enumerate(
        ("code", "procedure", "unit_code", "channel", "status", "received", "due", "ended", "returned"))}  # fmt: skip
    wrong = client.post(f"{sent['Location']}ghi/", names | {"column_1": "code"})
    assert wrong.status_code == 422 and "Hai cột cùng một ý nghĩa" in wrong.content.decode()
    assert client.post(f"{sent['Location']}ghi/", names).status_code == 302
    worked("intake")
    done = client.get(sent["Location"], follow=True)
    page = done.content.decode()
    assert "Lần nhập" in page and "Đã kết thúc nhưng không có ngày kết thúc xử lý" in page, page[
        -2000:
    ]
    assert ">Ngày hoàn thành</td>" in page
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"{done.redirect_chain[-1][0]}khong-nhan.xlsx").content)
    )
    first, wrong_row = ([str(c.value) for c in row] for row in book.active.iter_rows(max_row=2))
    assert wrong_row[:4] == ["ds.csv", "", "10", "Ngày hoàn thành"]
    assert first[5:9] == HEADS.split(";")[:4]
    made = io.BytesIO()
    book.save(made)
    again = SimpleUploadedFile("khong-nhan.xlsx", made.getvalue())
    sent = client.post("/ho-so-nhap/nhap/", {"source": "Cong-Trang", "file": again})
    assert wrong_row[5] in client.get(sent["Location"]).content.decode()
    client.post(f"{sent['Location']}bo/")
    bare = SimpleUploadedFile("thieu.csv", "Mã hồ sơ;Ngày tiếp nhận\n1;03/06/2024\n".encode())
    sent = client.post("/ho-so-nhap/nhap/", {"source": "Cong-Trang", "file": bare})
    assert (
        "Không có cột nào là: Trạng thái, Mã thủ tục."
        in client.get(sent["Location"]).content.decode()
    )
    client.post(f"{sent['Location']}bo/")

    other = "\n".join(
        [HEADS, *(row.replace(";2;Đã trả", ";1;Đã trả") for row in rows[1:])]
    ).encode()
    sent = client.post("/ho-so-nhap/so/", {
        "first": "01/06/2024", "last": "30/06/2024", "a": SimpleUploadedFile("a.csv", data),
        "b": SimpleUploadedFile("b.csv", other),
    })  # fmt: skip
    worked("intake")
    page = client.get(sent["Location"], follow=True)
    where = page.redirect_chain[-1][0]
    text = page.content.decode()
    assert "Khác kênh" in text and "Chỉ có ở A" in text and "/ho-so/" in text
    assert (
        client.get(f"{where}?ly_do=channel").content.decode().count('<th scope="row" class="code">')
        == 7
    )
    book = client.get(f"{where}khac-biet.csv?ly_do=channel").content.decode("utf-8-sig")
    assert book.count("Khác kênh") == 7
    assert client.get(f"{where}khac-biet.xlsx").content[:2] == b"PK"
    assert not list((tmp_path / "dossiers").glob("*"))
