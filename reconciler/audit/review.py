"""What a reviewer saw, put together again: the candidate that waits, or a version from what its promotion left in Git."""

import json
from datetime import datetime

from reconciler.audit.books import Books
from reconciler.audit.gather import read_gates, wanted_digest
from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.names import CAUSE, MAIN, OUTCOMES, Digest, evidence_path, provenance_path, run_path, short
from reconciler.domain.releases import Release
from reconciler.errors import InvalidSpecsError, ReconcilerError
from reconciler.observe.history import history_of
from reconciler.pipeline.build_json import read_evidence_build
from reconciler.pipeline.evidence_json import read_report
from reconciler.plan.situation import judge_gates, next_environment, situation_of
from reconciler.plan.steps import review_of
from reconciler.plan.versions import next_version
from reconciler.render.provenance import read_statement
from reconciler.render.review import Review
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs


def waiting_review(specs: Specs, facts: ModelFacts, now: datetime) -> Review | None:
    """The candidate with what its gates say now; None when none waits for an environment."""
    situation = situation_of(specs, facts, now)
    candidate, gates, environment = situation.candidate, judge_gates(situation), next_environment(situation)
    if candidate is None or gates is None or environment is None:
        return None
    version = next_version(facts, candidate.build.digest)
    release = Release(environment=environment, version=version, build=candidate.build)
    return review_of(situation, specs, candidate, release, gates)


def version_review(books: Books, wanted: str | None) -> Review:
    """A version as it was judged: by its number or digest, or what the last environment runs.

    Raises ReconcilerError when there is no such version, or no evidence of it.
    """
    digest = wanted_digest(books, wanted)
    report = _kept(books, digest, evidence_path(books.name, digest))
    statement = read_statement(_kept(books, digest, provenance_path(books.name, digest)))
    evidence, value = read_report(report), json.loads(report)
    gates = read_gates(value.get("gates"))
    if gates is None:
        raise ReconcilerError(f"the evidence of {short(digest)} does not say what its gates said")
    specs = _specs_then(books, digest)
    left = {path: specs.files.get(path, b"").decode(errors="replace") for path in _left_by(books.name)}
    candidate = Candidate(
        build=statement.build,
        revision=statement.base,
        base=statement.base,
        trained_at=statement.finished,
        evidence=evidence,
        files=left,
    )
    history = history_of(books.events)
    return Review(
        specs=specs,
        model=specs.models[books.name],
        candidate=candidate,
        release=Release(environment=books.model.champion_environment, version=statement.version, build=statement.build),
        gates=gates,
        champion=_champion(books, value.get("champion")),
        spent=next((gain for gain in history.gains if gain.digest == digest), None),
    )


def _left_by(model: str) -> tuple[str, ...]:
    """What a run leaves for people."""
    return tuple(run_path(model, name) for name in (CAUSE, OUTCOMES))


def _kept(books: Books, digest: Digest, path: str) -> str:
    content = books.kept(digest, path)
    if content is None:
        raise ReconcilerError(f"{MAIN} keeps no {path}", help=f"perennial audit {books.name}")
    return content.decode(errors="replace")


def _specs_then(books: Books, digest: Digest) -> Specs:
    """The specs of the commit that brought the digest somewhere; today's, where they cannot be read any more."""
    revision = books.brought(digest)
    try:
        then = load_specs(books.repository.files(revision, *SPEC_PREFIXES)) if revision else books.specs
    except InvalidSpecsError:
        return books.specs
    return then if books.name in then.models else books.specs


def _champion(books: Books, value: object) -> Release | None:
    """What it was compared with."""
    if not isinstance(value, dict):
        return None
    digest = Digest(str(value.get("digest")))
    build = read_evidence_build(_kept(books, digest, evidence_path(books.name, digest)))
    return Release(environment=books.model.champion_environment, version=str(value.get("version")), build=build)
