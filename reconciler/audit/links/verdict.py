"""Link `verdict`: the gate report says YES of every gate that the policy has, from the very numbers that the run left."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.audit.claims import Claim
from reconciler.audit.links.lock import files_at
from reconciler.domain.blessings import Blessing
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import evidence_path, short
from reconciler.errors import ReconcilerError
from reconciler.pipeline.evidence_json import read_evidence, read_report

VERDICT = "verdict"
_PASSED = (Blessing.BLESSED, Blessing.NO_BASELINE)


def judge_verdict(claim: Claim) -> Judgement:
    """Nothing is judged again: a gate that only the report's writer could have judged is believed as far as its numbers are."""
    path = evidence_path(claim.model, claim.digest)
    text = claim.files(path).get(path, b"").decode(errors="replace")
    try:
        report = json.loads(text)
        leaves, word = list(_leaves(report["gates"])), report["verdict"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return no(VERDICT, "unreadable", f"{path} has no verdict that can be read: {error!r}")
    refused = [f"{rule} says {answer}" for rule, answer in leaves if answer != "YES"]
    if refused or word not in _PASSED:
        return no(VERDICT, "refused", f"the verdict is {word}: {'; '.join(refused) or 'it is no word for a release'}")
    wanted = {gate.rule for gate in claim.books.specs.gates[claim.books.model.spec.gates].spec.gates}
    if absent := sorted(wanted - {rule for rule, _ in leaves}):
        said = f"the policy has {len(wanted)} gates, of which the report judges no {', '.join(absent)}"
        return no(VERDICT, "notJudged", said, remedy="perennial reconcile")
    return _numbers(claim, path, text, len(leaves))


def _numbers(claim: Claim, path: str, text: str, count: int) -> Judgement:
    """The report's numbers are those of the run's own files, where these still are."""
    if claim.origin is None:
        return unknown(VERDICT, "notRecorded", "nothing says which commit released it")
    try:
        files = {name: content.decode() for name, content in files_at(claim, claim.origin).items()}
    except (ReconcilerError, UnicodeDecodeError) as error:
        return no(VERDICT, "unreadable", f"runs/{claim.model} cannot be read: {error}")
    here, there = read_report(text), read_evidence(files)
    for field in ("metrics", "comparison"):
        if getattr(here, field) != getattr(there, field):
            said = f"{path} says {getattr(here, field)} of {field}, the run at {short(claim.origin)} {getattr(there, field)}"
            return no(VERDICT, "otherNumbers", said, remedy=f"git log -p -- {path}")
    return yes(VERDICT, "passed", f"{count} gates say YES, from the numbers that the run left")


def _leaves(gates: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(rule, answer) of single gates. A combination without parts is itself one, and its own answer counts, too."""
    parts = gates.get("parts") or []
    yield str(gates["rule"]), str(gates["answer"])
    for part in parts:
        yield from _leaves(part)
