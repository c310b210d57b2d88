"""What only the running daemon knows of itself, as values for those who say what a person must know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from syncd.clock import Clock
from syncd.core.concerns import Concern
from syncd.core.facts import ChannelFault, ConfigRefusal, Trouble
from syncd.cycles.attention import Inside
from syncd.daemon.access import Access
from syncd.daemon.turns import Ending
from syncd.daemon.worker import Worker
from syncd.errors import AuthError, OutcomeUnknown, RateLimited, StoreUnwritable, SyncdError, Transient


class Notices:
    """What the supervisor lets others know; shared, and kept over a reload."""

    def __init__(self) -> None:
        """No reload was refused yet."""
        self.config: ConfigRefusal | None = None

    def refuse_config(self, problems: Sequence[str], now: datetime) -> None:
        """A reload was refused; a second refusal does not make it younger."""
        since = now if self.config is None else self.config.since
        self.config = ConfigRefusal(tuple(problems), since)

    def accept_config(self) -> None:
        """The config in the file is the one that is in use."""
        self.config = None


def look_inside(
    workers: Sequence[Worker],
    access: Access,
    notices: Notices,
    clock: Clock,
    *,
    heard: Mapping[str, datetime],
    channels: tuple[ChannelFault, ...],
    findings: tuple[Concern, ...] = (),
) -> Inside:
    """How things stand in this process."""
    pulses = {worker.name: worker.pulse() for worker in workers}
    mono, now = clock.monotonic(), clock.now()
    return Inside(
        troubles={name: trouble_of(pulse.ending) for name, pulse in pulses.items() if pulse.ending is not None},
        stuck={name: now - timedelta(seconds=mono - pulse.since) for name, pulse in pulses.items() if pulse.running},
        refusals=access.refusals(),
        config=notices.config,
        heard=dict(heard),
        channels=channels,
        findings=findings,
    )


def trouble_of(ending: Ending) -> Trouble:
    """What kept a cycle from going well; a failure that nothing but the network explains has its exception as cause."""
    cause = ending.cause
    kinds: tuple[tuple[type[Exception], Trouble], ...] = (
        (AuthError, Trouble.CREDENTIALS),
        (RateLimited, Trouble.BUDGET),
        (StoreUnwritable, Trouble.STORE),
    )
    for kind, trouble in kinds:
        if isinstance(cause, kind):
            return trouble
    if isinstance(cause, Transient | OutcomeUnknown):
        return Trouble.NETWORK if _is_of_the_network(cause) else Trouble.REMOTE
    return Trouble.OTHER if cause is None or isinstance(cause, SyncdError) else Trouble.BUG


def _is_of_the_network(error: SyncdError) -> bool:
    """Whether what began it is no error of ours, however many lists could not be read because of it."""
    cause = error.__cause__
    return _is_of_the_network(cause) if isinstance(cause, SyncdError) else cause is not None
