"""A chain of environments on real git: what soaks goes on past newer ones, a freeze holds it, and going back is always let."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.domain.decisions import Hold, Promote
from reconciler.domain.names import Digest, release_path
from reconciler.domain.overrides import GateOverride
from reconciler.domain.steps import Train
from reconciler.errors import NotYetError
from reconciler.rules.fields import time_text
from reconciler.specs.draft.override_text import override_text
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from tests.commands import Answer, perennial
from tests.loops import T1, Loop, a_loop
from tests.repositories import git

DAY = timedelta(days=1)
MODEL = "models/alpha/model.yaml"
PRODUCTION = release_path("alpha", "production")
FAIR = {"from": "2013-03-24", "until": "2013-03-28", "reason": "Fair"}
PIN = {"release": "1.1.0", "reason": "audit", "owner": "ada", "until": "2013-03-29"}
IN_THE_FAIR = datetime(2013, 3, 25, tzinfo=UTC)


def a_chain(where: Path, soak: str = "20d", **production: Any) -> Loop:
    return a_loop(where, "alpha", environments=[{"name": "staging", "soak": soak}, {"name": "production", **production}])


def runs(loop: Loop, environment: str) -> tuple[str, Digest] | None:
    """Version and digest, as main says."""
    head = loop.repository.refs("refs/heads/main")["refs/heads/main"]
    release = load_specs(loop.repository.files(head, *SPEC_PREFIXES)).releases.get("alpha", {}).get(environment)
    return (release.version, release.digest) if release else None


def open_titles(loop: Loop) -> list[str]:
    return [pull.title for pull in loop.pulls() if pull.state == "open"]


class TestStream:
    """Candidates come every fortnight, and a soak is twenty days."""

    @pytest.fixture(scope="class")
    @staticmethod
    def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
        return a_chain(tmp_path_factory.mktemp("stream") / "team")

    def test_what_soaks_keeps_its_place_while_newer_ones_are_trained(self, loop: Loop) -> None:
        loop.settle(T1)
        loop.merge(1, T1)
        loop.settle(T1 + 14 * DAY)
        assert len(loop.trainer.orders) == 2
        assert open_titles(loop) == []
        (decision,) = loop.plan(T1 + 14 * DAY).decisions
        assert isinstance(decision, Hold)
        assert decision.code == "soaking"
        told = perennial(loop.root, "status", "--as-of", time_text(T1 + 14 * DAY)).out
        assert "alpha staging: 1.0.0 soaks until 2013-03-21, 14 of 20 days are over" in told
        assert "when pinCandidate says YES" in told

    def test_it_goes_on_without_any_training_as_the_very_digest(self, loop: Loop) -> None:
        plan = loop.plan(T1 + 20 * DAY)
        (decision,) = plan.decisions
        assert isinstance(decision, Promote)
        assert not [step for step in plan.steps if isinstance(step, Train)]
        loop.settle(T1 + 20 * DAY)
        assert open_titles(loop) == ["Promote alpha 1.0.0 to production"]
        assert git(loop.root, "diff", "--name-only", "main...perennial/alpha/production") == PRODUCTION
        assert len(loop.trainer.orders) == 2
        loop.merge(2, T1 + 20 * DAY)
        assert runs(loop, "production") == runs(loop, "staging")
        assert len(loop.trainer.orders) == 2

    def test_then_the_newest_candidate_has_its_turn(self, loop: Loop) -> None:
        loop.settle(T1 + 21 * DAY)
        assert open_titles(loop) == ["Promote alpha 1.1.0 to staging"]
        newest = loop.pulls()[-1].marker
        loop.merge(loop.pulls()[-1].number, T1 + 21 * DAY)
        loop.settle(T1 + 41 * DAY)
        assert open_titles(loop) == ["Promote alpha 1.1.0 to production"]
        loop.merge(loop.pulls()[-1].number, T1 + 41 * DAY)
        assert newest is not None
        assert runs(loop, "production") == ("1.1.0", newest.digest)

    def test_a_second_look_writes_nothing(self, loop: Loop) -> None:
        loop.settle(T1 + 41 * DAY)
        refs = loop.refs()
        loop.settle(T1 + 41 * DAY)
        assert loop.refs() == refs


def gated(loop: Loop, revision: str, at: datetime) -> dict[str, str]:
    """What the check of CI says of what the environment asks: rule to answer and code."""
    told: Answer = perennial(loop.root, "gate", revision, "--as-of", time_text(at), "-o", "json")
    assert told.is_harmless
    (version,) = told.json["models"][0]["versions"]
    return {
        link["rule"]: f"{link['answer']} {link['code']}" for link in version["links"] if link["rule"] in ("hold", "pin", "freeze")
    }


class TestFreeze:
    """Production is frozen for four days, in which a pull request is open."""

    @pytest.fixture(scope="class")
    @staticmethod
    def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
        loop = a_chain(tmp_path_factory.mktemp("freeze") / "team", soak="1d", freeze=[FAIR])
        loop.settle(T1)
        loop.merge(1, T1)
        loop.settle(T1 + DAY)
        loop.merge(2, T1 + DAY)
        loop.settle(T1 + 21 * DAY)
        loop.merge(3, T1 + 21 * DAY)
        loop.settle(T1 + 22 * DAY)
        return loop

    def test_the_open_pull_request_becomes_a_draft_once_and_cannot_be_merged(self, loop: Loop) -> None:
        assert not loop.pull(4).draft
        loop.settle(IN_THE_FAIR)
        frozen = loop.pull(4)
        assert frozen.draft
        assert frozen.body.startswith("> **Not now.** freeze says NO: production is frozen until 2013-03-28: Fair")
        refs = loop.refs()
        loop.settle(IN_THE_FAIR + DAY)
        assert loop.refs() == refs
        assert frozen.tip
        with pytest.raises(NotYetError):
            loop.writers().forge.merge(4, frozen.tip, IN_THE_FAIR)

    def test_the_check_of_ci_says_no_and_a_change_that_thaws_itself_is_no_better(self, loop: Loop) -> None:
        branch = "perennial/alpha/production"
        assert gated(loop, branch, IN_THE_FAIR) == {"freeze": "NO frozen"}
        assert gated(loop, branch, IN_THE_FAIR + 4 * DAY) == {"freeze": "YES notFrozen"}
        model = git(loop.root, "show", f"{branch}:{MODEL}")
        assert "Fair" in model
        tip = loop.repository.refs(f"refs/heads/{branch}")[f"refs/heads/{branch}"]
        files = {MODEL: model.replace("2013-03-28", "2013-03-25").encode()}
        thawed = loop.repository.commit(parent=tip, files=files, message="Thaw", at=IN_THE_FAIR)
        assert gated(loop, thawed, IN_THE_FAIR)["freeze"] == "NO frozen"

    def test_a_reviewed_override_lets_it_through_on_the_record(self, loop: Loop) -> None:
        live = runs(loop, "production")
        assert live is not None
        override = GateOverride(
            gates=("freeze",),
            candidate=None,
            champion=live[1],
            owner="ada",
            reason="wrong answers",
            since=IN_THE_FAIR - DAY,
            until=IN_THE_FAIR + DAY,
        )
        loop.commit("Override", **{"models/alpha/override.yaml": override_text("alpha", override).encode()})
        assert gated(loop, "perennial/alpha/production", IN_THE_FAIR)["freeze"] == "YES overridden"
        loop.settle(IN_THE_FAIR)
        assert not loop.pull(4).draft
        assert "set aside by ada until 2013-03-26: wrong answers" in loop.pull(4).body
        assert "gateOverridden" in loop.kinds("alpha")

    def test_when_it_is_over_the_pull_request_is_ready(self, loop: Loop) -> None:
        loop.settle(IN_THE_FAIR + 4 * DAY)
        assert not loop.pull(4).draft
        assert "Not now" not in loop.pull(4).body
        loop.merge(4, IN_THE_FAIR + 4 * DAY)
        assert runs(loop, "production") == runs(loop, "staging")

    def test_going_back_is_let_in_the_middle_of_a_freeze(self, loop: Loop) -> None:
        before = git(loop.root, "show", f"main~1:{PRODUCTION}")
        tip = loop.repository.refs("refs/heads/main")["refs/heads/main"]
        back = loop.repository.commit(parent=tip, files={PRODUCTION: f"{before}\n".encode()}, message="Back", at=IN_THE_FAIR)
        assert gated(loop, back, IN_THE_FAIR) == {}
        pinned = yaml.safe_load(git(loop.root, "show", f"main:{MODEL}"))
        pinned["spec"]["environments"][1]["pin"] = PIN
        loop.commit("Pin", **{MODEL: yaml.safe_dump(pinned).encode()})
        told = perennial(loop.root, "rollback", "alpha", "--reason", "scores fell", "--as-of", time_text(IN_THE_FAIR))
        assert (told.code, told.err) == (0, "")
        assert "production is pinned to 1.1.0 by ada until 2013-03-29: audit; it runs 1.0.0" in told.out
        live = runs(loop, "production")
        assert live is not None
        assert live[0] == "1.0.0"
