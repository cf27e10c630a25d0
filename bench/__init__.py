"""Measured comparisons: ``make bench NAME=x [SCALE=s]`` runs ``main(scale)`` of ``bench/x.py``.

The shared harness, with an example of such a file, is :mod:`bench.harness`.
"""
