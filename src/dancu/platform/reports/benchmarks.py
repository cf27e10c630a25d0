"""What others published, with source and date: shown beside a figure and never part of one."""

from __future__ import annotations

from dancu.reference.report_benchmarks import Benchmark, benchmarks, of

__all__ = ["Benchmark", "benchmarks", "of"]
