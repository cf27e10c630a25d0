"""Two decorators for compiled kernels: released from the interpreter lock, cached on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` compiled without the interpreter lock.

    The cache lies beside the module, or in the user's cache folder; where neither can be written
    the kernel is compiled anew in every process, with the same result.
    """
    return _compiled(function)


def part(function: Callable[..., Any]) -> Callable[..., Any]:
    """A piece of kernels, put into each caller: a call would count references of every array it is given."""
    return _compiled(function, forceinline=True)


def _compiled(function: Callable[..., Any], **options: bool) -> Callable[..., Any]:
    try:
        compiled: Callable[..., Any] = numba.njit(nogil=True, cache=True, **options)(function)
    except RuntimeError:
        compiled = numba.njit(nogil=True, **options)(function)
    return compiled
