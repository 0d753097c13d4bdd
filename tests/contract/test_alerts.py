"""The port Alerts: each alert once, in its newest state; on the fake and on files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from reconciler.adapters.alerts import FileAlerts
from reconciler.adapters.fakes.alerts import FakeAlerts
from reconciler.domain.live import Alert
from reconciler.ports import Alerts
from tests.payloads import AT, HOUR, notice, payload


def alert(name: str, at: int = 0, *, firing: bool = True, **labels: str) -> Alert:
    return Alert(name=name, labels={"alertname": name, **labels}, firing=firing, starts_at=AT + at * HOUR)


def written(alert: Alert) -> dict[str, object]:
    labels = {key: value for key, value in alert.labels.items() if key != "alertname"}
    ends = None if alert.firing else alert.starts_at + HOUR
    return notice(alert.name, starts=alert.starts_at, ends=ends, **labels)


def fake(folder: Path, files: Mapping[str, Sequence[Alert]]) -> Alerts:
    return FakeAlerts(files)


def on_disk(folder: Path, files: Mapping[str, Sequence[Alert]]) -> Alerts:
    for name, alerts in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(payload(*map(written, alerts)))
    return FileAlerts(folder)


HIGH, LOW = alert("LatencyHigh", pod="a"), alert("LatencyHigh", pod="b")
CASES = {
    "one file": ({"a.json": [HIGH]}, "a.json", [HIGH]),
    "sorted by name and labels": ({"a.json": [LOW, HIGH, alert("Errors")]}, "a.json", [alert("Errors"), HIGH, LOW]),
    "no file yet": ({"a.json": [HIGH]}, "b.json", []),
    "no file matches": ({"a.json": [HIGH]}, "alerts/*.json", []),
    "no alerts": ({"a.json": []}, "a.json", []),
    "all files of a glob": ({"x/a.json": [HIGH], "x/b.json": [LOW], "y/c.json": [alert("Errors")]}, "x/*.json", [HIGH, LOW]),
    "twice": ({"x/a.json": [HIGH], "x/b.json": [HIGH]}, "x/*", [HIGH]),
    "resolved later": (
        {"x/a.json": [HIGH], "x/b.json": [alert("LatencyHigh", 0, firing=False, pod="a")]},
        "x/*",
        [alert("LatencyHigh", 0, firing=False, pod="a")],
    ),
    "fires again": (
        {"x/a.json": [alert("LatencyHigh", 3, pod="a")], "x/b.json": [alert("LatencyHigh", 0, firing=False, pod="a")]},
        "x/*",
        [alert("LatencyHigh", 3, pod="a")],
    ),
}


@pytest.mark.parametrize("make", [fake, on_disk])
@pytest.mark.parametrize(("files", "asked", "found"), CASES.values(), ids=CASES.keys())
def test_each_alert_comes_once_in_its_newest_state(
    tmp_path: Path, make: type, files: Mapping[str, Sequence[Alert]], asked: str, found: list[Alert]
) -> None:
    assert make(tmp_path, files).read(asked) == tuple(found)
