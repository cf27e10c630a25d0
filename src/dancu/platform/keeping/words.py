"""The English of the page of retention."""

from __future__ import annotations

EN = {
    "Lưu giữ và xoá": "Keeping and deleting",
    "Mỗi đêm, dữ liệu quá thời hạn bị xoá. Mỗi lần xoá là một mục của sổ cái: bao nhiêu dòng, theo luật nào; "
    "chứng cứ về những dòng còn lại vẫn nguyên vẹn.": "Each night what is past its time is deleted. Each deletion is an"
    " entry of the ledger: how many rows, by which law; the proofs of the others stay whole.",
    "Những lần xoá gần đây": "Latest deletions",
    "Lúc": "At",
    "Bảng": "Table",
    "Số dòng": "Rows",
    "Cũ hơn": "Older than",
    "Căn cứ": "Law",
    "Chưa xoá dòng nào": "Nothing has been deleted yet",
    "Thời hạn của từng bảng": "Period of each table",
    "Dữ liệu": "Data",
    "Thời hạn": "Period",
    "theo mục đích": "by purpose",
    "ngày": "days",
    "giữ lâu dài": "kept",
}
