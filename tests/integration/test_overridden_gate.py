"""An old champion that cannot be opened any more: it blocks until a reviewed override lets the candidate pass, on the record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Missing
from reconciler.domain.names import Digest, override_path
from reconciler.domain.overrides import GateOverride
from reconciler.domain.releases import Build, digest_of_bytes
from reconciler.pipeline.archive import pack, sha256_of, unpack
from reconciler.pipeline.artifact import ENVIRONMENT, MANIFEST
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import EVALUATION, read_evidence
from reconciler.pipeline.package import package
from reconciler.pipeline.train import train
from reconciler.specs.draft.override_text import override_text
from reconciler.specs.policies import GatePolicy
from tests.builders import a_policy
from tests.commands import perennial
from tests.loops import FLOOR, Loop, QuickTrainer, a_loop, yaml_of
from tests.repositories import git
from tests.runs import HOUR, START, a_context, flights, take_snapshot

GATES = "policies/gates/standard.yaml"
BEATS = {"type": "beatsLive", "metric": "rocAuc"}
LATER = datetime(2013, 3, 20, tzinfo=UTC)
MONTHS_LATER = datetime(2013, 4, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def champion(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, bytes]:
    """A released model: its build, and the bytes of its package."""
    context = a_context(tmp_path_factory.mktemp("champion"))
    context.path("").mkdir(parents=True)
    take_snapshot(context)
    for stage in (train, evaluate, package):
        stage(context)
    return read_build(context.path("candidate.json").read_text()), context.path("model.zip").read_bytes()


def of_another_scikit_learn(content: bytes) -> bytes:
    """The same package as scikit-learn 1.2 would have left it."""
    files = {name: part for name, part in unpack(content, "it").items() if name != MANIFEST}
    files[ENVIRONMENT] = json.dumps(json.loads(files[ENVIRONMENT]) | {"scikit-learn": "1.2.2"}).encode()
    manifest = {"sha256": {name: sha256_of(part) for name, part in files.items()}}
    return pack({**files, MANIFEST: json.dumps(manifest).encode()})


def evaluated(folder: Path, build: Build, files: Mapping[Digest, Path]) -> Evidence:
    """What a candidate's evidence says when this is live."""
    context = a_context(folder, champion=build, files=files)
    holdout = flights(600, start=START + 4000 * HOUR, seed=3)
    take_snapshot(context, train=flights(1500, start=START + 2000 * HOUR, seed=2), holdout=holdout)
    train(context)
    evaluate(context)
    return read_evidence({EVALUATION: context.path(EVALUATION).read_text()})


@pytest.mark.parametrize("fate", ["another scikit-learn", "deleted"])
def test_such_a_champion_is_not_compared_with_and_the_gate_says_why(
    champion: tuple[Build, bytes], tmp_path: Path, fate: str
) -> None:
    build, content = champion
    aged = of_another_scikit_learn(content)
    artifact = replace(build.artifact, sha256=digest_of_bytes(aged))
    (tmp_path / "model.zip").write_bytes(aged)
    files = {artifact.sha256: tmp_path / "model.zip"} if fate == "another scikit-learn" else {}
    found = evaluated(tmp_path, replace(build, artifact=artifact), files).comparison
    assert isinstance(found, Missing)
    assert found.code == "championNotComparable"
    wanted = "was made with scikit-learn 1.2.2, this environment has" if files else "is in no store"
    assert wanted in found.why


@dataclass(slots=True, kw_only=True)
class Blocked(QuickTrainer):
    """A trainer whose candidates could not be compared with what is live."""

    def _compared(self, champion: Digest) -> Missing:  # type: ignore[override]
        return Missing(code="championNotComparable", why=f"champion {champion[7:19]} cannot be rescored: it is in no store")


@pytest.fixture
def blocked(tmp_path: Path) -> Loop:
    """Alpha 1.0.0 is live and cannot be opened any more; a newer candidate waits."""
    loop = a_loop(tmp_path / "repository")
    loop.commit("Compare", **{GATES: yaml_of(a_policy(GatePolicy, gates=[FLOOR, BEATS]))})
    loop.promote()
    stuck = Loop(repository=loop.repository, trainer=Blocked(repository=loop.repository))
    stuck.settle(LATER)
    git(stuck.root, "checkout", "--force", "main")
    return stuck


def an_override(loop: Loop, **changes: object) -> bytes:
    live = next(event.details["digest"] for event in reversed(loop.ledger("alpha")) if event.kind == "promoted")
    made = GateOverride(
        gates=("beatsLive",),
        candidate=None,
        champion=Digest(str(live)),
        owner="Ada | Lovelace",
        reason="1.0.0 loads nowhere any more",
        since=LATER,
        until=datetime(2013, 4, 10, tzinfo=UTC),
    )
    return override_text("alpha", replace(made, **changes)).encode()  # type: ignore[arg-type]


def open_pulls(loop: Loop) -> list[int]:
    return [pull.number for pull in loop.pulls() if pull.state == "open"]


def test_it_blocks_for_ever_until_an_override_is_merged_and_the_trail_tells_who(blocked: Loop) -> None:
    for at in (LATER, MONTHS_LATER):
        blocked.settle(at)
        assert open_pulls(blocked) == []
    explained = perennial(blocked.root, "explain", "alpha", "--as-of", "2013-03-20").out
    assert "perennial override alpha --gate beatsLive" in " ".join(explained.split())

    blocked.commit("Set beatsLive of alpha aside", **{override_path("alpha"): an_override(blocked)})
    blocked.settle(LATER)
    (number,) = open_pulls(blocked)
    body = blocked.pull(number).body
    assert "| !&nbsp;OVERRIDDEN | set aside by Ada \\| Lovelace until 2013-04-10: 1.0.0 loads nowhere any more; " in body
    assert "UNKNOWN championNotComparable" in body
    (event,) = [event for event in blocked.ledger("alpha") if event.kind == "gateOverridden"]
    assert event.details["owner"] == "Ada | Lovelace"

    blocked.merge(number, LATER)
    blocked.promote(LATER)
    git(blocked.root, "checkout", "--force", "main")
    assert "!&nbsp;OVERRIDDEN" in (blocked.root / "models/alpha/CARD.md").read_text()
    told = perennial(blocked.root, "audit", "alpha").out
    assert "Ada | Lovelace sets beatsLive aside" in told
    assert len([event for event in blocked.ledger("alpha") if event.kind == "gateOverridden"]) == 1


def test_an_open_pull_request_waits_again_when_the_override_is_over(blocked: Loop) -> None:
    blocked.commit("Set aside", **{override_path("alpha"): an_override(blocked)})
    blocked.settle(LATER)
    (decision,) = blocked.plan(datetime(2013, 4, 10, tzinfo=UTC)).decisions
    assert decision.code == "changeInDoubt"
    assert "models/alpha/override.yaml does not count: it ended at 2013-04-10" in decision.message


def test_it_is_about_this_champion_only(blocked: Loop) -> None:
    blocked.commit("Set aside", **{override_path("alpha"): an_override(blocked, champion=Digest("sha256:" + "0" * 64))})
    blocked.settle(LATER)
    assert open_pulls(blocked) == []


def test_the_command_writes_a_file_that_loads_and_counts(blocked: Loop) -> None:
    arguments = ("--gate", "beatsLive", "--until", "2013-04-01", "--reason", "gone: #7", "--by", "Ada", "--as-of", "2013-03-20")
    told = perennial(blocked.root, "override", "alpha", *arguments)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("wrote models/alpha/override.yaml: while champion ")
    assert "it counts once it was reviewed and is on main" in told.out
    git(blocked.root, "add", override_path("alpha"))
    git(blocked.root, "commit", "--quiet", "--message", "Reviewed")
    blocked.settle(LATER)
    assert len(open_pulls(blocked)) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--until", "2013-04-01"), "give --guard, or --gate once or more"),
        (("--gate", "beatsLive", "--guard", "freeze", "--until", "2013-04-01"), "give --guard, or --gate once or more"),
        (("--gate", "beatsLife", "--until", "2013-04-01"), 'gate policy standard has no such gate; did you mean "beatsLive"?'),
        (("--gate", "beatsLive", "--until", "2013-04-20"), "is more than 30 days ahead: 2013-04-19 at the latest"),
    ],
)
def test_what_the_command_refuses(blocked: Loop, arguments: tuple[str, ...], message: str) -> None:
    told = perennial(blocked.root, "override", "alpha", *arguments, "--reason", "x", "--by", "Ada", "--as-of", "2013-03-20")
    assert (told.code, message in told.err) == (2, True), told.err
    assert not (blocked.root / override_path("alpha")).exists()
