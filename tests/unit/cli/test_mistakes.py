"""What goes wrong at the command line: the message says what, where and what to do; the exit code says how bad."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.cli.conftest import DAY, dancu

from dancu.cli.guard import trace

_LIST = "Họ và tên,Ngày sinh,Số CCCD\nNguyễn Bí Mật,01/02/1990,924090000017\n"

WRONG = [
    (["run"], "Thiếu FOLDER. Xem: "),
    (["run", "khong/co"], "không thấy «khong/co»; hãy kiểm tra đường dẫn và tên"),
    (["run", ".", "--on", "31/02/2024"], "«31/02/2024» không phải là ngày; hãy viết 21/06/2024"),
    (["run", ".", "--until", "xong"], "--until: giá trị không có; chọn một trong: intake"),
    (["clean", "{file}"], "Thiếu --out"),
    (["clean", "{file}", "--out", "{out}", "--sector", "ytế"], "Không có nguồn «ytế». Các nguồn: "),
    (["clean", "{file}", "--out", "{out}", "--mapping", "{bad}"], "không đúng cú pháp YAML"),
    (["clean", "{file}", "--out", "{out}", "--sector-file", "{bad}"], "không đúng cú pháp YAML"),
    (["clean", "{file}", "--oot", "x"], "Không có tùy chọn --oot; có phải --out"),
    (["link", "{file}", "--settings", "{bad}", "--out", "{out}"], "không đúng cú pháp YAML"),
    (["link", "{file}", "--preset", "la", "--out", "{out}"], "không có bộ cài sẵn «la»"),
    (["link", "{file}", "--preset", "generic", "--out", "{out}"], "không có cột nào mà cấu hình"),
    (["intake"], "Cần ít nhất một tệp danh sách"),
    (["province", "--scale", "9", "--out", "{out}"], "--scale: phải là số từ 0.0005 đến 2.0"),
    (["formats", "check", "1", "--format", "la"], "Không có định dạng «la». Các định dạng: "),
    (["lamsach"], "Không có lệnh «lamsach». Các lệnh: admin, backup, clean"),
    (["formats", "check", "1", "2"], "Thừa tham số: 2"),
]
NOTHING_DONE = [
    (["score", "{folder}"], "không phải là thư mục của một lần chạy (thiếu manifest.json)"),
    (["clean", "{file}", "--register", "{folder}", "--out", "{out}"], "thiếu manifest.json"),
    (["run", "{empty}", "--out", "{out}"], "Không có tệp nào để đọc trong"),
]


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "ds.csv").write_text(_LIST, "utf-8")
    (tmp_path / "bad.yml").write_text("a: [", "utf-8")
    (tmp_path / "empty").mkdir()
    names = {"file": "ds.csv", "bad": "bad.yml", "out": "ra", "folder": ".", "empty": "empty"}
    return {name: str(tmp_path / path) for name, path in names.items()}


@pytest.mark.parametrize(("argv", "message"), WRONG, ids=lambda x: " ".join(x)[:40])
def test_a_wrong_call_is_told_in_vietnamese(
    places: dict[str, str], argv: list[str], message: str
) -> None:
    done = dancu(*(word.format(**places) for word in argv))
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr and done.stderr.startswith("Lỗi: ")


@pytest.mark.parametrize(("argv", "message"), NOTHING_DONE, ids=lambda x: " ".join(x)[:40])
def test_where_nothing_can_be_done_the_reason_is_told(
    places: dict[str, str], argv: list[str], message: str
) -> None:
    done = dancu(*(word.format(**places) for word in argv))
    assert (done.exit_code, done.stdout) == (3, "")
    assert message in done.stderr


def test_an_error_nobody_foresaw_leaves_a_code_and_a_file_without_any_cell(
    places: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> object:
        raise ValueError("could not convert 'Nguyễn Bí Mật' 924090000017")

    monkeypatch.setattr("dancu.engine.golden.plan", breaks)
    out = tmp_path / "ra"
    done = dancu("clean", places["file"], "--out", out, *DAY)
    noted = (out / "loi.txt").read_text("utf-8")
    assert done.exit_code == 3
    assert "Lỗi không ngờ tới (ValueError), mã " in done.stderr and "loi.txt" in done.stderr
    assert "builtins.ValueError" in noted and "engine/pipeline.py" in noted
    for secret in ("Nguyễn", "Bí Mật", "924090000017", str(tmp_path)):
        assert secret not in noted
        assert secret not in done.stderr or secret == str(tmp_path)
    assert "Traceback" not in done.output


def test_debug_shows_the_whole_error(
    places: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> object:
        raise ValueError("x")

    monkeypatch.setattr("dancu.engine.golden.plan", breaks)
    done = dancu("clean", places["file"], "--out", tmp_path / "ra", *DAY, "--debug")
    assert isinstance(done.exception, ValueError)


def test_a_trace_names_causes_and_places_but_no_message() -> None:
    try:
        try:
            int("bí mật")
        except ValueError as cause:
            raise RuntimeError("bí mật") from cause
    except RuntimeError as error:
        text = trace(error)
    assert text.startswith("builtins.RuntimeError\n") and "builtins.ValueError\n" in text
    assert "bí mật" not in text and str(Path.cwd()) not in text
