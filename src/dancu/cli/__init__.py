"""`dancu <verb>`: the edge. The only room that reads the clock, prints, and turns errors into exit codes.

Exit codes: 0 done · 1 done, but some input was refused or some check failed · 2 wrong use · 3 nothing could be done ·
130 stopped by Ctrl-C. `verbs_*.py` declare the commands and import nothing heavy; the work is in the modules that
they import when called, so that help comes at once.
"""

from __future__ import annotations

import click

from dancu import __version__
from dancu.cli.usage import Program
from dancu.cli.verbs_ask import explain, formats, link, report, score, worklist
from dancu.cli.verbs_backup import backup, restore
from dancu.cli.verbs_complete import complete
from dancu.cli.verbs_keep import keep
from dancu.cli.verbs_keys import keys
from dancu.cli.verbs_ledger import ledger
from dancu.cli.verbs_report import report_verify as report_verify
from dancu.cli.verbs_report_write import report_write as report_write
from dancu.cli.verbs_run import clean, intake, province, run
from dancu.cli.verbs_services import services
from dancu.cli.verbs_site import admin, load, migrate, serve, worker

_EPILOG = """
\b
Ví dụ (examples):
  dancu clean danh_sach.xlsx --out ket_qua
  dancu province --scale 0.01 --seed 7 --out var/demo/province
  dancu run var/demo/province/lists --out var/runs/demo --on 2024-06-21 --test-people
  dancu explain var/runs/demo 17

\b
Mã thoát (exit codes):
  0    xong (done)
  1    xong, nhưng có tệp hay dòng bị từ chối (done, some input was refused)
  2    gọi sai cách (wrong use)
  3    không làm được (nothing could be done)
  130  người dùng dừng bằng Ctrl-C (interrupted)
"""


@click.group(
    cls=Program,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="dancu")
def main() -> None:
    """Dữ liệu dân cư đúng, đủ, sạch, sống: làm sạch các danh sách của một tỉnh và nói rõ chất lượng của chúng.

    Cleans a province's lists and says how correct, complete, clean and living they are.
    """


_VERBS: tuple[click.Command, ...] = (
    clean, run, intake, link, score, worklist, report, explain, province, formats,
    load, migrate, serve, worker, admin, backup, restore, keys, complete, keep, ledger, services,
)  # fmt: skip
for command in _VERBS:
    main.add_command(command)
