"""What this very process uses.

prometheus_client's own collector wants the machine's boot time from /proc/stat, which systemd's ProcSubset=pid hides;
it then gives nothing at all. The same names and meanings as there.
"""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

_SELF = Path("/proc/self")
_TICKS = os.sysconf("SC_CLK_TCK")


def usage() -> dict[str, float]:
    """The process metrics by name, in seconds and bytes; what cannot be read is left out."""
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    found = {"process_cpu_seconds_total": cpu.ru_utime + cpu.ru_stime, "process_max_fds": float(soft)}
    try:
        return found | _of_proc()
    except OSError:
        return found


def _of_proc() -> dict[str, float]:
    # the name of the program, in brackets, may hold spaces
    fields = (_SELF / "stat").read_bytes().rpartition(b")")[2].split()
    booted_at = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    return {
        "process_start_time_seconds": booted_at + int(fields[19]) / _TICKS,
        "process_virtual_memory_bytes": float(fields[20]),
        "process_resident_memory_bytes": float(fields[21]) * resource.getpagesize(),
        "process_open_fds": float(len(os.listdir(_SELF / "fd"))),  # noqa: PTH208 - names alone, no stat of each
    }
