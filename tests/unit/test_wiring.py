"""What the process is told from outside: the environment and the time."""

import os
from datetime import UTC, datetime

import pytest

from reconciler.adapters.clock import FixedClock, SystemClock
from reconciler.errors import ReconcilerError
from reconciler.wiring import QUIET, clock, environment, quiet
from tests.cases import each


def test_telemetry_is_off_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_NO_ANALYTICS", "0")
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "true")
    monkeypatch.setenv("MY_OWN", "value")
    told = environment()

    assert {name: told[name] for name in QUIET} == QUIET
    assert told["MY_OWN"] == "value"
    assert os.environ["DVC_NO_ANALYTICS"] == "0"  # noqa: TID251 - to see that it is untouched


def test_libraries_of_this_process_are_quiet_when_asked_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in QUIET:
        monkeypatch.setenv(name, "something else")
    quiet()

    assert {name: os.environ[name] for name in QUIET} == QUIET  # noqa: TID251 - what libraries see


def test_without_a_time_the_machines_clock_is_used() -> None:
    assert isinstance(clock(None), SystemClock)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2013-06-01", datetime(2013, 6, 1, tzinfo=UTC)),
        ("2013-06-01T03:00:00Z", datetime(2013, 6, 1, 3, tzinfo=UTC)),
        ("2012-02-29", datetime(2012, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_given_time_stands_still(text: str, time: datetime) -> None:
    standing = clock(text)

    assert isinstance(standing, FixedClock)
    assert standing.now() == standing.now() == time


@each(
    "text",
    [
        "",
        "yesterday",
        "2013-13-01",
        "2013-02-29",
        "01/06/2013",
        "2013-06-01T25:00:00Z",
        "2013-06-01T03:00:00+99:00",
        "1e9",
        "0001-01-01",
        "\0",
    ],
)
def test_what_is_no_time_is_said_with_an_example(text: str) -> None:
    with pytest.raises(ReconcilerError, match="--as-of") as caught:
        clock(text)

    assert text in caught.value.message
    assert caught.value.help == "perennial plan --as-of 2013-06-01"
