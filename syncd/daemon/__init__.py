"""The engine room: schedule, signals, reload, reports to systemd, and an orderly stop."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from syncd import wiring
from syncd.clock import Clock, SystemClock
from syncd.config import Settings
from syncd.core.texts import Say, text
from syncd.daemon.flags import Flags
from syncd.daemon.outcry import cry_out
from syncd.daemon.station import OpenShop
from syncd.daemon.supervisor import Supervisor
from syncd.errors import ConfigError, SyncdError, Unusable
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
    say: Say = str,
) -> int:
    """Run the daemon in this, the main, thread; the exit code.

    0 after SIGTERM or SIGINT; 2, with the reason on stderr, when an admin must do something before it can start.
    `say` says why in the language of whoever started it. SIGHUP calls `load` again. An unexpected error of the daemon
    itself is raised after an orderly stop.
    """
    flags = Flags()
    clock = clock or SystemClock()
    supervisor = Supervisor(load, open_shop, clock, environ, flags, say)
    with flags.installed():
        try:
            _open(supervisor, clock)
        except (ConfigError, Unusable) as error:
            sys.stderr.write(f"{_told(error, say)}\n")
            return _EDIT
        _log.info("daemon_started", config=str(config_path), pid=os.getpid())
        supervisor.serve()
    return _STOPPED


def _open(supervisor: Supervisor, clock: Clock) -> None:
    try:
        supervisor.open()
    except SyncdError as error:
        if supervisor.wanted is not None:
            cry_out(supervisor.wanted, error, clock)
        raise


def _told(error: ConfigError | Unusable, say: Say) -> str:
    is_config = isinstance(error, ConfigError)
    return say(error.message if is_config else text("problem_line", error=error.message))
