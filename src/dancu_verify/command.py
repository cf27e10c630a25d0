"""`dancu-verify`: what holds and what does not, in Vietnamese or English. Exit code 0: whole, 1: not, 2: wrong use."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from cryptography import x509

from dancu_verify.found import Report
from dancu_verify.reading import Damaged
from dancu_verify.verify import verify

WHOLE = ("NGUYÊN VẸN: mọi kiểm tra đều đúng.", "WHOLE: every check holds.")
BROKEN = ("KHÔNG NGUYÊN VẸN: {count} điều không đúng.", "NOT WHOLE: {count} things do not hold.")
COUNTED = (
    "Đã kiểm tra {leaves} mục, {rows} dòng (đã xoá theo luật: {erased}), {heads} đầu cây ({stamped} có dấu thời gian"
    " được kiểm tra), {bundles} gói của bên thứ hai ({kept} mã băm).",
    "Examined {leaves} entries, {rows} rows (erased under the law: {erased}), {heads} heads ({stamped} time stamps"
    " checked), {bundles} bundles of the second body ({kept} hashes).",
)
UNPINNED = (
    "Khoá lấy trong chính bản xuất: hãy đối chiếu {key} với khoá được công bố, hoặc dùng --key.",
    "The key is the export's own: compare {key} with the published one, or give --key.",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of the console script."""
    given = _parser().parse_args(argv)
    english = given.lang == "en"
    try:
        certificates = [one for path in given.tsa for one in _certificates(path)]
        report = verify(
            given.export, second_body=given.second_body, certificates=certificates, pinned=given.key,
            tolerance=dt.timedelta(seconds=given.tolerance),
        )  # fmt: skip
    except (Damaged, OSError, ValueError) as error:
        said = "Cannot be read" if english else "Không đọc được"
        print(f"{said}: {error}", file=sys.stderr)
        return 2
    print(_json(report) if given.json else text(report, given.lang))
    return 0 if report.whole else 1


def text(report: Report, lang: str) -> str:
    """The report as a person reads it."""
    pick = int(lang == "en")
    lines = [f"✗ {f.text(lang)}" for f in report.findings if not f.is_note]
    verdict = WHOLE[pick] if report.whole else BROKEN[pick].format(count=len(lines))
    names = ("leaves", "rows", "erased", "heads", "stamped", "bundles", "kept")
    counted = dict.fromkeys(names, 0)
    lines += [f"! {f.text(lang)}" for f in report.findings if f.is_note]
    lines.append(COUNTED[pick].format(**(counted | report.counted)))
    if not report.pinned:
        lines.append(UNPINNED[pick].format(key=report.key))
    return "\n".join([*lines, verdict])


def _json(report: Report) -> str:
    told = [asdict(f) | {"vi": f.text("vi"), "en": f.text("en")} for f in report.findings]
    made = {"whole": report.whole, "key": report.key, "pinned": report.pinned}
    made |= {"counted": report.counted}
    return json.dumps(made | {"findings": told}, ensure_ascii=False, indent=1, default=str)


def _certificates(path: Path) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(path.read_bytes())


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="dancu-verify",
        description="Kiểm tra bản xuất sổ cái của dancu. Verifies an export of dancu's ledger.",
    )
    made.add_argument(
        "export", type=Path, help="thư mục do «dancu ledger export» ghi / the exported folder"
    )
    made.add_argument(
        "--second-body", type=Path, help="thư mục các gói bên thứ hai giữ / folder of bundles"
    )
    made.add_argument(
        "--tsa",
        type=Path,
        action="append",
        default=[],
        help="chứng thư cấp dấu thời gian (PEM) / certificate of the time-stamp authority",
    )
    made.add_argument(
        "--key",
        action="append",
        default=[],
        help="kid của khoá sổ cái đã biết / kid of a key known from elsewhere",
    )
    made.add_argument(
        "--tolerance",
        type=int,
        default=3600,
        help="giây được phép lệch / seconds that times may differ",
    )
    made.add_argument("--lang", choices=("vi", "en"), default="vi")
    made.add_argument("--json", action="store_true", help="in dạng JSON / as JSON")
    return made
