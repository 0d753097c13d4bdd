"""A gate on a real run: train, evaluate, read the evidence back, judge it."""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.domain.evidence import Evidence
from reconciler.domain.judgements import Judgement
from reconciler.domain.releases import Release
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import EVALUATION, read_evidence
from reconciler.pipeline.train import train
from reconciler.rules.base import GateRule
from tests.builders import NOW, a_candidate, facts


def evaluated(context: StageContext, *gates: GateRule) -> Evidence:
    """What the stages leave of a run whose snapshot was taken, with these gates in its policy."""
    train(context)
    return measured_again(context, *gates)


def measured_again(context: StageContext, *gates: GateRule) -> Evidence:
    """The same for a model that was trained already."""
    evaluate(replace(context, gates=gates))
    return read_evidence({EVALUATION: context.path(EVALUATION).read_text()})


def judged(gate: GateRule, evidence: Evidence, releases: Mapping[str, Release] | None = None) -> Judgement:
    """What the gate says of it; no release is live unless given."""
    return gate.judge(facts(candidate=a_candidate(evidence=evidence), releases=releases or {}), NOW)
