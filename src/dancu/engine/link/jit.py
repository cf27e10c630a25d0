"""One decorator for compiled kernels: released from the interpreter lock, cached on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` compiled without the interpreter lock.

    The cache lies beside the module, or in the user's cache folder; where neither can be written
    the kernel is compiled anew in every process, with the same result.
    """
    try:
        compiled: Callable[..., Any] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        compiled = numba.njit(nogil=True)(function)
    return compiled
