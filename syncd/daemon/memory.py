"""How the C library hands out memory: small, for a process that runs for months beside others on a shop's server."""

from __future__ import annotations

import ctypes
from typing import Final

# glibc's mallopt: an arena for each of a dozen threads, and a growing idea of what is large, keep what a page of
# orders took for an instant (measured in the flash sale: a tenth of the daemon's memory)
_ONE_ARENA: Final = (-8, 1)
_RETURN_FROM: Final = (-3, 64 * 1024)
_TRIM_AT: Final = (-1, 128 * 1024)


def keep_small() -> None:
    """Let glibc give memory back; says nothing where the C library is another one, such as musl."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in (_ONE_ARENA, _RETURN_FROM, _TRIM_AT):
            mallopt(parameter, value)
