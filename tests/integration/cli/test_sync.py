"""`perennial sync` and `perennial status` with an Argo CD, with one that is gone, and with none."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clusters.argocd_server import argo_answers
from tests.clusters.serving import Served, served
from tests.clusters.world import ClusterWorld, live
from tests.commands import perennial
from tests.loops import T1, Loop, reopened
from tests.repositories import git

TOKEN = "PERENNIAL_ARGOCD_TOKEN"


@dataclass
class Running:
    """Alpha 1.0.0 is released to staging and production, and an Argo CD shows both."""

    loop: Loop
    world: ClusterWorld
    server: Served

    def configure(self, text: str) -> None:
        (self.loop.root / "pyproject.toml").write_text(f"[tool.perennial.clusters]\n{text}\n")

    def told(self, *arguments: str) -> str:
        done = perennial(self.loop.root, *arguments)
        assert done.is_harmless
        return done.out + done.err


@pytest.fixture(scope="module")
def released(proposed: Loop, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    loop = reopened(proposed, tmp_path_factory.mktemp("released") / "repository")
    loop.promote(T1)
    loop.settle(T1)
    return loop


@pytest.fixture
def running(released: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    world = ClusterWorld()
    with served(argo_answers(world)) as server:
        made = Running(reopened(released, tmp_path / "copy"), world, server)
        made.configure(f'type = "argocd"\nurl = "{server.address}"\ntimeout = 1')
        monkeypatch.setenv(TOKEN, server.token)
        for environment in ("staging", "production"):
            world.tips[environment] = git(made.loop.root, "rev-parse", f"env/{environment}").strip()
            world.add(f"alpha.{environment}")
        yield made


def test_what_is_behind_is_synced_and_waited_for(running: Running) -> None:
    begin = running.world.begin
    running.world.begin = lambda name, order: (begin(name, order), running.world.finish(name))  # type: ignore[method-assign]

    done = perennial(running.loop.root, "sync", "--wait", "-o", "json")

    assert (done.code, done.err) == (0, "")
    assert [(one["environment"], one["verdict"], one["said"]) for one in done.json["models"]] == [
        ("production", "well", "a sync has begun"),
        ("staging", "well", "a sync has begun"),
    ]
    assert sorted(running.world.refreshed) == ["alpha.production", "alpha.staging"]


def test_only_what_is_named_is_synced_and_nobody_waits_unasked(running: Running) -> None:
    told = running.told("sync", "alpha", "--environment", "production", "--prune")

    assert [(name, order["sync"].get("prune")) for name, order in running.world.ordered] == [("alpha.production", True)]
    assert "… alpha in production: Healthy, OutOfSync" in told
    assert "a sync has begun" in told
    assert "1 waiting." in told


def test_what_is_not_well_in_time_ends_with_5(running: Running) -> None:
    state = {"status": "Degraded", "lastTransitionTime": "2026-03-01T10:00:00Z"}
    abort = {"phase": "Degraded", "abort": True, "message": "RolloutAborted: analysis failed", "observedGeneration": "1"}
    for name, application in running.world.applications.items():
        running.world.look(name)
        running.world.begin(name, {"sync": {}})
        running.world.finish(name)
        application["status"]["health"] = state
        running.world.live[name] = [live("Rollout", "alpha", status=abort)]

    done = perennial(running.loop.root, "sync", "--wait")

    assert done.code == 5
    assert "✗ alpha in production: Degraded, aborted" in done.out
    assert "RolloutAborted: analysis failed" in done.out
    assert "2 failed." in done.out


def test_a_name_that_is_not_there_is_an_error_before_anybody_is_asked(running: Running) -> None:
    for arguments in (("sync", "zebra"), ("sync", "--environment", "moon")):
        done = perennial(running.loop.root, *arguments)
        assert done.code == 1
        assert "there is no" in done.err
    assert not running.server.asked


def test_without_a_cluster_nothing_is_done_and_it_is_said(running: Running) -> None:
    running.configure('type = "none"')

    done = perennial(running.loop.root, "sync", "--wait")

    assert (done.code, done.out) == (0, "UNKNOWN: no cluster configured\n")
    assert "What runs is UNKNOWN: no cluster configured." in running.told("status")
    assert not running.server.asked


def test_status_tells_what_runs_and_what_is_wanted(running: Running) -> None:
    for name in running.world.applications:
        running.world.look(name)
    running.world.applications["alpha.production"]["status"]["health"] = {"status": "Progressing"}

    told = running.told("status")

    assert "Progressing, OutOfSync" in told
    assert "alpha in production, cluster:" in told
    assert "runs aaaaaaaaaaaa, and" in told


@pytest.mark.parametrize(
    ("text", "token", "said"),
    [
        ('type = "argocd"\nurl = "{url}"', "", "there is no token: PERENNIAL_ARGOCD_TOKEN and ARGOCD_AUTH_TOKEN not set"),
        ('type = "argocd"\nurl = "{url}"', "wrong-token", "HTTP 401"),
        ('type = "argocd"', "right", "where Argo CD is, is not known"),
        ('type = "argocd"\nurl = "http://127.0.0.1:9"\ntimeout = 1', "right", "Connection refused"),
        ('type = "argocd"\nurl = "{url}"\nca = "none.pem"', "right", "there is no file of certificates none.pem"),
    ],
)
def test_a_cluster_that_cannot_be_asked_is_unknown_and_stops_nothing(
    running: Running, monkeypatch: pytest.MonkeyPatch, text: str, token: str, said: str
) -> None:
    running.configure(text.format(url=running.server.address))
    monkeypatch.setenv(TOKEN, {"right": running.server.token}.get(token, token))

    done = perennial(running.loop.root, "status")

    assert done.code == 0
    assert "UNKNOWN" in done.out
    assert said in " ".join(done.out.split())
    assert running.server.token not in done.out


def test_an_environment_of_its_own_is_asked_elsewhere(running: Running) -> None:
    own = '[tool.perennial.clusters.environments.staging]\ntype = "none"'
    running.configure(f'type = "argocd"\nurl = "{running.server.address}"\n{own}')

    perennial(running.loop.root, "sync")

    assert {asked.path.rpartition("/")[2] for asked in running.server.asked if "alpha" in asked.path} <= {
        "alpha.production",
        "sync",
        "managed-resources",
    }


def test_watching_prints_lines_for_programs_and_ends_cleanly(running: Running) -> None:
    command = [sys.executable, "-m", "reconciler.cli.main", "--repo", str(running.loop.root)]
    process = subprocess.Popen(
        [*command, "status", "--watch", "--interval", "1", "-o", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, TOKEN: running.server.token},  # noqa: TID251
    )
    assert process.stdout is not None
    lines = [json.loads(process.stdout.readline()) for _ in range(2)]
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (0, "")
    assert all(line["models"][0]["model"] == "alpha" for line in lines)
    assert lines[0]["at"] < lines[1]["at"]


def test_a_terminal_is_drawn_over_and_left_as_it_was(running: Running) -> None:
    """A look that fails is shown and looked for again; no more is drawn than the screen has room for."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 100, 0, 0))
    command = [
        sys.executable,
        "-m",
        "reconciler.cli.main",
        "--repo",
        str(running.loop.root),
        "status",
        "--watch",
        "--interval",
        "1",
    ]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "COLUMNS": "100"})  # noqa: TID251
    drawn = b""
    while drawn.count(b"\x1b[H") < 2:
        drawn += os.read(ours, 65536)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    os.close(theirs)
    os.close(ours)

    first = drawn.split(b"\x1b[H")[1].decode()
    assert "every 1 s" in first
    assert "alpha" in first
    assert first.endswith("\x1b[J")
    assert first.count("\n") <= 9
    assert "\x1b[2J" not in first
    assert b"Traceback" not in drawn
