"""The alerting rules and the dashboard that are shipped: of metrics that exist, with words that help."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from syncd.web.metric_table import METRICS
from tests.architecture import ROOT

RULES = ROOT / "systemd" / "syncd.rules.yaml"
DASHBOARD = ROOT / "systemd" / "grafana-dashboard.json"
SCENARIO = ROOT / "tests" / "samples" / "prometheus" / "rules_test.yaml"
NAMES = {metric.name for metric in METRICS}
LABELS = {metric.name: {*metric.labels, "instance", "job"} for metric in METRICS}


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


def panels() -> list[dict[str, Any]]:
    return list(json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"])


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def test_every_metric_that_is_asked_for_is_one_that_is_scraped() -> None:
    asked = {name for text in expressions() for name in re.findall(r"\b(?:syncd|process)_\w+", text)}
    assert len(asked) > 20
    assert asked - NAMES == set()


def test_every_label_that_is_asked_for_is_one_that_the_metric_has() -> None:
    wrong = [
        (name, label)
        for text in expressions()
        for name, matchers in re.findall(r"\b((?:syncd|process)_\w+)\{([^}]*)\}", text)
        for label in re.findall(r'(\w+)(?:=~|!~|!=|=)"', matchers)
        if label not in LABELS[name]
    ]
    assert wrong == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_each_alert_says_how_bad_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert re.fullmatch(r"Syncd[A-Za-z]+", rule["alert"])
    assert re.fullmatch(r"\d+[mhd]", rule["for"])
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    assert rule["annotations"].keys() == {"summary", "description"}
    assert "$labels.instance" in rule["annotations"]["summary"]
    known = {"status", "check", "plan", "once", "retry", "ignore", "done", "backup", "reconcile"}
    assert set(re.findall(r"`syncd (\w+)", rule["annotations"]["description"])) <= known


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian: prometheus) is not installed")
def test_the_alerts_fire_when_they_should_as_prometheus_itself_judges() -> None:
    for command in (["check", "rules", str(RULES)], ["test", "rules", str(SCENARIO)]):
        verdict = subprocess.run(["promtool", *command], capture_output=True, text=True, timeout=60, check=False)
        assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_the_dashboard_can_be_imported_anywhere() -> None:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    variables = {one["name"]: one for one in board["templating"]["list"]}
    assert (variables["datasource"]["type"], variables["datasource"]["query"]) == ("datasource", "prometheus")
    assert variables["instance"]["query"]["query"] == "label_values(syncd_shop_info, instance)"
    sources = {one["datasource"]["uid"] for panel in panels() for one in (panel, *panel["targets"])}
    assert sources == {"${datasource}"}
    assert len({panel["id"] for panel in panels()}) == len(panels())
    assert all(panel["title"] and panel["targets"] for panel in panels())


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels())
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
