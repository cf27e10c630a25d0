"""The figures of direction: each counted from facts that are also the records it opens to.

What a unit has or lacks on a day is told by rectangles of valid time × known time: for each stretch of what we knew,
the days on which something covers the unit and the days on which nothing does. So a figure asked for as it was known
then, and one asked for as it is known now, are both one condition on the same facts. A unit is there from the year in
which the programme began and for as long as it exists: no last year has to be moved on.
"""

from __future__ import annotations

from dancu.engine.report.indicators import Basis, Better, Indicator, Measure, UnitKind
from dancu.reference.domain import legal_instruments

_STANDING = "Cơ quan thường trực Tổ công tác Đề án 06 tỉnh"
_LAW = "Quyết định 06/QĐ-TTg ngày 06/01/2022"
_BUDGET_LAW = "Luật Ngân sách nhà nước 83/2015/QH13; Quyết định 06/QĐ-TTg ngày 06/01/2022"

_BEGAN = next(law.effective_from for law in legal_instruments() if law.ref == "Decision 06/QĐ-TTg")
_DISTRICTS = f"""
    SELECT p.unit_code || '@' || p.unit_on AS subject, p.unit_code,
           p.lives * daterange(date_trunc('year', date '{_BEGAN}')::date, NULL) AS span
    FROM direction.place p WHERE p.level = 'district'
"""


def _rest_of_year(table: str, day: str) -> str:
    """From the day of the paper to the end of its year; a paper of before the year covers all of it."""
    start = f"greatest(v.{day}, make_date(v.year, 1, 1))"
    end = "make_date(v.year + 1, 1, 1)"
    return (
        f"SELECT v.unit_code, daterange({start}, greatest({start}, {end})) AS span,"
        f" tstzrange(v.known_from, v.known_to) AS known FROM direction.{table} v"
    )


_FILLED = """
    SELECT v.unit_code, daterange(v.valid_from, v.valid_to, '[]') AS span,
           tstzrange(v.known_from, v.known_to) AS known
    FROM direction.post v WHERE v.kind = 'it_officer' AND v.full_time AND v.state = 'filled'
"""


def _covered(covers: str, *, hit: str) -> str:
    """Facts of a stock: a row for each stretch of days on which a unit is covered, or is not.

    `hit`: which of the two counts, `covered` or `NOT covered`.
    """
    return f"""
WITH unit AS ({_DISTRICTS}), cover AS ({covers}),
cut AS (
    SELECT subject, NULL::timestamptz AS moment FROM unit
    UNION SELECT u.subject, m FROM unit u JOIN cover c USING (unit_code),
          unnest(ARRAY[lower(c.known), upper(c.known)]) m WHERE m IS NOT NULL),
slice AS (
    SELECT subject, moment, lead(moment) OVER (PARTITION BY subject ORDER BY moment NULLS FIRST) AS next FROM cut),
held AS (
    SELECT u.subject, u.unit_code, datemultirange(u.span) AS span, s.moment, s.next, coalesce((
        SELECT range_agg(c.span) FROM cover c
        WHERE c.unit_code = u.unit_code AND c.known @> s.moment), '{{}}') AS has
    FROM unit u JOIN slice s USING (subject)),
stretch AS (
    SELECT h.*, true AS covered, r FROM held h, unnest(h.span * h.has) r
    UNION ALL SELECT h.*, false, r FROM held h, unnest(h.span - h.has) r)
SELECT subject, unit_code, lower(r) AS since, upper(r) AS until, {hit} AS hit, 1::numeric AS amount,
       moment AS known_from, next AS known_to FROM stretch
"""


_DIRECTIVES = """
SELECT thing_no::text AS subject, unit_code, issued_on AS since, NULL::date AS until, true AS hit,
       1::numeric AS amount, known_from, known_to
FROM direction.directive WHERE level = 'province' AND body = 'committee' AND about = 'project06'
"""
_TASK = """
SELECT thing_no, unit_code, due_on, finished_on, state, at,
       lead(at) OVER (PARTITION BY thing_no ORDER BY act_no) AS until
FROM direction.act WHERE book = 'task'
"""
_ON_TIME = f"""
SELECT thing_no::text AS subject, unit_code, due_on AS since, NULL::date AS until,
       coalesce(state = 'accepted' AND finished_on <= due_on, false) AS hit, 1::numeric AS amount,
       at AS known_from, until AS known_to
FROM ({_TASK}) t WHERE state <> 'cancelled'
"""
_OVERDUE = f"""
SELECT thing_no::text AS subject, unit_code, due_on + 1 AS since, finished_on AS until, true AS hit,
       1::numeric AS amount, at AS known_from, until AS known_to
FROM ({_TASK}) t WHERE state <> 'cancelled' AND (finished_on IS NULL OR finished_on > due_on)
"""


def _money(table: str, day: str) -> str:
    return (
        f"SELECT thing_no::text AS subject, unit_code, {day} AS since, NULL::date AS until, true AS hit,"
        f" amount::numeric AS amount, known_from, known_to FROM direction.{table}"
    )


def _one(
    code: str, names: tuple[str, str], meaning: tuple[str, str], moved_by: tuple[str, str], facts: str,
    kind: tuple[Basis, UnitKind, Measure], *, decimals: int = 0, law: str = _LAW, better: Better = "high", few: int = 0,
    version: int = 1,
) -> Indicator:  # fmt: skip
    basis, unit_kind, measure = kind
    opens = "" if unit_kind == "unit" else "direction:thing"
    return Indicator(
        code, version, *names, *meaning, _STANDING, law, basis, unit_kind, measure, facts, decimals, "government",
        *moved_by, utility="direction", better=better, few=few, opens=opens,
    )  # fmt: skip


def _entries(
    table: str, day: str, *, unit: str = "unit_code", until: str = "NULL::date", amount: str = "1"
) -> str:
    return (
        f"SELECT thing_no::text AS subject, {unit} AS unit_code, {day} AS since, {until} AS until, true AS hit,"
        f" {amount}::numeric AS amount, known_from, known_to FROM direction.{table}"
    )


_FINDINGS = """
WITH act AS (
    SELECT t.origin_id, a.at, a.state FROM direction.act a JOIN direction.task t ON t.task_no = a.thing_no
    WHERE a.book = 'task' AND t.origin_kind = 'finding'),
moment AS (
    SELECT version_no, known_from AS m FROM direction.finding
    UNION SELECT f.version_no, a.at FROM direction.finding f JOIN act a ON a.origin_id = f.thing_no
        AND a.at > f.known_from AND (f.known_to IS NULL OR a.at < f.known_to)),
slice AS (
    SELECT version_no, m, lead(m) OVER (PARTITION BY version_no ORDER BY m) AS next FROM moment)
SELECT f.thing_no::text AS subject, f.other_code AS unit_code, f.found_on AS since, NULL::date AS until,
       EXISTS (SELECT 1 FROM act a WHERE a.origin_id = f.thing_no AND a.state = 'accepted' AND a.at <= s.m) AS hit,
       1::numeric AS amount, s.m AS known_from, coalesce(s.next, f.known_to) AS known_to
FROM direction.finding f JOIN slice s USING (version_no)
"""

INDICATORS = (
    _one(
        "directives_issued",
        ("Số văn bản chỉ đạo UBND tỉnh ban hành", "Directives issued by the provincial People's Committee"),
        ("Văn bản về Đề án 06 do UBND tỉnh ban hành trong kỳ; mỗi số, ký hiệu trong một năm tính một lần.",
         "Documents on Project 06 issued by the provincial People's Committee in the period; each number once a year."),
        ("Ghi văn bản mới vào sổ; văn bản ghi trùng bị từ chối.", "A document recorded; duplicates are refused."),
        _DIRECTIVES, ("flow", "document", "count"),
    ),
    _one(
        "district_plans_issued_pct",
        ("Tỷ lệ huyện đã ban hành kế hoạch năm", "Share of districts with a plan for the year"),
        ("Số huyện có kế hoạch Đề án 06 của năm đã ban hành đến ngày cuối kỳ, trên tổng số huyện của ngày đó.",
         "Districts whose plan for the year was issued by the last day, of all districts that existed on it."),
        ("Ban hành kế hoạch; đầu năm trở về 0 vì tính theo kế hoạch của năm.",
         "A plan issued; it falls to 0 at new year, since the plan of the year counts."),
        _covered(_rest_of_year("plan", "issued_on"), hit="covered"), ("stock", "unit", "share"), decimals=2,
        version=2,
    ),
    _one(
        "districts_without_budget",
        ("Số huyện chưa bố trí kinh phí", "Districts without a budget"),
        ("Số huyện chưa có quyết định bố trí kinh phí Đề án 06 của năm tính đến ngày cuối kỳ.",
         "Districts with no decision on money for Project 06 of the year by the last day."),
        ("Có quyết định bố trí kinh phí thì giảm.", "A decision on money lowers it."),
        _covered(_rest_of_year("budget", "decided_on"), hit="NOT covered"), ("stock", "unit", "count"),
        law=_BUDGET_LAW, better="low", version=2,
    ),
    _one(
        "districts_without_it_officer",
        ("Số huyện chưa có cán bộ chuyên trách công nghệ thông tin", "Districts without a full-time IT officer"),
        ("Số huyện không có vị trí cán bộ công nghệ thông tin chuyên trách nào được bố trí trong ngày cuối kỳ.",
         "Districts in which no full-time IT post is filled on the last day."),
        ("Bố trí người thì giảm; người nghỉ, chuyển đi hoặc kiêm nhiệm thì tăng.",
         "Filling a post lowers it; somebody who leaves or takes on other work raises it."),
        _covered(_FILLED, hit="NOT covered"), ("stock", "unit", "count"),
        better="low", version=2,
    ),
    _one(
        "direction_tasks_on_time_pct",
        ("Tỷ lệ nhiệm vụ hoàn thành đúng hạn", "Share of tasks finished on time"),
        ("Trong số nhiệm vụ đến hạn trong kỳ, bao nhiêu hoàn thành không muộn hơn hạn và được người khác nghiệm thu.",
         "Of the tasks due in the period, how many were finished by their due day and accepted by a second person."),
        ("Báo cáo hoàn thành đúng hạn và được nghiệm thu; chờ nghiệm thu thì chưa tính.",
         "Finished in time and accepted; what waits for acceptance does not count yet."),
        _ON_TIME, ("flow", "case", "share"), decimals=2, few=10,
    ),
    _one(
        "direction_tasks_overdue",
        ("Số nhiệm vụ quá hạn", "Overdue tasks"),
        ("Nhiệm vụ đã qua hạn mà chưa báo cáo hoàn thành trong ngày cuối kỳ.",
         "Tasks past their due day and not reported as finished on the last day."),
        ("Báo cáo hoàn thành hoặc được gia hạn thì giảm.", "A report of the end or a later due day lowers it."),
        _OVERDUE, ("stock", "case", "count"), better="low",
    ),
    _one(
        "direction_budget_allocated",
        ("Kinh phí được bố trí (đồng)", "Money allocated (đồng)"),
        ("Tổng số tiền của các quyết định bố trí kinh phí Đề án 06 trong kỳ.",
         "The sum of the decisions on money for Project 06 in the period."),
        ("Thêm hoặc điều chỉnh quyết định.", "A decision added or changed."),
        _money("budget", "decided_on"), ("flow", "document", "sum"), law=_BUDGET_LAW,
    ),
    _one(
        "direction_budget_spent",
        ("Kinh phí đã chi (đồng)", "Money spent (đồng)"),
        ("Tổng số tiền đã chi cho Đề án 06 trong kỳ.", "The sum spent on Project 06 in the period."),
        ("Ghi thêm khoản chi.", "Spending recorded."),
        _money("spending", "spent_on"), ("flow", "document", "sum"), law=_BUDGET_LAW,
    ),
    _one(
        "inspections_made",
        ("Số cuộc kiểm tra", "Inspections made"),
        ("Số cuộc kiểm tra việc thực hiện Đề án 06 có ngày kiểm tra trong kỳ, tính ở đơn vị đi kiểm tra.",
         "Inspections of Project 06 held in the period, counted in the unit that inspects."),
        ("Ghi thêm cuộc kiểm tra.", "An inspection recorded."),
        _entries("inspection", "held_on"), ("flow", "case", "count"),
    ),
    _one(
        "inspection_findings_fixed_pct",
        ("Tỷ lệ tồn tại qua kiểm tra đã khắc phục", "Share of inspection findings put right"),
        ("Trong số tồn tại của các cuộc kiểm tra trong kỳ, bao nhiêu có nhiệm vụ khắc phục đã được nghiệm thu;"
         " tính ở đơn vị được kiểm tra.",
         "Of the findings of the period's inspections, how many have a task that was accepted; counted in the unit"
         " that was inspected."),
        ("Nghiệm thu nhiệm vụ khắc phục thì tăng; ghi thêm tồn tại thì giảm.",
         "A task accepted raises it; a further finding lowers it."),
        _FINDINGS, ("flow", "case", "share"), decimals=2, few=10,
    ),
    _one(
        "campaign_people_reached",
        ("Lượt người được tiếp cận trong các đợt cao điểm", "People reached in campaigns"),
        ("Cộng số người mà các đơn vị ghi đã tiếp cận trong kỳ; một người được tiếp cận hai lần tính hai lượt.",
         "The people that units recorded as reached in the period; somebody reached twice counts twice."),
        ("Ghi thêm lần tuyên truyền.", "A further occasion recorded."),
        _entries("reach", "held_on", amount="people"), ("flow", "occurrence", "sum"),
    ),
    _one(
        "good_models",
        ("Số mô hình điểm, cách làm hay", "Good models and practices"),
        ("Mô hình, cách làm đã có đến ngày cuối kỳ, tính ở đơn vị làm đầu tiên.",
         "Models and practices that are there on the last day, counted in the unit that began them."),
        ("Ghi thêm mô hình.", "A model recorded."),
        _entries("model", "since"), ("stock", "case", "count"),
    ),
    _one(
        "good_models_copied",
        ("Số lượt nhân rộng mô hình", "Models copied by other units"),
        ("Số lần một đơn vị bắt đầu làm theo mô hình của đơn vị khác trong kỳ, tính ở đơn vị làm theo.",
         "How often a unit began to follow another's model in the period, counted in the unit that follows."),
        ("Đơn vị khác làm theo thì tăng.", "It rises when another unit follows."),
        _entries("copy", "since"), ("flow", "case", "count"),
    ),
    _one(
        "units_being_helped",
        ("Số cặp đơn vị đang giúp nhau", "Pairs of units in which one helps the other"),
        ("Số cặp có đơn vị này giúp đơn vị kia trong ngày cuối kỳ, tính ở đơn vị được giúp.",
         "Pairs in which one unit helps the other on the last day, counted in the unit that is helped."),
        ("Thêm cặp giúp nhau thì tăng; hết thời gian giúp thì giảm.",
         "A pair begun raises it; one that ended lowers it."),
        _entries("pairing", "valid_from", unit="other_code", until="valid_to + 1"), ("stock", "case", "count"),
    ),
)  # fmt: skip


def by_code(code: str) -> Indicator:
    """The indicator of the code; KeyError."""
    return {one.code: one for one in INDICATORS}[code]
