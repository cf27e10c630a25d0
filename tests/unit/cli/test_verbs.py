"""Each verb on a tiny province: what it prints, the one JSON document, its exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from tests.unit.cli.conftest import DAY, dancu, told

from dancu.cli import main

_LIST = "STT,Họ và tên,Ngày sinh,Số CCCD\n1,Nguyễn Văn An,01/02/1990,924090000017\n"


def _findings(run: Path) -> list[dict[str, object]]:
    rows = pq.read_table(run / "validate" / "findings.parquet").to_pylist()
    return [r for r in rows if r["level"] == "person" and r["unit_code"] != "?"]


def test_a_second_run_takes_every_stage_from_the_first(lists: Path, run: Path) -> None:
    before = json.loads((run / "manifest.json").read_text("utf-8"))["stages"]
    again = told(dancu("run", lists, "--out", run, *DAY, "--json"))
    assert again["manifest"]["stages"]["link"] == before["link"]
    assert again["manifest"]["stages"]["score"] == before["score"]
    assert set(again["register"]) == {"correct", "complete", "clean", "living", "consistent", "*"}
    assert again["rows_in"] == again["rows_kept"] + again["rows_rejected"]


def test_run_ends_with_five_scores_and_the_paths(lists: Path, run: Path) -> None:
    shown = dancu("run", lists, "--out", run, *DAY)
    assert shown.exit_code == 0
    for words in ("Thống nhất", "Mười xã cần làm trước", "report.html", "worklists"):
        assert words in shown.stdout


def test_run_can_stop_early_and_a_report_of_it_is_refused(lists: Path, tmp_path: Path) -> None:
    half = dancu("run", lists, "--out", tmp_path / "r", *DAY, "--until", "intake")
    assert half.exit_code == 0 and half.stdout.startswith("Tiếp nhận: records ")
    refused = dancu("report", tmp_path / "r")
    assert refused.exit_code == 3
    assert "chưa xong (còn: Chuẩn hóa, " in refused.stderr


def test_a_run_that_broke_off_in_a_stage_does_that_stage_again(
    lists: Path, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "r"
    shutil.copytree(run, copy)
    monkeypatch.setattr("dancu.engine.golden.plan", _interrupted)
    shutil.rmtree(copy / "golden")
    stopped = dancu("run", lists, "--out", copy, *DAY)
    assert stopped.exit_code == 130 and "Đã dừng theo yêu cầu" in stopped.stderr
    stages = json.loads((copy / "manifest.json").read_text("utf-8"))["stages"]
    assert "link" in stages and "golden" not in stages and "score" not in stages
    assert not list(copy.rglob("*.partial")) and not (copy / ".spill").exists()


def _interrupted(_context: object) -> object:
    raise KeyboardInterrupt


def test_explain_tells_a_person_a_finding_a_unit_and_a_list(run: Path) -> None:
    finding = _findings(run)[0]
    for what, kind in (
        (finding["id"], "person"),
        (finding["finding_id"], "finding"),
        (finding["unit_code"], "score"),
        ("health", "score"),
    ):
        assert told(dancu("explain", run, what, "--json"))["kind"] == kind
        assert dancu("explain", run, what).exit_code == 0


def test_explain_masks_personal_numbers_until_asked(run: Path) -> None:
    row = pq.read_table(
        run / "events" / "persons.parquet", columns=["person_id", "personal_number"]
    )
    person = next(r for r in row.to_pylist() if r["personal_number"])
    assert person["personal_number"] not in dancu("explain", run, person["person_id"]).stdout
    assert person["personal_number"] in dancu("explain", run, person["person_id"], "--show").stdout


def test_explain_of_what_is_not_there(run: Path) -> None:
    nothing = dancu("explain", run, "khong-co")
    assert nothing.exit_code == 3
    assert "không phải mã người, mã việc, mã đơn vị hay mã nguồn" in nothing.stderr


def test_scores_come_as_a_table_and_as_json(run: Path) -> None:
    rows = told(dancu("score", run, "--json"))
    assert {row["scope"] for row in rows} >= {"province", "commune", "list", "register"}
    assert all(0 <= row["passed"] <= row["evaluated"] for row in rows)
    shown = dancu("score", run, "--unit", "health")
    assert "Số định danh cá nhân" in shown.stdout and "Thống nhất" in shown.stdout
    assert dancu("score", run, "--unit", "zz").exit_code == 3


def test_a_worklist_for_one_commune(run: Path, tmp_path: Path) -> None:
    unit = next(str(f["unit_code"]) for f in _findings(run) if str(f["unit_code"])[:2] == "07")
    made = told(dancu("worklist", run, "--unit", unit, "--out", tmp_path, "--json"))
    assert [path.rpartition("/")[2][:5] for path in made["files"]] == [unit]
    wrong = dancu("worklist", run, "--unit", "99999", "--out", tmp_path)
    assert wrong.exit_code == 2 and "Không có đơn vị mã 99999 vào ngày 21/06/2024" in wrong.stderr


def test_the_report_can_be_made_elsewhere(run: Path, tmp_path: Path) -> None:
    made = told(dancu("report", run, "--out", tmp_path, "--json"))
    assert made["files"][:2] == ["report.html", "report.json"]
    assert (tmp_path / "report.html").read_bytes()[:15].lower() == b"<!doctype html>"


def test_intake_shows_the_meaning_of_columns_and_clean_uses_what_was_saved(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text(_LIST.replace("Họ và tên", "Tên gọi"), "utf-8")
    (tmp_path / "cot.yml").write_text("Tên gọi: full_name\nSố CCCD: personal_number\n", "utf-8")
    shown = told(dancu("intake", tmp_path / "ds.csv", "--json"))
    assert shown["sheets"][0]["header_row"] == 1
    out = tmp_path / "ra"
    done = dancu(
        "clean",
        tmp_path / "ds.csv",
        "--mapping",
        tmp_path / "cot.yml",
        "--out",
        out,
        *DAY,
        "--json",
    )
    assert done.exit_code == 0
    assert json.loads(done.stdout)["written"][0] == "ds_da_lam_sach.xlsx"
    sheet = openpyxl.load_workbook(out / "ds_da_lam_sach.xlsx").worksheets[0]
    assert "Nguyễn Văn An" in [cell.value for cell in sheet[2]]


def test_intake_saves_a_mapping_without_any_cell(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text(_LIST, "utf-8")
    dancu("intake", tmp_path / "ds.csv", "--save-mapping", tmp_path / "cot.yml")
    saved = (tmp_path / "cot.yml").read_text("utf-8")
    assert "Họ và tên: full_name" in saved and "Nguyễn" not in saved


def test_clean_against_a_register_names_the_person_and_what_differs(
    run: Path, tmp_path: Path
) -> None:
    columns = ["person_id", "full_name", "birth_date", "personal_number", "personal_number_issue"]
    people = pq.read_table(run / "events" / "persons.parquet", columns=columns).to_pylist()
    known = next(p for p in people if p["personal_number"] and p["birth_date"])
    rows = [
        f"{known['full_name']},01/01/1911,{known['personal_number']}",
        "Trần Không Có,02/03/1999,924099000023",
    ]
    (tmp_path / "ds.csv").write_text("Họ và tên,Ngày sinh,Số CCCD\n" + "\n".join(rows), "utf-8")
    out = tmp_path / "ra"
    done = dancu("clean", tmp_path / "ds.csv", "--register", run, "--out", out, *DAY, "--json")
    assert done.exit_code == 0 and json.loads(done.stdout)["persons"] == 2
    sheet = openpyxl.load_workbook(out / "ds_da_lam_sach.xlsx").worksheets[0]
    heads, first, second = ([c.value for c in row] for row in sheet.iter_rows())
    one, two = (dict(zip(heads, row, strict=True)) for row in (first, second))
    assert one["Trong sổ đăng ký"] == f"Người {known['person_id']}"
    assert f"sổ ghi «{known['birth_date']:%d/%m/%Y}»" in one["Khác với sổ đăng ký"]
    assert (two["Trong sổ đăng ký"], two["Khác với sổ đăng ký"]) == ("chưa có trong sổ", None)


def test_link_joins_plain_files_of_any_alphabet(tmp_path: Path) -> None:
    head = "id,given_name,surname,date_of_birth,soc_sec_id\n"
    (tmp_path / "a.csv").write_text(head + "x1,Иван,Петров,19800102,5551234\n", "utf-8")
    (tmp_path / "b.csv").write_text(head + "y1,Иван,Петров,19800102,5551234\n", "utf-8")
    files = (tmp_path / "a.csv", tmp_path / "b.csv")
    done = dancu("link", *files, "--preset", "generic", "--id", "id", "--out", tmp_path, "--json")
    assert told(done)["persons"] == 1
    lines = (tmp_path / "links.csv").read_text("utf-8").splitlines()
    assert lines[0].replace('"', "") == "record_id,person_id,file,row,id"


def test_formats_check_says_what_a_value_is() -> None:
    fits = told(dancu("formats", "check", "98a-12345", "--json"))
    assert (fits[0]["format"], fits[0]["standard"], fits[0]["fits"]) == ("plate", "98A-12345", True)
    assert dancu("formats", "check", "zzz", "--format", "plate").exit_code == 1


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_help_is_vietnamese_first_with_an_example(verb: str) -> None:
    path = [verb, "check"] if verb == "formats" else [verb]
    text = dancu(*path, "--help").stdout
    assert "Ví dụ: dancu" in text
    assert sum(ord(c) > 0x1E9F for c in text.split("Options:")[0]) > 5


def test_help_comes_at_once_and_loads_nothing_heavy() -> None:
    heavy = "{'numba', 'duckdb', 'pyarrow', 'numpy'}"
    code = f"import dancu.cli, sys; sys.exit(bool({heavy} & set(sys.modules)))"
    before = os.times()
    done = subprocess.run([sys.executable, "-c", code], cwd="src")
    after = os.times()
    used = (
        after.children_user - before.children_user + after.children_system - before.children_system
    )
    assert done.returncode == 0 and used < 0.5
