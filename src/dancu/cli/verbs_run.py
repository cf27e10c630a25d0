"""The verbs that take lists in: clean, run, intake, province. Declarations only; the work is imported when called."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from dancu.cli.common import (
    OUT_FILE,
    OUT_FOLDER,
    SOME_FILE,
    SOME_PATH,
    SOME_RUN,
    STAGE_NAMES,
    Day,
    fail,
    json_option,
    on_option,
    test_people_option,
    today,
)
from dancu.cli.guard import Verb

_STAGES = [name for name in STAGE_NAMES if name != "report"]
_DEMO_DAY = dt.date(2024, 6, 21)

sector_option = click.option(
    "--sector",
    default=None,
    help="Nguồn của tệp (population, health…); bỏ trống để tự nhận biết. The source; found out if not given.",
)
sector_file_option = click.option(
    "--sector-file",
    type=SOME_FILE,
    multiple=True,
    help="Thêm một nguồn của riêng mình (sector.yml). A source of your own.",
)


@click.command(cls=Verb, short_help="Chạy toàn bộ cho một thư mục danh sách. Run everything.")
@click.argument("folder", type=SOME_PATH)
@click.option(
    "--out",
    type=OUT_FOLDER,
    default=None,
    help="Thư mục lần chạy (mặc định: var/runs/TÊN-NGÀY). Folder of the run.",
)
@click.option(
    "--until",
    type=click.Choice(_STAGES),
    default=_STAGES[-1],
    help="Dừng sau giai đoạn này. Stop after this stage.",
)
@sector_file_option
@on_option
@test_people_option
@json_option
def run(
    folder: Path,
    out: Path | None,
    until: str,
    sector_file: tuple[Path, ...],
    on: dt.date | None,
    test_people: bool,
    as_json: bool,
) -> None:
    """Chạy toàn bộ: tiếp nhận, chuẩn hóa, đối sánh, hợp nhất, biến động, kiểm tra, chấm điểm, báo cáo.

    Một thư mục danh sách thành một sổ dân cư, điểm của từng đơn vị, từng danh sách, và danh sách việc. Lần chạy bị
    dừng giữa chừng sẽ làm tiếp; giai đoạn không có gì thay đổi thì không làm lại.

    The main job: a folder of lists becomes one register, scores for every unit and list, and worklists.
    A run that was cut off goes on where it stopped; stages whose inputs did not change are not repeated.

    \b
    Ví dụ: dancu run danh_sach/ --out var/runs/thang6 --on 21/06/2024
    """
    from dancu.cli.running import Asked, run_folder

    day = on or today()
    target = out or Path("var/runs") / f"{folder.resolve().name}-{day.isoformat()}"
    run_folder(Asked((folder,), target, day, test_people, as_json, sector_file), until=until)


@click.command(cls=Verb, short_help="Làm sạch một hay vài tệp. Clean a few files.")
@click.argument("files", type=SOME_PATH, nargs=-1, required=True)
@sector_option
@click.option(
    "--register",
    type=SOME_RUN,
    default=None,
    help="Lần chạy trước, để đối chiếu với sổ đăng ký của nó. Compare with the register of an earlier run.",
)
@click.option(
    "--mapping",
    type=SOME_FILE,
    default=None,
    help="Ánh xạ cột đã lưu bằng dancu intake --save-mapping. Saved meaning of the columns.",
)
@click.option(
    "--out", type=OUT_FOLDER, required=True, help="Thư mục kết quả. Folder of the results."
)
@sector_file_option
@on_option
@test_people_option
@json_option
def clean(
    files: tuple[Path, ...],
    sector: str | None,
    register: Path | None,
    mapping: Path | None,
    out: Path,
    sector_file: tuple[Path, ...],
    on: dt.date | None,
    test_people: bool,
    as_json: bool,
) -> None:
    """Làm sạch một hay vài tệp: tệp đã chuẩn hóa bên cạnh cột gốc, lỗi cần xử lý, trùng lặp kèm giải thích.

    Cleans a few files: the cleaned file beside the original columns, findings, duplicates with their reasons.

    \b
    Ví dụ: dancu clean "Danh sách BHYT.xlsx" --out ket_qua --on 21/06/2024
           dancu clean hoc_sinh.csv --register var/runs/thang6 --out ket_qua
    """
    from dancu.cli.running import Asked, clean_files

    asked = Asked(files, out, on or today(), test_people, as_json, sector_file)
    clean_files(asked, sector=sector, register=register, mapping=mapping)


@click.command(cls=Verb, short_help="Xem tệp được hiểu thế nào; nhận lại danh sách việc. Take in.")
@click.argument("files", type=SOME_PATH, nargs=-1)
@sector_option
@sector_file_option
@click.option(
    "--save-mapping",
    type=OUT_FILE,
    default=None,
    help="Ghi đề xuất ánh xạ cột ra tệp YAML để sửa và dùng lại. Save the proposed meaning of the columns.",
)
@click.option(
    "--corrections",
    type=SOME_FILE,
    default=None,
    help="Danh sách việc (.xlsx) mà cán bộ đã điền. A worklist that was filled in.",
)
@click.option(
    "--run",
    "run_folder",
    type=SOME_RUN,
    default=None,
    help="Lần chạy mà danh sách việc thuộc về. The run that the worklist belongs to.",
)
@on_option
@test_people_option
@json_option
def intake(
    files: tuple[Path, ...],
    sector: str | None,
    sector_file: tuple[Path, ...],
    save_mapping: Path | None,
    corrections: Path | None,
    run_folder: Path | None,
    on: dt.date | None,
    test_people: bool,
    as_json: bool,
) -> None:
    """Xem một tệp được hiểu thế nào, hoặc nhận lại danh sách việc đã điền.

    Shows how files would be read, or takes back a worklist that an officer filled in.

    \b
    Ví dụ: dancu intake danh_sach.xlsx
           dancu intake danh_sach.xlsx --save-mapping cot.yml
           dancu intake --corrections 07366.xlsx --run var/runs/demo
    """
    from dancu.cli import taking

    if corrections is not None:
        if run_folder is None:
            fail("Cần --run THƯ_MỤC_LẦN_CHẠY để biết danh sách việc thuộc về lần chạy nào.", code=2)
        taking.take_back(corrections, run_folder, test_people=test_people, as_json=as_json)
        return
    if not files:
        fail("Cần ít nhất một tệp danh sách, hoặc --corrections TỆP --run LẦN_CHẠY.", code=2)
    taking.show(
        files, taking.specs_for(sector, sector_file), sector, save_mapping, on or today(), as_json
    )


@click.command(cls=Verb, short_help="Tạo một tỉnh không có thật để thử. Make an invented province.")
@click.option(
    "--scale",
    type=click.FloatRange(0.0005, 2.0),
    default=0.01,
    show_default=True,
    help="Quy mô; 1 = 2.034.961 người. Scale; 1 is 2,034,961 people.",
)
@click.option(
    "--seed",
    type=int,
    default=7,
    show_default=True,
    help="Cùng số, cùng dữ liệu. Same seed, same bytes.",
)
@click.option(
    "--out", type=OUT_FOLDER, required=True, help="Thư mục kết quả. Folder of the results."
)
@click.option(
    "--on",
    type=Day(),
    default=_DEMO_DAY,
    show_default="21/06/2024",
    help="Ngày của các danh sách. The day of the lists.",
)
@click.option(
    "--story",
    "told",
    default=None,
    help="Chuyện có số liệu định trước: bac-giang-2024 (hội nghị sơ kết 21/06/2024). A story whose figures are known.",
)
@click.option(
    "--load",
    "loads",
    is_flag=True,
    help="Với --story: chạy và nạp luôn vào cơ sở dữ liệu trống. Load it into the empty database as well.",
)
@json_option
def province(
    scale: float, seed: int, out: Path, on: dt.date, told: str | None, loads: bool, as_json: bool
) -> None:
    """Tạo một tỉnh không có thật: danh sách lộn xộn của các ngành và sự thật để đối chiếu.

    Makes an invented province: the messy lists of its sectors, and the truth to compare with.

    \b
    Ví dụ: dancu province --scale 0.01 --seed 7 --out var/demo/province
           dancu province --scale 0.01 --story bac-giang-2024 --out var/story --load
    """
    from dancu.cli.inventing import invent, tell_story

    if told:
        if on != _DEMO_DAY:
            raise click.UsageError(
                "Chuyện có ngày riêng (21/06/2024): bỏ --on. A story has its own day."
            )
        tell_story(told, scale=scale, seed=seed, out=out, loads=loads, as_json=as_json)
        return
    if loads:
        raise click.UsageError("--load đi cùng --story. --load goes with --story.")
    invent(scale=scale, seed=seed, out=out, on=on, as_json=as_json)
