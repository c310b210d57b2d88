"""What a daemon that cannot begin still does: it leaves a note for the one that runs, and tells people."""

from __future__ import annotations

import os
import re
from datetime import timedelta

from syncd.channels import open_channels
from syncd.clock import Clock
from syncd.config import Settings
from syncd.core.messages import start_failed
from syncd.cycles.alarm import safe
from syncd.errors import InUse, SyncdError
from syncd.logs import get_logger
from syncd.store.knocks import knock, may_tell
from syncd.switchboard import sender_of

NOT_AGAIN_FOR = timedelta(hours=1)
_NUMBERS = re.compile(r"\d+")
_log = get_logger()


def cry_out(settings: Settings, error: SyncdError, clock: Clock) -> None:
    """Tell people why nothing runs, at most once an hour for the same reason; never raises."""
    try:
        if isinstance(error, InUse):
            knock(settings.database, os.getpid(), clock.now())
        _tell(settings, error, clock)
    except Exception as failure:  # noqa: BLE001 - the start has failed already, and its own reason is what counts
        _log.warning("start_not_told", exc_info=failure)


def _tell(settings: Settings, error: SyncdError, clock: Clock) -> None:
    alerts = settings.alerts
    reason = _NUMBERS.sub("#", f"{type(error).__name__}: {error}")  # other process, same reason
    if alerts is None or not may_tell(settings.database, reason, clock.now(), NOT_AGAIN_FOR):
        return
    sender = sender_of(settings, alerts)
    message = safe(start_failed(sender, error.said(settings.language), clock.now()))
    for channel in open_channels(alerts, clock):
        try:
            channel.send(message)
            _log.info("alert_sent", channel=channel.name, event_kind=message.event, id=message.id, remark=None)
        except Exception as failure:  # noqa: BLE001 - the next channel may work
            _log.warning("alert_not_sent", channel=channel.name, exc_info=failure)
        finally:
            channel.close()
