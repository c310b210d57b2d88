"""What an admin writes, and what syncd makes of it or says about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from syncd.config import Settings, StockLink, load
from syncd.core.problems import Problem
from syncd.errors import ConfigError

Edited = Callable[..., Settings]
Problems = Callable[..., tuple[Problem, ...]]


def test_the_example_loads_with_the_values_it_shows(shop: Path) -> None:
    settings = load(shop, credentials_directory=None)
    assert settings.path == shop
    assert (settings.shop, settings.database, settings.language) == ("my-shop", Path("/var/lib/syncd/syncd.db"), "vi")
    assert settings.haravan.base_url == "https://apis.haravan.com"
    assert settings.kiotviet.token_url == "https://id.kiotviet.vn/connect/token"
    assert (settings.orders.branch_id, settings.orders.since) == (1001, date(2026, 11, 1))
    assert settings.stock.links == (StockLink(963414, (1001,), 0),)
    assert settings.products.match == ("barcode", "sku")
    assert settings.poll.reconcile_seconds == 3600


MINIMAL = """\
shop: "1:30"
database: state/syncd.db
haravan: {token_file: haravan-token}
kiotviet: {retailer: myshop, client_id: 83a5bcbe, client_secret_file: kiotviet-secret}
orders:
  branch_id: 1001
  since: '2026-11-01'
stock: {links: []}
"""


def test_only_what_has_no_default_is_required_and_the_example_shows_every_default(shop: Path) -> None:
    example = load(shop, credentials_directory=None)
    shop.write_text(MINIMAL)
    minimal = load(shop, credentials_directory=None)
    assert minimal.orders == example.orders
    assert (minimal.products, minimal.poll, minimal.language) == (example.products, example.poll, example.language)
    assert minimal.haravan == example.haravan
    assert minimal.kiotviet.gets_per_hour == example.kiotviet.gets_per_hour
    assert minimal.database == shop.parent / "state/syncd.db"
    assert minimal.shop == "1:30"


def test_tags_are_off_until_they_are_switched_on_and_start_no_order_over(edited: Edited, shop: Path) -> None:
    off = load(shop, credentials_directory=None)
    on = edited(("tags: false", "tags: true"))
    assert (off.orders.tags, on.orders.tags) == (False, True)
    assert on.fingerprint() == off.fingerprint()
    assert edited(("branch_id: 1001", "branch_id: 1002")).fingerprint() != off.fingerprint()


def test_a_section_with_every_key_commented_out_has_its_defaults(shop: Path) -> None:
    example = load(shop, credentials_directory=None)
    shop.write_text(
        shop.read_text().replace("_seconds:", "#").replace("  orders#", "  #").replace("  lookup_wait#", "#")
    )
    shop.write_text(shop.read_text().replace("  stock#", "  #").replace("  reconcile#", "  #"))
    assert "poll:\n  #" in shop.read_text()
    assert load(shop, credentials_directory=None) == example


def test_windows_line_ends_and_a_byte_order_mark_are_tolerated(shop: Path) -> None:
    shop.write_bytes(b"\xef\xbb\xbf" + shop.read_bytes().replace(b"\n", b"\r\n"))
    assert load(shop, credentials_directory=None).shop == "my-shop"


def test_everything_a_section_needs_is_asked_for_at_the_line_of_the_section(problems: Problems) -> None:
    found = problems(("  retailer: myshop\n", ""), ("  client_id: 83a5bcbe-3c39-458c-bdd9-128112cef3f7\n", ""))
    assert [problem.key for problem in found] == ["kiotviet.retailer", "kiotviet.client_id"]
    assert found[0].line == found[1].line
    assert found[0].line is not None
    assert "missing" in str(found[0].found)


def test_an_empty_map_is_told_every_required_key(shop: Path) -> None:
    shop.write_text("language: en\n")
    with pytest.raises(ConfigError) as refused:
        load(shop, credentials_directory=None)
    assert {problem.key for problem in refused.value.problems} == {
        "shop",
        "database",
        "haravan.token_file",
        "kiotviet.retailer",
        "kiotviet.client_id",
        "kiotviet.client_secret_file",
        "orders.branch_id",
        "orders.since",
        "stock.links",
    }


def test_all_problems_are_told_at_once_in_the_order_of_the_file(problems: Problems) -> None:
    found = problems(
        ("language: vi\n", "language: fr\n"),
        ("gets_per_hour: 4000", "gets_per_hour: 99"),
        ("max_change_percent: 30", "max_change_percent: 101"),
        ("  stock_seconds: 30", "  stock_seconds: 0"),
    )
    assert [problem.key for problem in found] == [
        "language",
        "kiotviet.gets_per_hour",
        "stock.max_change_percent",
        "poll.stock_seconds",
    ]
    assert [problem.line for problem in found] == sorted(problem.line or 0 for problem in found)


def test_a_problem_is_one_line_with_file_line_key_expected_and_found(problems: Problems, shop: Path) -> None:
    (problem,) = problems(("branch_id: 1001", "branch_id: Quận 1"))
    line = shop.read_text().split("\n").index("  branch_id: Quận 1") + 1
    expected = "expected a KiotViet branch id, a whole number of at least 1, found 'Quận 1'"
    assert str(problem) == f"{shop}:{line}: orders.branch_id: {expected}"


# One row a mistake: what stood there, what the admin wrote, the key that is named, a part of what is said.
MISTAKES = [
    ("shop: my-shop", "shop: no", "shop", "no must be quoted: YAML reads it as true or false"),
    ("shop: my-shop", "shop: 00123", "shop", "00123 must be quoted: YAML reads it as a number"),
    ("shop: my-shop", "shop: 1:30", "shop", "1:30 must be quoted: YAML reads it as a time"),
    ("shop: my-shop", "shop: 1_000", "shop", "1_000 must be quoted: YAML reads it as a number"),
    ("shop: my-shop", "shop: .inf", "shop", ".inf must be quoted: YAML reads it as a number"),
    ("shop: my-shop", "shop: 1e3", "shop", "1e3 must be quoted: YAML reads it as a number"),
    ("shop: my-shop", "shop: 0x1F", "shop", "0x1F must be quoted: YAML reads it as a number"),
    ("shop: my-shop", "shop: 2026-11-01", "shop", "2026-11-01 must be quoted: YAML reads it as a date"),
    ("shop: my-shop", "shop: true", "shop", "true must be quoted: YAML reads it as true or false"),
    ("shop: my-shop", "shop:", "shop", "found nothing"),
    ("shop: my-shop", "shop: ~", "shop", "found nothing"),
    ("shop: my-shop", "shop: ''", "shop", "an empty text"),
    ("shop: my-shop", 'shop: " a"', "shop", "spaces at its start or end"),
    ("shop: my-shop", 'shop: "a\\0b"', "shop", "control character"),
    ("shop: my-shop", 'shop: "a\\ud800b"', "shop", "control character"),
    ("shop: my-shop", "shop: [a]", "shop", "found a list"),
    ("shop: my-shop", "shop: {a: b}", "shop", "found a map"),
    ("database: /var/lib/syncd/syncd.db", "database: /tmp/", "database", "a directory"),
    ("database: /var/lib/syncd/syncd.db", "database: .", "database", "a directory"),
    ("database: /var/lib/syncd/syncd.db", "database: ~/syncd.db", "database", "a path without ~"),
    ("language: vi", "language: EN", "language", "did you mean en?"),
    ("base_url: https://apis.haravan.com", "base_url: http://apis.haravan.com", "haravan.base_url", "https://"),
    ("base_url: https://apis.haravan.com", "base_url: http://127.0.0.1.evil.vn", "haravan.base_url", "https://"),
    ("base_url: https://apis.haravan.com", "base_url: http://10.0.0.1", "haravan.base_url", "https://"),
    ("base_url: https://apis.haravan.com", "base_url: http://0.0.0.0", "haravan.base_url", "https://"),
    ("base_url: https://apis.haravan.com", "base_url: apis.haravan.com", "haravan.base_url", "no https://"),
    ("base_url: https://apis.haravan.com", "base_url: ftp://apis.haravan.com", "haravan.base_url", "ftp://"),
    ("base_url: https://apis.haravan.com", "base_url: https://", "haravan.base_url", "host name"),
    ("base_url: https://apis.haravan.com", "base_url: https://a.vn:99999", "haravan.base_url", "no address"),
    ("base_url: https://apis.haravan.com", "base_url: https://a.vn:0", "haravan.base_url", "port"),
    ("base_url: https://apis.haravan.com", "base_url: https://1.2.3.999", "haravan.base_url", "host name"),
    ("base_url: https://apis.haravan.com", "base_url: https://a.vn/?x=1", "haravan.base_url", "without ? and #"),
    ("base_url: https://apis.haravan.com", "base_url: 'https://a.vn/#x'", "haravan.base_url", "without ? and #"),
    ("base_url: https://apis.haravan.com", "base_url: https://a b.vn", "haravan.base_url", "host name"),
    ("base_url: https://apis.haravan.com", "base_url: 'http://localhost:1@evil.vn'", "haravan.base_url", "an @"),
    ("retailer: myshop", "retailer: cửa hàng", "kiotviet.retailer", "other characters"),
    ("client_id: 83a5bcbe-3c39-458c-bdd9-128112cef3f7", "client_id: 123", "kiotviet.client_id", "must be quoted"),
    ("gets_per_hour: 4000", 'gets_per_hour: "4000"', "kiotviet.gets_per_hour", "the text '4000'"),
    ("gets_per_hour: 4000", "gets_per_hour: 5001", "kiotviet.gets_per_hour", "from 100 to 5000"),
    ("events_days: 400", "events_days: 29", "events_days", "from 30 to 36500"),
    ("gets_per_hour: 4000", "gets_per_hour: 4e3", "kiotviet.gets_per_hour", "4e3"),
    ("gets_per_hour: 4000", "gets_per_hour: 4000.0", "kiotviet.gets_per_hour", "4000.0"),
    ("gets_per_hour: 4000", "gets_per_hour: 0400", "kiotviet.gets_per_hour", "another number"),
    ("gets_per_hour: 4000", "gets_per_hour: 1:30", "kiotviet.gets_per_hour", "another number"),
    ("gets_per_hour: 4000", "gets_per_hour: true", "kiotviet.gets_per_hour", "found true"),
    ("gets_per_hour: 4000", "gets_per_hour:", "kiotviet.gets_per_hour", "found nothing"),
    ("gets_per_hour: 4000", f"gets_per_hour: {'9' * 5000}", "kiotviet.gets_per_hour", "from 100 to 5000"),
    ("apply: true", "apply: no", "orders.apply", "true or false"),
    ("apply: true", "apply: 1", "orders.apply", "true or false"),
    ("apply: true", 'apply: "true"', "orders.apply", "the text 'true'"),
    ("branch_id: 1001", "branch_id: 0", "orders.branch_id", "at least 1"),
    ("branch_id: 1001", "branch_id: -5", "orders.branch_id", "at least 1"),
    ("branch_id: 1001", "branch_id: [1001]", "orders.branch_id", "found a list"),
    ("branch_by_location: {}", "branch_by_location: {a: 1}", "orders.branch_by_location.a", "Haravan location id"),
    ("branch_by_location: {}", "branch_by_location: {5: b}", "orders.branch_by_location.5", "KiotViet branch id"),
    ("branch_by_location: {}", "branch_by_location: [1]", "orders.branch_by_location", "a map"),
    ("branch_by_location: {}", "branch_by_location:", "orders.branch_by_location", "found nothing"),
    ("since: 2026-11-01", "since: 2026-13-01", "orders.since", "calendar"),
    ("since: 2026-11-01", "since: 01/11/2026", "orders.since", "like 2026-11-01"),
    ("since: 2026-11-01", "since: 2026-11-01T00:00:00", "orders.since", "like 2026-11-01"),
    ("since: 2026-11-01", "since: 0001-01-01", "orders.since", "from 2000"),
    ("since: 2026-11-01", "since: 20261101", "orders.since", "like 2026-11-01"),
    ("channels: [web]", "channels: web", "orders.channels", "[web]"),
    ("channels: [web]", "channels: []", "orders.channels", "an empty list"),
    ("channels: [web]", "channels: [web, any]", "orders.channels", "any beside"),
    ("channels: [web]", "channels: [web, web]", "orders.channels[1]", "again"),
    ("channels: [web]", "channels: [no]", "orders.channels[0]", "must be quoted"),
    ("payments: [cod]", "payments: [cod, any]", "orders.payments", "several"),
    ("payments: [cod]", "payments: []", "orders.payments", "an empty list"),
    ("payments: [cod]", "payments: [COD]", "orders.payments[0]", "did you mean cod?"),
    ("cod_method: Cash", "cod_method: Transfer", "orders.cod_account_id", "cod_method is Transfer"),
    ("cod_method: Cash", "cod_method: Cash\n  cod_account_id: 5", "orders.cod_account_id", "only with"),
    ("cod_method: Cash", "cod_method: cash\n  cod_account_id: 5", "orders.cod_method", "did you mean Cash?"),
    ("cod_method: Cash", "cod_method: Transfer\n  cod_account_id: a", "orders.cod_account_id", "bank account"),
    (
        "shipping_surcharge_code: THKSHIPPINGWEB",
        "shipping_surcharge_code: 007",
        "orders.shipping_surcharge_code",
        "007",
    ),
    ("on_return: hold", "on_return: refund", "orders.on_return", "hold or void_invoice"),
    ("tags: false", "tags: KV", "orders.tags", "true or false"),
    ("lookup_wait_seconds: 60", "lookup_wait_seconds: -1", "orders.lookup_wait_seconds", "from 0"),
    ("orders_reserve: auto", "orders_reserve: true", "stock.orders_reserve", "auto or yes or no"),
    ("max_change_percent: 30", "max_change_percent: 30%", "stock.max_change_percent", "'30%'"),
    ("max_change_min: 10", "max_change_min: 0", "stock.max_change_min", "at least 1"),
    ("location_id: 963414, ", "", "stock.links[0].location_id", "missing"),
    ("branch_ids: [1001], ", "", "stock.links[0].branch_ids", "missing"),
    ("branch_ids: [1001]", "branch_ids: 1001", "stock.links[0].branch_ids", "[1001]"),
    ("branch_ids: [1001]", "branch_ids: []", "stock.links[0].branch_ids", "an empty list"),
    ("branch_ids: [1001]", "branch_ids: [1001, 1001]", "stock.links[0].branch_ids[1]", "again"),
    ("branch_ids: [1001]", "branch_ids: [Quận 1]", "stock.links[0].branch_ids[0]", "'Quận 1'"),
    ("safety_stock: 0", "safety_stock: -1", "stock.links[0].safety_stock", "at least 0"),
    ("safety_stock: 0", "safety_stok: 0", "stock.links[0].safety_stok", "did you mean safety_stock?"),
    ("match: [barcode, sku]", "match: [barcode, barcode]", "products.match", "each word once"),
    ("match: [barcode, sku]", "match: [barcode, name]", "products.match[1]", "barcode or sku"),
    ("  links: {}", "  links: {AO: 00123}", "products.links.AO", "00123 must be quoted: YAML reads it as a number"),
    ("  links: {}", "  links: {00123: AO}", "products.links.00123", "must be quoted"),
    ("  links: {}", "  links: {A: X, B: X}", "products.links.B", "linked once"),
    ("  links: {}", '  links: {"A": [X]}', "products.links.A", "a KiotViet code"),
    ("ignore: []", "ignore: [SP1, SP1]", "products.ignore[1]", "again"),
    ("ignore: []", "ignore: [08]", "products.ignore[0]", "08 must be quoted"),
    ("orders_seconds: 15", "orders_seconds: 0", "poll.orders_seconds", "from 1"),
    ("orders_seconds: 15", "orders_seconds: 1.5", "poll.orders_seconds", "1.5"),
    ("orders_seconds: 15", "order_seconds: 15", "poll.order_seconds", "did you mean orders_seconds?"),
    ("  apply: true", "  orders_seconds: 3\n  apply: true", "orders.orders_seconds", "poll.orders_seconds"),
    ("shop: my-shop", "shop: my-shop\nextra: 1", "extra", "an unknown key"),
    ("shop: my-shop", "shop: my-shop\nshop: other", "shop", "it again (first on line"),
    ("  apply: true", "  apply: true\n  apply: true", "orders.apply", "it again (first on line"),
    ("safety_stock: 0", "safety_stock: 0, safety_stock: 1", "stock.links[0].safety_stock", "it again"),
    ("shop: my-shop", "shop: &name my-shop", "shop", "an anchor"),
    ("shop: my-shop", "shop: !!str my-shop", "shop", "a tag"),
    ("shop: my-shop", "shop: *name", "shop", "an alias"),
    ("poll:", "poll:\n  <<: {}", "poll.<<", "a merge key"),
    ("poll:", "poll:\n  ? [a]\n  : 1", "poll", "as a key"),
    ("shop: my-shop", "---\nlanguage: en\n---\nshop: my-shop", "", "a second one"),
    ("poll:", "poll: 5\nrest:", "poll", "a map of keys and values"),
    ("  apply: true", "\tapply: true", "", "a tab"),
    ("shop: my-shop", "shop: 'my-shop", "", "a mistake"),
    ("shop: my-shop", "shop: a: b", "", "second colon"),
    ("shop: my-shop", 'shop: "\\UFFFFFFFF"', "", "an escape that is not a character"),
    ("shop: my-shop", "shop: \x07", "", "printable text"),
    ("shop: my-shop", f"shop: {'[' * 500}", "shop" + "[0]" * 12, "nested too deep"),
]


@pytest.mark.parametrize(("old", "new", "key", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_line(
    problems: Problems, shop: Path, old: str, new: str, key: str, said: str
) -> None:
    named = {problem.key: problem for problem in problems((old, new))}
    assert key in named
    assert said in str(named[key])
    assert 1 <= (named[key].line or 0) <= shop.read_text().count("\n")
    assert str(named[key]).count("\n") == 0


@pytest.mark.parametrize(
    "written",
    ["http://127.0.0.1:8080", "http://127.9.9.9", "http://localhost:1", "http://[::1]:8080", "https://10.0.0.1/api"],
)
def test_plain_http_is_for_this_machine_only(edited: Edited, written: str) -> None:
    assert edited(("base_url: https://apis.haravan.com", f"base_url: {written}/")).haravan.base_url == written


@pytest.mark.parametrize(("typed", "kept"), [("yes", "yes"), ("no", "no"), ("'no'", "no"), ("auto", "auto")])
def test_orders_reserve_takes_bare_yes_and_no_as_words(edited: Edited, typed: str, kept: str) -> None:
    assert edited(("orders_reserve: auto", f"orders_reserve: {typed}")).stock.orders_reserve == kept


def test_legal_extremes_are_taken(edited: Edited) -> None:
    settings = edited(
        ("gets_per_hour: 4000", "gets_per_hour: 100"),
        ("lookup_wait_seconds: 60", "lookup_wait_seconds: 0"),
        ("max_change_percent: 30", "max_change_percent: 100"),
        ("orders_seconds: 15", "orders_seconds: 1"),
        ("cod_method: Cash", "cod_method: Transfer\n  cod_account_id: 5"),
        ("branch_by_location: {}", "branch_by_location: {963414: 1002}"),
        ("  links: {}", '  links: {"00123": "1:30", AO-01: SP-01}'),
    )
    assert (settings.kiotviet.gets_per_hour, settings.orders.lookup_wait_seconds) == (100, 0)
    assert (settings.stock.max_change_percent, settings.poll.orders_seconds) == (100, 1)
    assert (settings.orders.cod_method, settings.orders.cod_account_id) == ("Transfer", 5)
    assert settings.orders.branch_by_location == {963414: 1002}
    assert settings.products.links == {"00123": "1:30", "AO-01": "SP-01"}


def test_one_location_in_two_links_is_refused(problems: Problems) -> None:
    link = "    - {location_id: 963414, branch_ids: [1001], safety_stock: 0}\n"
    (problem,) = problems((link, link + link))
    assert problem.key == "stock.links[1].location_id"


@pytest.mark.parametrize("content", [b"", b"# only words\n", b"---\n...\n", b"null\n"])
def test_an_empty_file_is_one_problem(shop: Path, content: bytes) -> None:
    shop.write_bytes(content)
    with pytest.raises(ConfigError, match="an empty file") as refused:
        load(shop, credentials_directory=None)
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize("content", [b"- shop\n", b"shop\n"])
def test_a_file_that_is_no_map_is_one_problem(shop: Path, content: bytes) -> None:
    shop.write_bytes(content)
    with pytest.raises(ConfigError, match="a map of keys and values") as refused:
        load(shop, credentials_directory=None)
    assert len(refused.value.problems) == 1


def test_bytes_that_are_no_utf8_are_named_with_their_line(shop: Path) -> None:
    shop.write_bytes(b"shop: a\nlanguage: \xe9\n")
    with pytest.raises(ConfigError, match=r"shop\.yaml:2: the file: expected text in UTF-8, found the byte 0xe9"):
        load(shop, credentials_directory=None)


def test_a_missing_file_a_directory_and_an_unreadable_file_are_one_clear_line(tmp_path: Path) -> None:
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    for path, said in [
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path, "found a directory"),
        (loop, "symbolic links"),
        (Path("/dev/null"), "no file"),
        (tmp_path / ("x" * 300), "name too long"),
        (tmp_path / "a\0b", "not usable"),
    ]:
        with pytest.raises(ConfigError, match=said) as refused:
            load(path, credentials_directory=None)
        assert len(refused.value.problems) == 1


def test_settings_stay_as_they_were_checked(shop: Path) -> None:
    settings = load(shop, credentials_directory=None)
    with pytest.raises(TypeError):
        settings.products.links["a"] = "b"  # type: ignore[index]


def test_the_fingerprint_changes_with_what_could_make_a_refused_order_pass_and_with_nothing_else(
    edited: Edited,
) -> None:
    before = edited()
    assert edited().fingerprint() == before.fingerprint()
    assert edited(("orders_seconds: 15", "orders_seconds: 16")).fingerprint() == before.fingerprint()
    linked = edited(("  links: {}", "  links: {A: B}"))
    moved = edited(("branch_id: 1001", "branch_id: 1002"))
    assert len({before.fingerprint(), linked.fingerprint(), moved.fingerprint()}) == 3
