"""Data has arrived, or an alert fires: the workflows that listen are woken, and what cannot be sent is told."""

import json
from pathlib import Path

import pytest

from reconciler.errors import PermanentActError
from tests.commands import perennial
from tests.forges import Forge, github_forge
from tests.payloads import notice, payload
from tests.repositories import a_repository, git
from tests.specs import ROOT

SETTINGS = '[tool.perennial.forge]\ntype = "github"\nrepository = "acme/models"\nurl = "{}"\n'


@pytest.fixture
def clone(forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose forge is the test's GitHub."""
    assert forge.server is not None
    monkeypatch.setenv("PERENNIAL_GITHUB_TOKEN", "ghs_app")
    files = {**ROOT, "pyproject.toml": SETTINGS.format(forge.server.url)}
    where = tmp_path / "clone"
    a_repository(where, {path: text.encode() for path, text in files.items()})
    git(where, "checkout", "--quiet", "--force", "main")
    return where


def test_what_is_sent_arrives_and_twice_is_no_harm(forge: Forge) -> None:
    forge.forge.wake("perennial-data", {})
    forge.forge.wake("perennial-data", {})
    assert forge.server.world.dispatches == [("perennial-data", {}), ("perennial-data", {})]


def test_who_may_not_send_is_told(forge: Forge) -> None:
    with pytest.raises(PermanentActError, match=r"cannot send perennial-data to acme/models"):
        github_forge(forge.server.url, token="nobody").wake("perennial-data", {})


def test_the_command_wakes_for_data_and_sends_the_alerts_along(forge: Forge, clone: Path, tmp_path: Path) -> None:
    told = perennial(clone, "wake", "data")
    assert (told.code, told.out, told.err) == (0, "sent perennial-data\n", "")
    alerts = tmp_path / "alerts.json"
    alerts.write_text(payload(notice("Late"), notice("Late")))
    assert perennial(clone, "wake", "alert", "--payload", str(alerts)).out == "sent perennial-alert with 2 alerts\n"
    (first, second) = forge.server.world.dispatches
    assert first == ("perennial-data", {})
    assert second == ("perennial-alert", json.loads(alerts.read_text()))
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"action": second[0], "client_payload": second[1]}))
    assert "2 alerts in alerts/" in perennial(clone, "receive", str(event)).out, "what was sent is what the workflow reads"


def test_what_cannot_be_sent_is_refused_with_both_numbers(forge: Forge, clone: Path, tmp_path: Path) -> None:
    file = tmp_path / "alerts.json"
    for text, words in [
        ("{}", "holds no alerts"),
        ("nonsense", "is no event that can be read"),
        (payload(*[notice("Late")] * 400), "bytes of alerts, at most 60,000 can be sent"),
    ]:
        file.write_text(text)
        told = perennial(clone, "wake", "alert", "--payload", str(file))
        assert told.code == 1
        assert words in told.err
        assert told.is_harmless
    assert perennial(clone, "wake", "alert").code == 2
    assert perennial(clone, "wake", "data", "--payload", str(file)).code == 2
    assert forge.server.world.dispatches == []


def test_where_pull_requests_are_in_git_there_is_nothing_to_wake(tmp_path: Path) -> None:
    a_repository(tmp_path / "repo", {path: text.encode() for path, text in ROOT.items()})
    told = perennial(tmp_path / "repo", "wake", "data")
    assert (told.code, told.out) == (1, "")
    assert "there is no workflow to wake" in told.err
    assert "perennial reconcile" in told.err
