"""The engine room: schedule, signals, reload, reports to systemd, and an orderly stop."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from syncd import wiring
from syncd.clock import Clock, SystemClock
from syncd.config import Settings
from syncd.daemon.flags import Flags
from syncd.daemon.station import OpenShop
from syncd.daemon.supervisor import Supervisor
from syncd.errors import ConfigError, Unusable
from syncd.logs import get_logger

__all__ = ["run"]

_STOPPED = 0
_EDIT = 2
_log = get_logger()


def run(
    config_path: Path,
    load: Callable[[], Settings],
    *,
    open_shop: OpenShop = wiring.open_shop,
    clock: Clock | None = None,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Run the daemon in this, the main, thread; the exit code.

    0 after SIGTERM or SIGINT; 2, with the reason on stderr, when an admin must do something before it can start.
    SIGHUP calls `load` again. An unexpected error of the daemon itself is raised after an orderly stop.
    """
    flags = Flags()
    supervisor = Supervisor(load, open_shop, clock or SystemClock(), environ, flags)
    with flags.installed():
        try:
            supervisor.open()
        except (ConfigError, Unusable) as error:
            sys.stderr.write("".join(f"{line}\n" for line in _lines(error)))
            return _EDIT
        _log.info("daemon_started", config=str(config_path), pid=os.getpid())
        supervisor.serve()
    return _STOPPED


def _lines(error: ConfigError | Unusable) -> list[str]:
    if isinstance(error, ConfigError):
        return [str(problem) for problem in error.problems]
    return [f"syncd: {error}"]
