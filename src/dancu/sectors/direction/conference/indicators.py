"""Commendations as a figure of the report."""

from __future__ import annotations

from dancu.engine.report.indicators import Indicator

INDICATORS = (
    Indicator(
        "units_commended", 1, "Số lượt đơn vị được biểu dương", "Commendations of units",
        "Số lần một đơn vị được biểu dương trong kỳ, theo ngày ghi, vì chỉ tiêu tăng so với cùng kỳ năm trước.",
        "How often a unit was commended in the period, by the day it was written down, for a figure that rose on the"
        " same days of the year before.",
        "Cơ quan thường trực Tổ công tác Đề án 06 tỉnh", "Quyết định 06/QĐ-TTg ngày 06/01/2022",
        "flow", "case", "count",
        """
SELECT commendation_no::text AS subject, unit_code, (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS since,
       NULL::date AS until, true AS hit, 1::numeric AS amount, at AS known_from, NULL::timestamptz AS known_to
FROM direction.commendation
""",
        0, "government", "Ghi thêm biểu dương.", "A commendation written down.", utility="direction", few=0,
    ),
)  # fmt: skip
