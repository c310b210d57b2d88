"""The main thread: keeps the alarms right, exchanges the config, reports to systemd, and stops in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from syncd.clock import Clock
from syncd.config import AlertSettings, Settings
from syncd.core.texts import Say, speaker
from syncd.daemon.access import Access
from syncd.daemon.flags import Flags
from syncd.daemon.inside import Notices
from syncd.daemon.station import OpenShop, Outfit, Station
from syncd.daemon.timetable import Timetable
from syncd.daemon.vitals import Vitals
from syncd.errors import ConfigError, SyncdError
from syncd.logs import get_logger, speak

TICK_SECONDS = 0.25
STOP_SECONDS = 75.0
LOOK_FOR_SECRETS_SECONDS = 60.0

_log = get_logger()


class Supervisor:
    """The daemon as a loop of short steps, each of which looks at what signals, jobs and clocks ask for."""

    def __init__(
        self,
        load: Callable[[], Settings],
        open_shop: OpenShop,
        clock: Clock,
        environ: Mapping[str, str],
        flags: Flags,
        say: Say = str,
    ) -> None:
        """Nothing runs before `open` and `serve`; `say` is asked until there is a shop with a language of its own."""
        self._load, self._clock, self._flags, self._say = load, clock, flags, say
        self._wake = threading.Event()
        self._access, self._notices = Access(), Notices()
        self._outfit = Outfit(open_shop, clock, self._access, self._notices, self._must_pause, self._wake.set)
        self.wanted: Settings | None = None
        """The settings with which the daemon began or tried to; None while the config could not be read."""
        self._timetable = Timetable()
        self._vitals = Vitals(clock, environ)
        self._next: Settings | None = None
        self._secrets_looked_at = clock.monotonic()

    def open(self) -> None:
        """Read the config, take the database and open the shop.

        Raises:
            ConfigError, Unusable: An admin must do something first.
        """
        try:
            self.wanted = self._load()
            speak(self.wanted.language)
            self._station = Station.open(self.wanted, self._outfit)
        except SyncdError as error:
            self._vitals.failed(self._say(error.message))
            raise
        self._station.begin()
        self._vitals.opened()

    def serve(self) -> None:
        """Run until a signal says stop, then end in order."""
        self._timetable.start()
        try:
            while not self._flags.stop:
                self.tick()
                self._wait()
        finally:
            self._shut_down()

    def tick(self) -> None:
        """One look at everything."""
        if self._flags.take_reload():
            self._reload()
        if self._access.refused():
            self._look_for_secrets()
        if self._next is not None:
            self._take_over(self._next)
        else:
            self._arm()
        self._vitals.tell(self._station.settings.shop, self._station.workers, self._shop_says)

    @property
    def _shop_says(self) -> Say:
        return speaker(self._station.settings.language)

    def _must_pause(self) -> bool:
        """What cycles ask between two steps; the rest of their work is the next cycle's."""
        return self._flags.stop or self._next is not None

    def _wait(self) -> None:
        self._wake.wait(TICK_SECONDS)
        self._wake.clear()

    def _arm(self) -> None:
        now = self._clock.monotonic()
        for worker in self._station.workers:
            worker.hasten()
        for job in self._station.jobs:
            due_at = job.due_at()
            if due_at is not None:
                self._timetable.arm(job.name, job.run, due_at=due_at, now=now)

    # --- another config ----------------------------------------------------------------------------------------------

    def _reload(self) -> None:
        self._vitals.reloading(self._shop_says)
        try:
            self._next = self._load()
        except SyncdError as error:
            self._refuse_config(error)

    def _look_for_secrets(self) -> None:
        """While a remote refuses us, see whether somebody has put a new secret where the old one was."""
        now = self._clock.monotonic()
        if self._next is not None or now - self._secrets_looked_at < LOOK_FOR_SECRETS_SECONDS:
            return
        self._secrets_looked_at = now
        old = self._station.settings
        try:
            fresh = with_secrets(old, self._load())
        except SyncdError:
            return  # said when somebody asks for a reload
        if fresh != old:
            _log.info("secrets_changed")
            self._next = fresh

    def _refuse_config(self, error: SyncdError) -> None:
        language = self._station.settings.language
        wrong = error.problems if isinstance(error, ConfigError) and error.problems else (error,)
        problems = [one.said(language) for one in wrong]
        for problem in problems:
            _log.error("config_refused", problem=problem)
        self._notices.refuse_config(problems, self._clock.now())
        self._vitals.reload_refused(problems[0], self._shop_says)

    def _take_over(self, settings: Settings) -> None:
        """Exchange the shop as soon as no job runs; until then, no alarm rings."""
        self._timetable.clear()
        if not self._station.retire():
            return
        self._next = None
        try:
            self._station = self._station.succeed(settings)
        except SyncdError as error:
            self._station.restaff()
            self._refuse_config(error)
            return
        self._notices.accept_config()
        self._station.begin()
        speak(settings.language)
        _log.info("config_loaded", shop=settings.shop, database=str(settings.database))
        self._vitals.opened()

    # --- the end -----------------------------------------------------------------------------------------------------

    def _shut_down(self) -> None:
        self._flags.stop = True
        self._vitals.stopping(self._shop_says)
        _log.info("daemon_stopping")
        if self._end_in_time():
            self._timetable.stop(wait=True)
            self._station.close()
            _log.info("daemon_stopped")
        else:
            # the database stays ours until the process is gone: the cycle may still write
            self._timetable.stop(wait=False)
            _log.error("daemon_stop_overdue", seconds=STOP_SECONDS)

    def _end_in_time(self) -> bool:
        deadline = self._clock.monotonic() + STOP_SECONDS
        while not self._station.retire():
            if self._clock.monotonic() >= deadline:
                return False
            self._wait()
        return True


def with_secrets(settings: Settings, other: Settings) -> Settings:
    """`settings` with the secrets of `other`; everything else waits for a reload."""
    return replace(
        settings,
        alerts=_with_alert_secrets(settings.alerts, other.alerts),
        haravan=replace(settings.haravan, token=other.haravan.token),
        kiotviet=replace(settings.kiotviet, client_secret=other.kiotviet.client_secret),
    )


def _with_alert_secrets(alerts: AlertSettings | None, other: AlertSettings | None) -> AlertSettings | None:
    if alerts is None or other is None:
        return alerts
    email, bot, hook = alerts.email, alerts.telegram, alerts.webhook
    return replace(
        alerts,
        email=replace(email, password=other.email.password) if email and other.email else email,
        telegram=replace(bot, token=other.telegram.token) if bot and other.telegram else bot,
        webhook=replace(hook, secret=other.webhook.secret) if hook and other.webhook else hook,
    )
