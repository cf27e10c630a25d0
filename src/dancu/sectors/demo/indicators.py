"""The figures of the sector, each counted from facts that are also the records it opens to."""

from __future__ import annotations

from dancu.engine.report.indicators import Indicator

_OWNER = "Thư viện tỉnh (ví dụ)"
_LAW = "Luật Thư viện 46/2019/QH14 (ví dụ)"
_DAY = "({column} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
_REST = "1::numeric AS amount, NULL::timestamptz AS known_from, NULL::timestamptz AS known_to FROM demo_card c"

INDICATORS = (
    Indicator(
        "DEMO-1", 1, "Tỷ lệ đề nghị được cấp", "Share of requests that were granted",
        "Trong số đề nghị nhận trong kỳ, bao nhiêu đã được cấp.",
        "Of those asked for in the period, how many were issued.",
        _OWNER, _LAW, "flow", "case", "share",
        f"SELECT c.id::text AS subject, c.unit_code, {_DAY.format(column='c.asked_at')} AS since, NULL::date AS until,"
        f" c.issued_at IS NOT NULL AS hit, {_REST}",
    ),
    Indicator(
        "DEMO-2", 1, "Số đang dùng", "Number in use",
        "Số đã cấp mà chưa thu hồi vào ngày cuối kỳ.",
        "Issued and not ended on the last day of the period.",
        _OWNER, _LAW, "stock", "document", "count",
        f"SELECT c.id::text AS subject, c.unit_code, {_DAY.format(column='c.issued_at')} AS since,"
        f" {_DAY.format(column='c.closed_at')} AS until, true AS hit, {_REST} WHERE c.issued_at IS NOT NULL",
        decimals=0,
    ),
)  # fmt: skip
