"""What is on its way to the next environment is read from main; how much it has answered from the log."""

from dataclasses import replace
from datetime import timedelta

import polars as pl

from reconciler.adapters.fakes.logs import FakeLogs
from reconciler.domain.facts import History
from reconciler.domain.known import Missing
from reconciler.domain.names import CAUSE, evidence_path, provenance_path, run_path
from reconciler.observe.answered import answered_of
from reconciler.observe.onward import onward_of
from reconciler.pipeline.build_json import build_text
from tests.builders import NOW, a_model, a_release, a_revision, evidence
from tests.proofs import proof_files
from tests.unit.plan.chains import HOUR, a_move, landed

CHAIN = ("dev", "staging", "production")
NEXT = a_release("next", environment="staging", version="1.1.0")
LIVE = a_release()
COMMITS = {name: a_revision(name) for name in CHAIN}
FILES = proof_files(NEXT)
CAUSED = {run_path("flight-delay", CAUSE): b"{}"}
ASKING = a_model(environments=[{"name": "staging", "soak": "1d", "minimumRows": 3}, "production"]).spec.chain


def test_it_is_the_release_with_the_evidence_that_main_has_of_its_digest() -> None:
    found = onward_of(CHAIN, {"staging": NEXT, "production": LIVE}, COMMITS, FILES)
    assert list(found) == ["staging"]
    one = found["staging"]
    assert (one.build, one.revision, one.base, one.trained_at) == (NEXT.build, COMMITS["staging"], a_revision("base"), NOW)
    assert one.evidence.metrics == evidence().metrics
    assert one.landed
    assert one.files == {}


def test_what_its_run_left_is_read_as_long_as_main_has_no_newer_run() -> None:
    for build, left in ((NEXT.build, {path: text.decode() for path, text in CAUSED.items()}), (LIVE.build, {})):
        files = {**FILES, **CAUSED, run_path("flight-delay", "candidate.json"): build_text(build).encode()}
        assert onward_of(CHAIN, {"staging": NEXT}, COMMITS, files)["staging"].files == left


def test_what_the_next_environment_runs_is_not_on_its_way_nor_is_what_cannot_be_read() -> None:
    same = replace(NEXT, environment="production")
    assert onward_of(CHAIN, {"staging": NEXT, "production": same}, COMMITS, FILES) == {}
    assert onward_of(CHAIN, {"production": same}, COMMITS, FILES) == {}
    assert onward_of(CHAIN, {"staging": NEXT}, {}, FILES) == {}
    for path in (evidence_path, provenance_path):
        for broken in (None, b"\xff", b"{}"):
            files = {**FILES, path("flight-delay", NEXT.digest): broken}
            files = {name: content for name, content in files.items() if content is not None}
            found = onward_of(CHAIN, {"staging": NEXT}, COMMITS, files)
            assert not found or isinstance(found["staging"].evidence.metrics, Missing)


def test_only_rows_of_the_digest_since_it_runs_there_are_counted() -> None:
    logs, other = FakeLogs(), LIVE.digest
    seen = [(2, NEXT.digest), (1, NEXT.digest), (1, other), (5, NEXT.digest)]
    times = [NOW - hours * HOUR for hours, _ in seen]
    columns = {"id": list("abcd"), "time": times, "digest": [digest for _, digest in seen], "prediction": [0.5] * 4}
    logs.predicted["flight-delay"] = pl.DataFrame(columns)
    onward, history = {"staging": landed(NEXT)}, History(moves=(a_move(NEXT, 3 * HOUR),))
    assert answered_of(ASKING, onward, history, logs, NOW) == {"staging": 2}
    assert answered_of(ASKING, {}, history, logs, NOW) == {}
    assert answered_of(a_model().spec.chain, onward, history, logs, NOW) == {}


def test_what_cannot_be_counted_is_missing() -> None:
    onward, history = {"staging": landed(NEXT)}, History(moves=(a_move(NEXT, timedelta(hours=3)),))
    codes = [
        answered_of(ASKING, onward, seen, logs, NOW)["staging"]
        for seen, logs in ((history, None), (History(), FakeLogs()), (history, FakeLogs()))
    ]
    assert [one.code if isinstance(one, Missing) else one for one in codes] == ["noLogs", "notOnRecord", 0]
