"""Builders for tests: a valid thing each, of which a test changes only what it is about."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from reconciler.domain.events import FIRST, Event, EventKind
from reconciler.domain.evidence import Comparison, Evidence, Gain, NoBaseline, Quality
from reconciler.domain.facts import Candidate, History, LabelFacts, ModelFacts, OpenChange
from reconciler.domain.judgements import yes
from reconciler.domain.known import Measured
from reconciler.domain.names import Digest, Revision
from reconciler.domain.profiles import NumericProfile, Profile
from reconciler.domain.proofs import Proof
from reconciler.domain.releases import Artifact, Build, DataRange, Fingerprint, Release, digest_of
from reconciler.observe.ledger import write_event
from reconciler.render.review import Review
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model
from reconciler.specs.policies import GatePolicy, RetrainPolicy, RolloutPolicy
from reconciler.specs.settings import Settings
from reconciler.specs.specs import Specs

Policy = TypeVar("Policy", RetrainPolicy, GatePolicy, RolloutPolicy)
NOW = datetime(2013, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def a_revision(word: str = "main") -> Revision:
    """A commit id that the word stands for."""
    return Revision(digest_of(word).removeprefix("sha256:")[:40])


def a_fingerprint(**words: str) -> Fingerprint:
    """Each part the digest of a word; change a word and the part differs."""
    parts = {"spec": "spec", "code": "code", "parameters": "parameters", "environment": "environment"} | words
    return Fingerprint(**{name: digest_of(word) for name, word in parts.items()})


def a_build(word: str = "champion", *, as_of: datetime = NOW - 10 * DAY, **changes: Any) -> Build:
    """A build whose artifact and data are named by the word."""
    data = DataRange(
        dataset="flights",
        digest=digest_of(f"data of {word}"),
        as_of=as_of,
        train_from=as_of - 90 * DAY,
        train_until=as_of - 15 * DAY,
        holdout_from=as_of - 14 * DAY,
        holdout_until=as_of - DAY,
        train_rows=50_000,
        holdout_rows=10_000,
    )
    artifact = Artifact(path="runs/flight-delay/model.zip", sha256=digest_of(word), md5="0" * 32, size=1000)
    return replace(Build(model="flight-delay", artifact=artifact, data=data, made_from=a_fingerprint()), **changes)


def a_release(word: str = "champion", *, environment: str = "production", version: str = "1.0.0", **changes: Any) -> Release:
    """A release of the build that the word names; further changes are the build's."""
    return Release(environment=environment, version=version, build=a_build(word, **changes))


PROVEN = Proof(statement=digest_of("statement"), links=(yes("evidence", "agrees", "it is about this build"),))
"""All that proves a release holds."""


def a_gain(metric: str = "rocAuc", *, gain: float = 0.02, spread: float = 0.005, **changes: Any) -> Gain:
    """A gain whose bootstrap is normal with this spread, of higher-is-better numbers near 0.7."""
    z = {0.005: -2.576, 0.01: -2.326, 0.025: -1.960, 0.05: -1.645, 0.1: -1.282, 0.5: 0.0, 0.9: 1.282, 0.95: 1.645, 0.975: 1.960}
    quantiles = {level: gain + score * spread for level, score in z.items()}
    made = Gain(metric=metric, champion=0.7, challenger=0.7 + gain, gain=gain, quantiles=quantiles, rows=10_000)
    return replace(made, **changes)


def a_comparison(*gains: Gain, champion: Release | None = None) -> Comparison:
    """A comparison with the champion (or the usual one)."""
    return Comparison(
        champion=(champion or a_release()).digest,
        evaluation_set=digest_of("evaluation set"),
        gains={gain.metric: gain for gain in gains or (a_gain(),)},
    )


def evidence(**changes: Any) -> Evidence:
    """Evidence that passes usual gates: clean data, ROC AUC 0.72 of 10,000 rows, 0.02 better than the champion."""
    return replace(
        Evidence(
            quality=Quality(evaluated=12, failures=()),
            metrics={"rocAuc": Measured(value=0.72, low=0.71, high=0.73, rows=10_000)},
            comparison=a_comparison(),
            asked=(),
        ),
        **changes,
    )


def first_evidence(**changes: Any) -> Evidence:
    """Evidence of a first candidate: nothing was live to compare with."""
    return evidence(**{"comparison": NoBaseline()} | changes)


def a_candidate(word: str = "candidate", *, as_of: datetime = NOW - DAY, **changes: Any) -> Candidate:
    """A trained candidate."""
    candidate = Candidate(
        build=a_build(word, as_of=as_of),
        revision=a_revision(word),
        base=a_revision("base"),
        trained_at=as_of,
        reason="newLabels: 25,000 new labels",
        evidence=evidence(),
        files={},
    )
    return replace(candidate, **changes)


def a_review(**changes: Any) -> Review:
    """The usual candidate on its way to staging, after the usual champion, with gates that say YES."""
    candidate = changes.pop("candidate", None) or a_candidate()
    usual: dict[str, Any] = {
        "specs": specs_of(),
        "model": a_model(),
        "champion": a_release(),
        "release": Release(environment="staging", version="1.1.0", build=candidate.build),
        "gates": yes("floor", "floorKept", "rocAuc 0.72, at least 0.65 wanted"),
    }
    return Review(candidate=candidate, **usual | changes)


def an_event(**changes: Any) -> Event:
    """A line of the ledger: the usual candidate was trained at NOW."""
    digest = a_candidate().build.digest
    made = Event(
        id=f"trained/{digest}", at=NOW, model="flight-delay", kind=EventKind.TRAINED, message="why", details={"digest": digest}
    )
    return replace(made, **changes)


def a_chain(*events: Event) -> bytes:
    """A model's ledger with these lines."""
    lines: list[str] = []
    for event in events:
        previous = Digest(json.loads(lines[-1])["digest"]) if lines else FIRST
        lines.append(write_event(event, previous))
    return "".join(lines).encode()


def an_open_change(number: int = 7, **changes: Any) -> OpenChange:
    """An open pull request that promotes the usual candidate to staging."""
    digest = a_candidate().build.digest
    values = {
        "environment": "staging",
        "digest": digest,
        "content": digest_of("content"),
        "title": "",
        "body": "",
        "edited": False,
    }
    return OpenChange(**{"number": number, "tip": a_revision("tip")} | values | changes)


def a_profile(*counts: int, features: tuple[str, ...] = ("distance",), missing: int = 0) -> Profile:
    """A profile whose features all have these bin counts (usually ten even bins of 100)."""
    counts = counts or (100,) * 10
    feature = NumericProfile(
        edges=tuple(float(edge) for edge in range(1, len(counts))),
        counts=counts,
        missing=missing,
        minimum=0.0,
        maximum=float(len(counts)),
        mean=len(counts) / 2,
        variance=1.0,
    )
    return Profile(rows=sum(counts) + missing, features=dict.fromkeys(features, feature))


def facts(**changes: Any) -> ModelFacts:
    """A quiet model: released ten days ago, no candidate, nothing open, no new labels, no drift measured."""
    return replace(
        ModelFacts(
            model="flight-delay",
            environments=("staging", "production"),
            fingerprint=a_fingerprint(),
            hold=None,
            quarantine={},
            releases={"production": a_release()},
            proofs={"staging": PROVEN, "production": PROVEN},
            introduced={},
            tags={},
            candidate=None,
            candidate_tip=None,
            changes=(),
            declined={},
            history=History(last_trained_at=NOW - 10 * DAY),
            labels=LabelFacts(delay=DAY, new=0, newest=None),
            reference=a_profile(),
            profiles={},
            scores={},
        ),
        **changes,
    )


_DATASET: Mapping[str, Any] = {
    "apiVersion": "perennial/v1",
    "kind": "Dataset",
    "metadata": {"name": "flights"},
    "spec": {
        "source": {"type": "file", "path": "data/flights.csv", "format": "csv"},
        "eventTime": "scheduled",
        "label": {"column": "arr_delay", "delay": "1d"},
        "columns": [
            {"name": "scheduled", "type": "time"},
            {"name": "distance", "type": "number", "minimum": 0},
            {"name": "carrier", "type": "category"},
            {"name": "arr_delay", "type": "number", "known": "after"},
        ],
    },
}
_MODEL: Mapping[str, Any] = {
    "apiVersion": "perennial/v1",
    "kind": "Model",
    "metadata": {"name": "flight-delay", "owner": "operations"},
    "spec": {
        "dataset": "flights",
        "task": "binary",
        "target": {"atLeast": 15},
        "features": {"numeric": ["distance"], "categorical": ["carrier"]},
        "training": {"holdout": "14d"},
        "retrain": "standard",
        "gates": "standard",
        "rollout": "direct",
        "environments": ["staging", "production"],
        "metrics": ["rocAuc", "brier"],
    },
}


def a_dataset(**changes: Any) -> Dataset:
    """A dataset contract; changes are keys of its `spec:` as people write them."""
    return Dataset.model_validate(_written(_DATASET, "flights", changes))


def a_model(name: str = "flight-delay", tier: str = "standard", **changes: Any) -> Model:
    """A model; changes are keys of its `spec:` as people write them."""
    written = _written(_MODEL, name, changes)
    written["metadata"]["tier"] = tier
    return Model.model_validate(written)


def _written(document: Mapping[str, Any], name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    copy["metadata"]["name"] = name
    copy["spec"] |= changes
    return copy


_POLICIES: Mapping[type[RetrainPolicy | GatePolicy | RolloutPolicy], Mapping[str, Any]] = {
    RetrainPolicy: {"kind": "RetrainPolicy", "spec": {"triggers": {"type": "newLabels", "rows": 20_000}, "guards": []}},
    GatePolicy: {"kind": "GatePolicy", "spec": {"gates": [{"type": "dataQuality"}]}},
    RolloutPolicy: {"kind": "RolloutPolicy", "spec": {"type": "direct"}},
}


def a_policy(kind: type[Policy], name: str = "standard", **changes: Any) -> Policy:
    """A policy of the kind; changes are keys of its `spec:` as people write them."""
    return kind.model_validate(_written({"apiVersion": "perennial/v1", "metadata": {}, **_POLICIES[kind]}, name, changes))


@cache
def shipped_templates() -> Mapping[str, bytes]:
    """The templates of this repository, by path."""
    root = Path(__file__).parents[1]
    paths = sorted(root.glob("templates/**/*.j2"))
    return MappingProxyType({path.relative_to(root).as_posix(): path.read_bytes() for path in paths})


def specs_of(*models: Model, **changes: Any) -> Specs:
    """Specs of these models (or the usual one) with one dataset, one policy of each kind, the shipped templates, no releases."""
    models = models or (a_model(),)
    return replace(
        Specs(
            models={model.name: model for model in models},
            datasets={"flights": a_dataset()},
            retrain={"standard": a_policy(RetrainPolicy)},
            gates={"standard": a_policy(GatePolicy)},
            rollouts={"direct": a_policy(RolloutPolicy, "direct")},
            releases={},
            holds={},
            quarantine={},
            overrides={},
            parameters={},
            settings=Settings(),
            files=shipped_templates(),
        ),
        **changes,
    )
