"""The verbs that ask: score, worklist, report, explain, link, formats. Declarations only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from dancu.cli.common import (
    OUT_FILE,
    OUT_FOLDER,
    SOME_FILE,
    SOME_RUN,
    json_option,
    on_option,
    test_people_option,
    today,
)
from dancu.cli.guard import Verb


class Usual(click.Group):
    """A group whose first command may go without its name: `dancu link a.csv` is `dancu link files a.csv`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts in the name where the first argument is no verb of this group."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Usual, short_help="Tìm bản ghi trùng; kiểm tra việc ghép. Find records that are one."
)
def link() -> None:
    """Tìm bản ghi là một người, và kiểm tra việc ghép đúng đến đâu.

    Finds records that are one person, and tells how good the linkage is.

    \b
    Ví dụ: dancu link a.csv b.csv --preset generic --id rec_id --out ket_qua
           dancu link review var/runs/demo --draw 300 --out mau.xlsx
    """


@link.command(
    "files",
    cls=Verb,
    short_help="Ghép các tệp (có thể bỏ chữ files). Link files; the word may be left out.",
)
@click.argument("files", type=SOME_FILE, nargs=-1, required=True)
@click.option(
    "--settings",
    type=SOME_FILE,
    default=None,
    help="Tệp YAML: cột, phép so sánh, khóa, ràng buộc. Columns, comparisons, keys, constraints.",
)
@click.option(
    "--preset",
    default=None,
    help="Bộ cài sẵn: generic hoặc vietnamese_person (mặc định). Settings that ship with dancu.",
)
@click.option(
    "--id",
    "id_column",
    default=None,
    help="Cột mã của bản ghi, chép sang links.csv. Column copied to links.csv.",
)
@click.option(
    "--out", type=OUT_FOLDER, required=True, help="Thư mục kết quả: links.csv, pairs.csv."
)
@json_option
def link_files(
    files: tuple[Path, ...],
    settings: Path | None,
    preset: str | None,
    id_column: str | None,
    out: Path,
    as_json: bool,
) -> None:
    """Tìm bản ghi trùng trong các tệp CSV/Parquet có tiêu đề đơn giản, mọi bảng chữ cái.

    Finds which records are one, in plain CSV or Parquet files of any alphabet.

    \b
    Ví dụ: dancu link a.csv b.csv --preset generic --id rec_id --out ket_qua
    """
    from dancu.cli.matching import match_files

    match_files(files, settings, preset, id_column, out, as_json)


@link.command(cls=Verb, short_help="Mẫu cho cán bộ và chất lượng ghép. A clerk's sample.")
@click.argument("run", type=SOME_RUN)
@click.option("--draw", "size", type=click.IntRange(20, 5000), default=None,
              help="Lập mẫu chừng ấy cặp (.xlsx). Draw about so many pairs.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True,
              help="Số gốc của phép rút mẫu. Seed of the draw.")  # fmt: skip
@click.option("--out", type=OUT_FILE, default=None, help="Tệp mẫu .xlsx. The sample's file.")
@click.option("--read", "answers", type=SOME_FILE, default=None,
              help="Nhận mẫu đã điền. Take a filled sample back.")  # fmt: skip
@click.option("--by", default=None, help="Cán bộ đã kết luận. Who judged.")
@click.option("--refine", "refined", type=OUT_FILE, default=None,
              help="Ghi cấu hình có trọng số chỉnh theo kết luận (.yml). Settings moved by the answers.")  # fmt: skip
@on_option
@click.option("--show", is_flag=True, help="Hiện đủ số định danh. Show personal numbers in full.")
@json_option
def review(
    run: Path,
    size: int | None,
    seed: int,
    out: Path | None,
    answers: Path | None,
    by: str | None,
    refined: Path | None,
    on: dt.date | None,
    show: bool,
    as_json: bool,
) -> None:
    """Việc ghép của lần chạy RUN đúng đến đâu: theo mô hình, và theo mẫu mà cán bộ đã kết luận.

    How good the linkage of a run is: as the model has it, and as a clerk's sample says.

    \b
    Ví dụ: dancu link review var/runs/demo --draw 300 --out mau.xlsx
           dancu link review var/runs/demo --read mau.xlsx --by "Nguyễn Thị A"
           dancu link review var/runs/demo
           dancu link review var/runs/demo --refine cau_hinh.yml
    """
    from dancu.cli import reviewing

    if size and answers:
        raise click.UsageError("Chọn --draw (lập mẫu) hoặc --read (nhận mẫu), không cả hai.")
    if size and not out:
        raise click.UsageError("--draw cần --out: tệp .xlsx để ghi mẫu.")
    by = (by or "").strip()
    if answers and not by:
        raise click.UsageError("--read cần --by: tên cán bộ đã kết luận.")
    if size and out:
        reviewing.draw(run, size=size, seed=seed, out=out, show=show, as_json=as_json)
    elif answers and by:
        reviewing.take(run, answers, by=by, day=on or today(), as_json=as_json)
    elif refined:
        reviewing.refine_settings(run, refined, as_json=as_json)
    else:
        reviewing.tell(run, as_json=as_json)


@click.command(cls=Verb, short_help="In điểm của một lần chạy. Print scores.")
@click.argument("run", type=SOME_RUN)
@click.option(
    "--unit",
    default=None,
    help="Mã xã, huyện, tỉnh hoặc mã nguồn; bỏ trống = tất cả. A unit's code, or a source.",
)
@json_option
def score(run: Path, unit: str | None, as_json: bool) -> None:
    """In điểm của một lần chạy: từng xã, huyện, tỉnh và từng danh sách.

    Prints the scores of a run: communes, districts, the province, and every list.

    \b
    Ví dụ: dancu score var/runs/demo --unit 07366
    """
    from dancu.cli.outputs import print_scores

    print_scores(run, unit, as_json)


@click.command(cls=Verb, short_help="Ghi danh sách việc cho từng xã. Write worklists.")
@click.argument("run", type=SOME_RUN)
@click.option(
    "--unit",
    multiple=True,
    help="Mã xã; lặp lại được; bỏ trống = mọi xã. Commune; may be repeated.",
)
@click.option(
    "--out",
    type=OUT_FOLDER,
    required=True,
    help="Thư mục để ghi các tệp .xlsx. Folder of the results.",
)
@click.option(
    "--show",
    is_flag=True,
    help="Hiện đủ số định danh. Show personal numbers in full.",
)
@json_option
def worklist(run: Path, unit: tuple[str, ...], out: Path, show: bool, as_json: bool) -> None:
    """Ghi danh sách việc cho công an xã (.xlsx để điền rồi nhận lại bằng dancu intake --corrections).

    Worklists that officers fill in, and that come back through dancu intake --corrections.

    \b
    Ví dụ: dancu worklist var/runs/demo --unit 07366 --out viec
    """
    from dancu.cli.outputs import write_worklists

    write_worklists(run, unit, out, show, as_json)


@click.group(
    cls=Usual,
    short_help="Lập lại báo cáo; kiểm tra số đã in. Make a report anew, check printed figures.",
)
def report() -> None:
    """Lập lại báo cáo của một lần chạy, hoặc kiểm tra các số liệu đã in trong một báo cáo.

    Makes the report of a run anew, or checks the figures that a report prints.

    \b
    Ví dụ: dancu report var/runs/demo --out bao_cao
           dancu report check so_lieu.csv --on 2024-06-21
    """


@report.command(
    "make", cls=Verb, short_help="Lập lại báo cáo của một lần chạy. Make the report anew."
)
@click.argument("run", type=SOME_RUN)
@click.option(
    "--out",
    type=OUT_FOLDER,
    default=None,
    help="Thư mục báo cáo (mặc định: chính lần chạy). Folder of the report.",
)
@json_option
def report_make(run: Path, out: Path | None, as_json: bool) -> None:
    """Lập lại báo cáo và danh sách việc từ một lần chạy đã có.

    Makes the report and the worklists anew from a finished run.

    \b
    Ví dụ: dancu report var/runs/demo --out bao_cao
    """
    from dancu.cli.outputs import write_report

    write_report(run, out or run, as_json)


@report.command("check", cls=Verb, short_help="Kiểm tra số đã in. Check printed figures.")
@click.argument("file", type=SOME_FILE, required=False)
@click.option(
    "--example",
    is_flag=True,
    help="Các số của hội nghị 21/06/2024 kèm trong gói. The packaged figures of the review of June 2024.",
)
@on_option
@json_option
def report_check(file: Path | None, example: bool, on: dt.date | None, as_json: bool) -> None:
    """Kiểm tra các số liệu như đã in: tỷ lệ với tử số và mẫu số, mức tăng mơ hồ, bình quân không hợp lý.

    Checks figures as printed (CSV with the columns of the packaged seed_figures.csv): shares against their parts,
    changes that can be read two ways, means that cannot well be. `--on`: the day whose standards apply. `--example`
    checks those figures themselves, as of their own day.

    \b
    Ví dụ: dancu report check so_lieu.csv --on 2024-06-21
           dancu report check --example
    """
    from dancu.cli.checking_figures import tell, tell_example

    if example == (file is not None):
        raise click.UsageError("Ghi một tệp, hoặc --example. Give a file, or --example.")
    if file is None:
        tell_example(on, as_json)
    else:
        tell(file, on or today(), as_json)


@click.command(cls=Verb, short_help="Vì sao: người, hai bản ghi, một lỗi, một điểm. Explain why.")
@click.argument("run", type=SOME_RUN)
@click.argument("what")
@click.argument("other", required=False)
@click.option("--show", is_flag=True, help="Hiện đủ số định danh. Show personal numbers in full.")
@click.option(
    "--html",
    "page",
    type=OUT_FILE,
    default=None,
    help="Ghi một trang có hình về người hoặc hai bản ghi. Write one page with pictures.",
)
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default="vi",
    help="Tiếng của phần đối sánh. Language in which a match is explained.",
)
@json_option
def explain(
    run: Path,
    what: str,
    other: str | None,
    show: bool,
    page: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Giải thích một người, hai bản ghi, một lỗi hoặc một điểm số của lần chạy RUN.

    WHAT: mã người (17), mã việc (mã của lỗi trong danh sách việc), mã đơn vị (07342) hoặc mã nguồn (health).
    WHAT và OTHER: hai mã bản ghi; vì sao là một người, hay vì sao không ghép, không so sánh.

    Why a person is one person, why two records are or are not one, why a finding, why the score of a unit or list.

    \b
    Ví dụ: dancu explain var/runs/demo 17 --html nguoi_17.html
           dancu explain var/runs/demo 17 35
           dancu explain var/runs/demo 07342
           dancu explain var/runs/demo health
    """
    from dancu.cli.explaining import Asked, tell

    tell(run, Asked(what, other, show, as_json, page, lang))


@click.group(short_help="Kiểm tra cách viết của một giá trị. Check written forms.")
def formats() -> None:
    """Kiểm tra cách viết của một giá trị (số định danh, thẻ BHYT, biển số…).

    Check written forms.
    """


@formats.command(cls=Verb)
@click.argument("value")
@click.option(
    "--format", "name", default=None, help="Chỉ kiểm tra một định dạng. Only this format."
)
@test_people_option
@json_option
def check(value: str, name: str | None, test_people: bool, as_json: bool) -> None:
    """Cho biết VALUE là gì, dạng chuẩn và các phần của nó.

    What VALUE is, its standard form and its parts.

    \b
    Ví dụ: dancu formats check "98a-12345"
    """
    from dancu.cli.checking import tell

    tell(value, name, test_people=test_people, as_json=as_json)
