"""The page of what may be done to a dossier: the table of moves, and the paper that each action makes."""

from __future__ import annotations

from pathlib import Path

from dancu.reference import services
from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.papers.kinds import DEMANDED, KINDS, RESULT

WHO = {"citizen": "người nộp", "officer": "cán bộ", "leader": "lãnh đạo", "system": "hệ thống"}
NEEDS = {
    "reason": "lý do",
    "law": "căn cứ",
    "papers": "giấy tờ cần bổ sung",
    "unit": "cơ quan nhận",
    "due": "ngày hẹn mới",
}
_RESULT = "Kết quả, ký số (PAdES)"


def text(root: Path) -> str:
    """The page; `root` is not needed, since the tables are the program's own."""
    del root
    names = {code: status.name_vi for code, status in services.statuses().items()}
    lines = [
        "# Hồ sơ dịch vụ công: thao tác và giấy tờ · What may be done to a dossier", "",
        "Made by `make docs` from `MOVES` of `public_services/workflow.py` and `papers/kinds.py`; the diagram is in"
        " [workflows.md](workflows.md).", "",
        "| thao tác | từ trạng thái | đến | ai | phải ghi | giấy lập ra |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, move in workflow.MOVES.items():
        kind = DEMANDED.get(name, "")
        paper = _RESULT if kind == RESULT else KINDS[kind][0] if kind else ""
        cells = (
            f"{move.name_vi} (`{name}`)", ", ".join(names[code] for code in move.of),
            names[move.to] if move.to else "giữ nguyên", ", ".join(WHO[who] for who in move.who),
            ", ".join(NEEDS.get(need, need) for need in move.needs), paper,
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
