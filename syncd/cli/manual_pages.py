"""What stands on each command's page of --help, by keys of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Rows = tuple[tuple[str, str], ...]
"""Words that are the same in every language, each with the key of what is said about it."""

_EDIT: Final = ("2", "exit_edit")
_BUG: Final = ("3", "exit_bug")
_CYCLE: Final[Rows] = (("0", "exit_fine"), ("1", "exit_cycle"), _EDIT, _BUG)
_READING: Final[Rows] = (("0", "exit_fine"), ("1", "exit_remote"), _EDIT, _BUG)
_STORE: Final[Rows] = (("0", "exit_fine"), ("1", "exit_store"), _EDIT, _BUG)

_CONFIG: Final = ("FILE", "file_config")
_SECRETS: Final = ("haravan-token, kiotviet-secret", "file_secrets")
_DATABASE: Final = ("syncd.db", "file_database")
_LOCK: Final = ("syncd.db.lock", "file_lock")

SYNCD_EXITS: Final = _CYCLE
SYNCD_FILES: Final[Rows] = (_CONFIG, _SECRETS, _DATABASE, _LOCK)
ENVIRONMENT: Final[Rows] = (
    ("SYNCD_CONFIG", "env_config"),
    ("SYNCD_LANGUAGE", "env_language"),
    ("LC_ALL, LC_MESSAGES, LANG", "env_locale"),
    ("CREDENTIALS_DIRECTORY", "env_credentials"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One command: what it does, what it reads and writes, and what else its page shows."""

    does: str
    touches: str
    examples: Rows
    exits: Rows
    files: Rows
    see: tuple[str, ...]


PAGES: Final[dict[str, Page]] = {
    "demo": Page(
        "man_demo",
        "man_demo_touches",
        (("syncd demo", "cmd_demo"),),
        (("0", "man_demo_exit"), ("1", "man_demo_differs"), _BUG),
        (),
        ("sandbox", "check"),
    ),
    "sandbox": Page(
        "man_sandbox",
        "man_sandbox_touches",
        (
            ("syncd sandbox", "ex_sandbox"),
            ("syncd once -c syncd-sandbox/config.yaml", "ex_sandbox_once"),
            ("syncd sandbox --list-switches", "ex_sandbox_switches"),
        ),
        (("0", "man_run_exit"), _EDIT, _BUG),
        (("syncd-sandbox/config.yaml", "file_sandbox"),),
        ("demo", "once"),
    ),
    "act": Page(
        "man_act",
        "man_act_touches",
        (
            ("syncd act -c syncd-sandbox/config.yaml order AO-01", "ex_act_order"),
            ("syncd act -c syncd-sandbox/config.yaml ship 100001", "ex_act_ship"),
        ),
        (("0", "exit_fine"), _EDIT, _BUG),
        (("syncd-sandbox/config.yaml", "file_sandbox"),),
        ("sandbox", "once"),
    ),
    "init": Page(
        "man_init",
        "man_init_touches",
        (("syncd init --dir .", "ex_init"),),
        (("0", "exit_fine"), _EDIT, _BUG),
        (("config.yaml", "file_config"), _SECRETS),
        ("check", "plan"),
    ),
    "check": Page(
        "man_check",
        "man_check_touches",
        (("syncd check -c FILE", "ex_check"),),
        (("0", "man_check_exit"), _EDIT, _BUG),
        (_CONFIG, _SECRETS),
        ("plan", "products"),
    ),
    "run": Page(
        "man_run",
        "man_run_touches",
        (("syncd run -c FILE", "ex_run"), ("kill -HUP PID", "ex_run_reload")),
        (("0", "man_run_exit"), _EDIT, _BUG),
        (_CONFIG, _SECRETS, _DATABASE, _LOCK),
        ("check", "status", "once"),
    ),
    "once": Page(
        "man_once",
        "man_once_touches",
        (("syncd once -c FILE", "ex_once"), ("syncd once -c FILE --force-stock", "ex_once_force")),
        _CYCLE,
        (_CONFIG, _SECRETS, _DATABASE, _LOCK),
        ("plan", "run", "reconcile"),
    ),
    "plan": Page(
        "man_plan",
        "man_plan_touches",
        (("syncd plan -c FILE", "ex_plan"),),
        _CYCLE,
        (_CONFIG, _SECRETS, _DATABASE),
        ("once", "check"),
    ),
    "status": Page(
        "man_status",
        "man_status_touches",
        (("syncd status -c FILE", "ex_status"), ("syncd status -c FILE --json", "ex_status_json")),
        (("0", "exit_fine"), ("1", "exit_stale"), _EDIT, _BUG),
        (_CONFIG, _DATABASE),
        ("explain", "retry", "done"),
    ),
    "explain": Page(
        "man_explain",
        "man_explain_touches",
        (("syncd explain -c FILE 100020", "ex_explain"), ("syncd explain -c FILE --stock AO-01", "ex_explain_stock")),
        _READING,
        (_CONFIG, _SECRETS, _DATABASE),
        ("status", "products"),
    ),
    "retry": Page(
        "man_retry",
        "man_store_touches",
        (("syncd retry -c FILE 100020", "ex_retry"),),
        _STORE,
        (_CONFIG, _DATABASE),
        ("status", "ignore"),
    ),
    "done": Page(
        "man_done",
        "man_store_touches",
        (("syncd done -c FILE 3 4", "ex_done"),),
        _STORE,
        (_CONFIG, _DATABASE),
        ("status",),
    ),
    "ignore": Page(
        "man_ignore",
        "man_store_touches",
        (("syncd ignore -c FILE 100020", "ex_ignore"),),
        _STORE,
        (_CONFIG, _DATABASE),
        ("status", "retry"),
    ),
    "products": Page(
        "man_products",
        "man_check_touches",
        (("syncd products -c FILE --all | less", "ex_products"),),
        _READING,
        (_CONFIG, _SECRETS, _DATABASE),
        ("check", "explain"),
    ),
    "reconcile": Page(
        "man_reconcile",
        "man_reconcile_touches",
        (("syncd reconcile -c FILE", "ex_reconcile"),),
        _CYCLE,
        (_CONFIG, _SECRETS, _DATABASE, _LOCK),
        ("once", "status"),
    ),
    "backup": Page(
        "man_backup",
        "man_backup_touches",
        (
            ("syncd backup -c FILE syncd-$(date +%F).db", "ex_backup"),
            ("syncd backup -c FILE --keep 14 /var/backups", "ex_backup_keep"),
        ),
        _STORE,
        (_CONFIG, _DATABASE),
        ("status",),
    ),
    "alert-test": Page(
        "man_alert_test",
        "man_alert_test_touches",
        (("syncd alert-test -c FILE", "ex_alert_test"),),
        (("0", "exit_fine"), ("1", "exit_channel"), _EDIT, _BUG),
        (_CONFIG, _SECRETS),
        ("status", "check"),
    ),
    "schema": Page(
        "man_schema",
        "man_schema_touches",
        (("syncd schema > syncd.schema.json", "ex_schema"),),
        (("0", "exit_fine"), _BUG),
        (),
        ("check",),
    ),
    "completion": Page(
        "man_completion",
        "man_completion_touches",
        (
            ('eval "$(syncd completion bash)"', "ex_completion_bash"),
            ('eval "$(syncd completion zsh)"', "ex_completion_zsh"),
            ("syncd completion fish > ~/.config/fish/completions/syncd.fish", "ex_completion_fish"),
        ),
        (("0", "exit_fine"), _EDIT, _BUG),
        (),
        ("status",),
    ),
}
