"""Three decorators for compiled kernels: released from the interpreter lock, cached on disk where that is possible."""

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


def bare(function: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel that allocates nothing: it counts no references, which costs more than the work in tight loops."""
    return _compiled(function, _nrt=False)


def part(function: Callable[..., Any]) -> Callable[..., Any]:
    """A piece of kernels that allocates nothing, put into each caller."""
    return _compiled(function, forceinline=True, _nrt=False)


def _compiled(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    try:
        compiled: Callable[..., Any] = numba.njit(nogil=True, cache=True, **options)(function)
    except RuntimeError:
        compiled = numba.njit(nogil=True, **options)(function)
    return compiled
