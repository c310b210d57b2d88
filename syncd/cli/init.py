"""`syncd init`: from two accounts to a first config, each answer tried as soon as it is given."""

from __future__ import annotations

from pathlib import Path

import click

from syncd import logs
from syncd.cli import EDIT, FINE
from syncd.cli.dialogue import Dialogue, Given, Refused
from syncd.cli.language import speak
from syncd.cli.questions import Asker, word_of
from syncd.config.draft import CONFIG, SECRET, TOKEN, Draft, save
from syncd.core.texts import LANGUAGES, speaker, text
from syncd.errors import Unusable

_ETC, _STATE = Path("/etc/syncd"), Path("/var/lib/syncd")
_PATH = click.Path(path_type=Path)


@click.command("init")
@click.option("--dir", "folder", type=_PATH, default=_ETC, help="option_init_dir")
@click.option("--force", is_flag=True, help="option_force")
@click.option("--yes", "alone", is_flag=True, help="option_yes")
@click.option("--language", type=click.Choice(LANGUAGES), help="option_language")
@click.option("--shop", help="option_shop")
@click.option("--database", metavar="FILE", help="option_database")
@click.option("--haravan-token-from", "token_from", type=_PATH, metavar="FILE", help="option_token_from")
@click.option("--retailer", help="option_retailer")
@click.option("--client-id", help="option_client_id")
@click.option("--kiotviet-secret-from", "secret_from", type=_PATH, metavar="FILE", help="option_secret_from")
@click.option("--branch", metavar="ID", help="option_branch")
@click.option("--link", "links", multiple=True, metavar="LOCATION=BRANCH,...", help="option_link")
@click.option("--since", metavar="DAY", help="option_since")
@click.option("--cod-method", metavar="Cash|Transfer", help="option_cod_method")
@click.option("--cod-account", metavar="ID", help="option_cod_account")
@click.option("--watch/--apply", "watch", default=None, help="option_watch")
@click.option("--haravan-url", default="https://apis.haravan.com", help="option_haravan_url")
@click.option("--kiotviet-url", default="https://public.kiotapi.com", help="option_kiotviet_url")
@click.option("--token-url", default="https://id.kiotviet.vn/connect/token", help="option_token_url")
def command(**options: object) -> int:
    """Ask for both accounts, try them, show branches, locations and product matches, and write a commented config.

    Nothing is written to either shop. Secrets are typed unseen or read from files, never given as options.
    """
    logs.configure(quiet=True)
    given = Given(**options)  # type: ignore[arg-type]
    language = given.language or Asker(speaker("en"), given.alone).ask(
        text("init_language"), word_of(LANGUAGES), option="--language", default="vi"
    )
    speak(language)
    asker = Asker(speaker(language), given.alone)
    _refuse_to_replace(given, asker)
    dialogue = Dialogue(given, asker, language, given.database or _database_for(given.folder))
    try:
        draft = dialogue.run()
    except Refused:
        return EDIT
    path = _save(given.folder, dialogue, asker)
    _say_next(path, draft, asker)
    return FINE


def _database_for(folder: Path) -> str:
    """The state directory that the unit files give a config in /etc/syncd or below; else beside the config."""
    place = folder.absolute()
    if place == _ETC or place.parent == _ETC:
        return str(_STATE / place.relative_to(_ETC) / "syncd.db")
    return "syncd.db"


def _refuse_to_replace(given: Given, asker: Asker) -> None:
    there = [path for name in (CONFIG, TOKEN, SECRET) if (path := given.folder / name).exists()]
    if there and not given.force:
        raise Unusable(text("init_exists", path=str(there[0])))


def _save(folder: Path, dialogue: Dialogue, asker: Asker) -> Path:
    try:
        path = save(folder, dialogue.text, dialogue.token, dialogue.secret)
    except OSError as error:
        raise Unusable(text("init_unwritten", path=str(folder), why=error.strerror or type(error).__name__)) from error
    click.echo(asker.say(text("init_written", files=f"{path}, {folder / TOKEN}, {folder / SECRET}")))
    return path


def _say_next(path: Path, draft: Draft, asker: Asker) -> None:
    steps = [text("init_next"), text("init_next_check", path=str(path)), text("init_next_plan", path=str(path))]
    place = path.parent.absolute()
    if place == _ETC or place.parent == _ETC:
        unit = "syncd" if place == _ETC else f"syncd@{place.name}"
        steps.append(text("init_next_service", unit=unit))
    else:
        steps.append(text("init_next_run", path=str(path)))
    if not draft.apply:
        steps.append(text("init_next_apply", path=str(path)))
    for step in steps:
        click.echo(asker.say(step))
