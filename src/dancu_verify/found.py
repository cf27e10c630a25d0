"""What the verifier finds, with words for it: each kind of finding has a code, and names leaf and row where it can."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

WORDS = {
    "row_changed": (
        "dòng hoặc muối đã bị sửa: không khớp cam kết",
        "the row or its salt was changed: not what was committed to",
    ),
    "row_dropped": (
        "dòng đã bị xoá mà không có quyết định xoá trong sổ cái",
        "the row was dropped and no erasure in the ledger says so",
    ),
    "salt_gone": (
        "muối đã bị bỏ trong khi dòng còn đó",
        "the salt is gone though the row is there",
    ),
    "row_back_dated": (
        "thời điểm ghi trong dòng lệch với thời điểm của mục sổ cái ({gap})",
        "the row's own time is not that of its entry ({gap})",
    ),
    "row_without_entry": (
        "dòng có trong bảng nhưng không có trong sổ cái",
        "the row is in its table but has no entry in the ledger",
    ),
    "erased_but_there": (
        "được ghi là đã xoá nhưng dòng vẫn còn",
        "said to be erased, yet the row is there",
    ),
    "twice": ("có hai mục cho cùng một dòng", "two entries for one row"),
    "leaf_changed": (
        "mục sổ cái đã bị viết lại (ghi {at})",
        "the entry was written anew (it says {at})",
    ),
    "leaf_missing": (
        "{count} mục sổ cái đã bị bỏ, từ số {leaf}",
        "{count} entries were dropped, from number {leaf} on",
    ),
    "leaf_inserted": (
        "mục chen thêm, không có trong cây",
        "an inserted entry that the tree does not have",
    ),
    "leaf_moved": (
        "{count} mục bị đổi chỗ: đúng ra ở số {place}",
        "{count} entries were moved: the place is number {place}",
    ),
    "order": (
        "mục đứng sai thứ tự hoặc lặp số trong tệp xuất",
        "the entry stands out of order, or its number twice, in the export",
    ),
    "back_dated": (
        "mục ghi lùi ngày: ghi {at} nhưng đầu cây ngày {head} chưa có nó",
        "back-dated: says {at}, but the head of {head} did not have it",
    ),
    "post_dated": (
        "mục ghi {at} nhưng đầu cây ngày {head} đã có nó",
        "says {at}, but the head of {head} has it already",
    ),
    "tile_changed": (
        "ô băm {tile} đã bị sửa; các mục vẫn khớp đầu cây đã ký",
        "tile {tile} was changed; the entries still lead to the signed head",
    ),
    "tail_cut": (
        "đuôi sổ cái bị cắt: {who} có {size} mục, bản xuất chỉ có {count}",
        "the tail is cut: {who} has {size} entries, the export only {count}",
    ),
    "head_unreadable": ("đầu cây {head} không đọc được", "head {head} cannot be read"),
    "head_origin": ("đầu cây {head} là của sổ cái khác", "head {head} is of another ledger"),
    "head_signature": (
        "đầu cây {head}: không ký bằng khoá đã biết, hoặc nội dung đã bị sửa",
        "head {head}: not signed by a known key, or its text was changed",
    ),
    "head_key_time": (
        "đầu cây {head} ký bằng khoá không còn hiệu lực lúc đó",
        "head {head} is signed with a key that was not in force then",
    ),
    "head_root": (
        "đầu cây {head} ({size} mục): gốc không khớp; chỗ sửa trong khoảng mục {first}–{last}",
        "head {head} ({size} entries): not the root of the entries; the change is among {first}–{last}",
    ),
    "head_order": (
        "đầu cây {head} đi lùi so với đầu trước",
        "head {head} goes back behind the one before",
    ),
    "no_head": ("không có đầu cây đã ký nào", "there is no signed head"),
    "not_covered": (
        "{count} mục cuối chưa nằm trong đầu cây đã ký nào",
        "the last {count} entries are under no signed head",
    ),
    "token": (
        "dấu thời gian của đầu cây {head} không có giá trị ({why})",
        "the time stamp of head {head} proves nothing ({why})",
    ),
    "token_late": (
        "đầu cây {head} ghi {at} nhưng được đóng dấu thời gian {stamp}",
        "head {head} says {at} but was stamped at {stamp}",
    ),
    "key_unknown": (
        "khoá {kid} không được khoá trước bảo chứng",
        "key {kid} has no word of the key before it",
    ),
    "key_unreadable": (
        "bản ghi khoá công khai không đọc được ({where})",
        "the record of public keys cannot be read ({where})",
    ),
    "key_other": (
        "khoá sổ cái của bản xuất không phải khoá mà {who} giữ",
        "the export's key is not the one that {who} has",
    ),
    "rewritten": (
        "lịch sử bị viết lại từ đây: {count} mục khác mã băm bên thứ hai đã nhận ({bundle})",
        "history was rewritten from here: {count} entries are not what the second body was given ({bundle})",
    ),
    "bundle_head": (
        "gói {bundle}: đầu cây không khớp các mã băm trong gói",
        "bundle {bundle}: its head is not that of its hashes",
    ),
    "bundle_conflict": (
        "gói {bundle} trái với một gói khác ở mục {leaf}",
        "bundle {bundle} contradicts another at entry {leaf}",
    ),
    "bundle_gap": (
        "bên thứ hai thiếu các mục {first}–{last}",
        "the second body lacks entries {first}–{last}",
    ),
    "set_changed": (
        "danh sách xuất không khớp cam kết tập hợp",
        "the members of the export are not those committed to",
    ),
}
"""Code → Vietnamese, English."""

NOTES = frozenset({"not_covered", "bundle_gap"})
"""What is told, but is no sign that anything was changed."""


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold. `row`: kind and key."""

    code: str
    leaf: int | None = None
    row: str | None = None
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def is_note(self) -> bool:
        """Whether it is only to be known."""
        return self.code in NOTES

    def text(self, lang: str) -> str:
        """In words, beginning with where."""
        said = WORDS[self.code][lang == "en"].format(leaf=self.leaf, **self.given)
        where = [] if self.leaf is None else [f"{'entry' if lang == 'en' else 'mục'} {self.leaf}"]
        where += [self.row] if self.row else []
        return f"{' · '.join(where)}: {said}" if where else said


@dataclass
class Report:
    """All findings, what was counted, and the moments that heads and stamps stand for."""

    findings: list[Finding] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    key: str = ""
    pinned: bool = False

    def add(self, code: str, leaf: int | None = None, row: str | None = None, **given: Any) -> None:
        """One more."""
        self.findings.append(Finding(code, leaf, row, given))

    @property
    def whole(self) -> bool:
        """Whether everything holds."""
        return all(finding.is_note for finding in self.findings)
