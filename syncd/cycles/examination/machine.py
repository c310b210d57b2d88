"""This machine's part of the examination: clock, disk, rights and versions; cheap enough for every minute."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from syncd.core import machine_checks
from syncd.core.findings import Finding, fine, warning, wrong
from syncd.core.texts import text
from syncd.store import beside

_STATE = Path("/var/lib")
_PROXIES = ("https_proxy", "http_proxy", "all_proxy")


class MachineCheck:
    """Looks at what the database and the secrets need of this machine; writes nothing.

    `free_bytes` gives the room on the disk of a folder, `environ` is the environment that syncd was started in.
    """

    def __init__(
        self,
        config: Path,
        database: Path,
        clock_offsets: Callable[[], Mapping[str, float]],
        environ: Mapping[str, str] = os.environ,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        """Look at the places of one shop's `config` and `database`."""
        self._config, self._database = config, database
        self._offsets, self._environ, self._free_bytes = clock_offsets, environ, free_bytes

    def trouble(self) -> Iterator[Finding]:
        """What may become wrong while the daemon runs."""
        yield from machine_checks.of_clock(self._offsets())
        yield from self._place()
        yield from self._config_rights()

    def about(self, now: datetime) -> Iterator[Finding]:
        """What a person may like to know once: who works here, versions, time zone, proxies that are not used."""
        owner = beside.owner_of(self._database)
        if owner is not None and owner != os.getpid():
            yield fine("daemon", text("check_daemon_runs", pid=owner))
        yield fine("versions", text("check_versions", python=platform.python_version(), sqlite=beside.SQLITE_VERSION))
        yield fine("time zone", text("check_time_zone", zone=f"{now.astimezone():%Z %z}"))
        if any(self._environ.get(name) or self._environ.get(name.upper()) for name in _PROXIES):
            yield fine("proxy", text("check_proxy_unused"))
        if "NOTIFY_SOCKET" in self._environ and "CREDENTIALS_DIRECTORY" not in self._environ:
            cause, remedy = text("check_no_credentials"), text("check_no_credentials_remedy")
            yield warning("no_systemd_credentials", "systemd", cause, remedy)

    def _place(self) -> Iterator[Finding]:
        folder = beside.nearest_folder(self._database)
        if folder is None:
            cause, remedy = text("check_place_hidden", path=str(self._database)), text("check_place_hidden_remedy")
            yield warning("database_not_readable", "database", cause, remedy)
            return
        if folder != self._database.parent:
            yield self._to_be_made(self._database.parent)
        elif (path := beside.unwritable(self._database)) is not None:
            cause, remedy = text("check_unwritable", path=str(path)), text("check_unwritable_remedy", path=str(path))
            yield wrong("database_not_writable", "database", cause, remedy)
        else:
            yield fine("database", text("check_writable", folder=str(folder)))
        try:
            yield machine_checks.of_disk(self._free_bytes(folder), str(folder))
        except OSError:
            return  # a disk that does not tell its room tells nothing else either

    def _to_be_made(self, folder: Path) -> Finding:
        """The folder is not there yet; systemd makes those that the unit files name."""
        if _STATE in folder.parents:
            return fine("database", text("check_folder_by_systemd", folder=str(folder)))
        cause = text("check_folder_missing", folder=str(folder))
        return wrong("database_folder_missing", "database", cause, text("check_folder_remedy", folder=str(folder)))

    def _config_rights(self) -> Iterator[Finding]:
        """Who may write the config may send our credentials anywhere."""
        try:
            mode = self._config.stat().st_mode
        except OSError:
            return
        if mode & (stat.S_IWOTH | stat.S_IWGRP):
            path = str(self._config)
            cause = text("check_config_open", path=path, mode=f"{stat.S_IMODE(mode):04o}")
            yield warning("config_writable", "config", cause, text("check_config_open_remedy", path=path))
