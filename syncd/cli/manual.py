"""The pages of --help: what a command does, reads and writes, its options, examples, exit codes and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import click

from syncd.cli.language import say
from syncd.cli.manual_pages import ENVIRONMENT, PAGES, SYNCD_EXITS, SYNCD_FILES, Page
from syncd.core.texts import SENTENCES, text


class Manual(click.Command):
    """A command whose help is a page of the catalogue."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The whole page."""
        page = PAGES[str(self.name)]
        _usage(self, ctx, formatter)
        _paragraphs(formatter, (page.does,))
        _section(formatter, "man_touches", (page.touches,))
        format_options(self, ctx, formatter)
        _pairs(formatter, "man_examples", page.examples)
        _pairs(formatter, "man_exit", page.exits)
        _pairs(formatter, "man_files", page.files)
        _see(formatter, page)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What stands behind the name, with the word for options in the language of this command."""
        return [say(text("man_options_metavar")), *super().collect_usage_pieces(ctx)[1:]]


def with_page(command: click.Command) -> click.Command:
    """The same command with its page for help; as it is where it has none."""
    if str(command.name) not in PAGES:
        return command
    return Manual(command.name, callback=command.callback, params=command.params)


def format_syncd(
    group: click.Group, ctx: click.Context, formatter: click.HelpFormatter, commands: Mapping[str, str]
) -> None:
    """The page of syncd itself; `commands` are sentences by name, so that no command has to be loaded."""
    pieces = f"{say(text('man_options_metavar'))} {say(text('man_command_metavar'))}"
    formatter.write_usage(ctx.command_path, pieces, say(text("man_usage")))
    _paragraphs(formatter, ("man_syncd", "man_syncd_start"))
    format_options(group, ctx, formatter)
    _pairs(formatter, "man_commands", commands.items())
    _pairs(formatter, "man_environment", ENVIRONMENT)
    _pairs(formatter, "man_exit", SYNCD_EXITS)
    _pairs(formatter, "man_files", SYNCD_FILES)


def format_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Every option, with the language's word for those that must be there."""
    rows = [_option(option, ctx) for option in command.get_params(ctx) if isinstance(option, click.Option)]
    with formatter.section(say(text("man_options"))):
        formatter.write_dl(rows)


def _option(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    names = (option.get_help_record(ctx) or ("", ""))[0]
    is_help = option is ctx.command.get_help_option(ctx)
    told = said("option_help" if is_help else option.help or "")
    return names, f"{told} [{say(text('required'))}]" if option.required else told


def said(key: str) -> str:
    """A sentence of the catalogue; words that are no key of it stay as they are."""
    return say(text(key)) if key in SENTENCES else key


def _usage(command: Manual, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), say(text("man_usage")))


def _paragraphs(formatter: click.HelpFormatter, keys: Sequence[str]) -> None:
    for key in keys:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(said(key))


def _section(formatter: click.HelpFormatter, title: str, keys: Sequence[str]) -> None:
    with formatter.section(said(title)):
        for key in keys:
            formatter.write_text(said(key))


def _pairs(formatter: click.HelpFormatter, title: str, rows: Iterable[tuple[str, str]]) -> None:
    told = [(name, said(key)) for name, key in rows]
    if told:
        with formatter.section(said(title)):
            formatter.write_dl(told, col_max=40)


def _see(formatter: click.HelpFormatter, page: Page) -> None:
    with formatter.section(said("man_see")):
        formatter.write_text(", ".join(f"syncd {name}" for name in page.see))
