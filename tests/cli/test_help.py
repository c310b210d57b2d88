"""--help is a manual in both languages, and a mistyped line is answered in words."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from syncd.cli import EDIT, FINE, cli, run
from syncd.cli.language import choose, of_environment
from syncd.cli.manual_pages import PAGES
from syncd.cli.options import stand_in

COMMANDS = cli.list_commands(click.Context(cli))
VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")


@pytest.fixture(autouse=True)
def no_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SYNCD_CONFIG", "SYNCD_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["en", "vi"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SYNCD_LANGUAGE", request.param)
    return str(request.param)


TITLES = {
    "en": ("Usage:", "Reads and writes", "Options", "Examples", "Exit codes", "See also"),
    "vi": ("Cách dùng:", "Đọc và ghi", "Tuỳ chọn", "Ví dụ", "Mã thoát", "Xem thêm"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_page_in_both_languages(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "--help"]) == FINE
    page = capsys.readouterr().out
    assert [title for title in TITLES[language] if title not in page] == []
    if language == "vi":
        assert VIETNAMESE.search(page)
    for example, _ in PAGES[command].examples:
        assert example in " ".join(page.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_names_every_option_and_points_to_commands_that_exist(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run([command, "--help"])
    page = capsys.readouterr().out
    real: click.Command = importlib.import_module(f"syncd.cli.{command.replace('-', '_')}").command
    for option in real.params:
        assert all(name in page for name in option.opts if name.startswith("-"))
    assert set(PAGES[command].see) <= set(COMMANDS) - {command}


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_syncd_alone_shows_help_in_both_languages(
    arguments: list[str], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == FINE
    page = capsys.readouterr().out
    assert [command for command in COMMANDS if f"\n  {command} " not in page] == []
    assert all(name in page for name in ("SYNCD_CONFIG", "SYNCD_LANGUAGE", "syncd.db"))
    assert bool(VIETNAMESE.search(page)) is (language == "vi")


def test_help_loads_no_command() -> None:
    probe = "import sys; from syncd.cli import run; run(['--help']); print([m for m in sys.modules if 'wiring' in m])"
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    assert time.monotonic() - started < 10


MISTAKES = [
    (["statsu"], "did you mean 'status'?", "có phải ý bạn là 'status'?"),
    (["xyzzy"], "there is no command 'xyzzy'", "không có lệnh 'xyzzy'"),
    (["status"], "which config file?", "file cấu hình nào?"),
    (["status", "--jsno"], "did you mean --json?", "có phải ý bạn là --json?"),
    (["status", "--zzz"], "there is no option --zzz", "không có tuỳ chọn --zzz"),
    (["status", "-c"], "option -c needs a value", "tuỳ chọn -c cần một giá trị"),
    (["status", "-c", "x", "--json=1"], "takes no value", "không nhận giá trị"),
    (["plan", "-c", "x", "y", "z"], "too many arguments: y z", "thừa tham số: y z"),
    (["done", "-c", "x", "two"], "TASK...: expected a whole number", "TASK...: cần một số nguyên"),
    (["retry", "-c", "x"], "ORDER... is missing", "thiếu ORDER..."),
    (["completion", "tcsh"], "one of bash, zsh, fish", "một trong bash, zsh, fish"),
    (["sandbox", "--haravan-port", "70000"], "from 0 to 65535", "từ 0 đến 65535"),
    (["explain", "-c", "x"], "either an ORDER", "hãy ghi một ORDER"),
    (
        ["sandbox", "--switch", "nonsense"],
        "'syncd sandbox --list-switches' lists",
        "'syncd sandbox --list-switches' liệt",
    ),
]


@pytest.mark.parametrize(("arguments", "english", "vietnamese"), MISTAKES)
def test_a_mistake_on_the_line_is_told_in_both_languages(
    arguments: list[str], english: str, vietnamese: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == EDIT
    told = capsys.readouterr()
    assert (english if language == "en" else vietnamese) in told.err
    assert told.out == ""
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LC_MESSAGES": "vi"}, "vi"),
        ({"LANG": "vi_VN", "SYNCD_LANGUAGE": "en"}, "en"),
        ({"SYNCD_LANGUAGE": "VI"}, "vi"),
        ({"SYNCD_LANGUAGE": "fr", "LANG": "vi_VN"}, "vi"),
    ],
)
def test_the_environment_says_which_language(environ: dict[str, str], language: str) -> None:
    assert of_environment(environ) == language


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("language: vi", "vi"),
        ('language: "vi"   # for the shop', "vi"),
        ("shop: x\nlanguage: en\n", "en"),
        ("language: fr", "en"),
        ("  language: vi", "en"),
        ("shop: [\nlanguage: vi\n\t:", "vi"),
        ("", "en"),
    ],
)
@pytest.mark.parametrize("given", ["-c {}", "-c{}", "--config {}", "--config={}", "SYNCD_CONFIG"])
def test_a_config_file_says_which_language_even_where_it_is_broken(
    written: str, language: str, given: str, tmp_path: Path
) -> None:
    config = tmp_path / "shop.yaml"
    config.write_text(written)
    named = {} if "{" in given else {given: str(config)}
    arguments = ["status", *(part.format(config) for part in given.split())] if not named else ["status"]
    assert choose(arguments, named) == language
    assert choose(arguments, {**named, "SYNCD_LANGUAGE": "vi"}) == ("en" if "language: en" in written else "vi")


def test_problems_of_a_config_are_told_in_the_language_that_it_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "shop.yaml"
    config.write_text("shop: 7\nlanguage: vi\n")
    assert run(["run", "-c", str(config)]) == EDIT
    vietnamese = capsys.readouterr().err
    assert f"{config}:1: shop: cần tên cửa hàng đặt trong dấu nháy, nhưng thấy 7 phải đặt trong dấu nháy" in vietnamese
    assert "thiếu khoá này" in vietnamese
    assert "expected" not in vietnamese
    config.write_text("shop: 7\nlanguage: en\n")
    assert run(["status", "-c", str(config)]) == EDIT
    english = capsys.readouterr().err
    assert f"{config}:1: shop: expected the shop's name in quotes" in english
    assert len(english.splitlines()) == len(vietnamese.splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_what_stands_in_for_a_command_takes_the_same(command: str) -> None:
    light = stand_in(command)
    real: click.Command = importlib.import_module(f"syncd.cli.{command.replace('-', '_')}").command
    if light is not None:
        assert [shape(parameter) for parameter in light.params] == [shape(parameter) for parameter in real.params]


def shape(parameter: click.Parameter) -> tuple[object, ...]:
    return parameter.name, tuple(parameter.opts), parameter.nargs, parameter.required, type(parameter.type)
