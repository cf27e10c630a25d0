"""Dashboards: a province, a pillar, a unit, a figure through time; every figure opens to its records."""
