"""The larger questions that the link index asks, and the shapes in which the answers come: bytes, read by numpy."""

from __future__ import annotations

from typing import LiteralString

import numpy as np

CANDIDATES: LiteralString = """
SELECT (SELECT epoch FROM {s}.state),
  string_agg(int8send(record_id) || int4send(octet_length(packed)), ''), string_agg(packed, '')
FROM (SELECT DISTINCT record_id FROM {s}.key WHERE hash = ANY(%s::bigint[])) AS k
CROSS JOIN LATERAL (SELECT packed FROM {s}.record r WHERE r.record_id = k.record_id OFFSET 0) AS r
"""
OF_MANY: LiteralString = """
WITH hit AS MATERIALIZED (SELECT hash, record_id FROM {s}.key WHERE hash = ANY(%s::bigint[]))
SELECT (SELECT string_agg(int8send(hash) || int8send(record_id), '') FROM hit),
  string_agg(int8send(record_id) || int4send(octet_length(packed)), ''), string_agg(packed, '')
FROM (SELECT DISTINCT record_id FROM hit) AS k
CROSS JOIN LATERAL (SELECT packed FROM {s}.record r WHERE r.record_id = k.record_id OFFSET 0) AS r
"""
HIT = np.dtype([("hash", ">i8"), ("id", ">i8")])
HEAD = np.dtype([("id", ">i8"), ("size", ">i4")])
# OFFSET 0: row by row through the primary key, whatever the planner expects.
# Answers about records that are not there lead nowhere: they drop out with the join.
REACHED: LiteralString = """
WITH RECURSIVE reached(id) AS (
  SELECT unnest(%s::bigint[])
  UNION
  SELECT n.id FROM reached CROSS JOIN LATERAL (
    SELECT b FROM {s}.edge WHERE a = reached.id UNION ALL SELECT a FROM {s}.edge WHERE b = reached.id
    UNION ALL SELECT b FROM {s}.judgement WHERE a = reached.id AND same
    UNION ALL SELECT a FROM {s}.judgement WHERE b = reached.id AND same) AS n(id)
)
SELECT r.ids, r.labels, r.packs, e.edges, j.a, j.b, j.same FROM
(SELECT array_agg(id ORDER BY id) AS ids, array_agg(label ORDER BY id) AS labels,
   array_agg(packed ORDER BY id) AS packs
 FROM reached CROSS JOIN LATERAL (SELECT label, packed FROM {s}.record WHERE record_id = id OFFSET 0) AS r) AS r,
(SELECT string_agg(int8send(a) || int8send(b) || float8send(score) || int8send(pattern) || int2send(conflict), '')
   AS edges FROM reached CROSS JOIN LATERAL (SELECT * FROM {s}.edge WHERE a = id OFFSET 0) AS e) AS e,
(SELECT array_agg(a) AS a, array_agg(b) AS b, array_agg(same) AS same
 FROM reached CROSS JOIN LATERAL (SELECT a, b, same FROM {s}.judgement WHERE a = id OFFSET 0) AS j) AS j
"""
EDGE = np.dtype(
    [("a", ">i8"), ("b", ">i8"), ("score", ">f8"), ("pattern", ">u8"), ("conflict", ">i2")]
)
EDGE_AS = {
    "a": np.int64, "b": np.int64, "score": np.float64, "pattern": np.uint64, "conflict": np.int8
}  # fmt: skip
