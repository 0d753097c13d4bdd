"""What a release's own files prove of it: judgements link by link, of which all must say YES."""

from dataclasses import dataclass

from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Of the release that an environment runs. `statement` is the SHA-256 of its statement's bytes; None when there is none."""

    statement: Digest | None
    links: tuple[Judgement, ...]


def objection(proof: Proof | None) -> str:
    """Why the release may not be acted on, in one sentence; empty when all links hold. No proof, and no link, prove nothing."""
    if proof is None or not proof.links:
        return "nothing proves it"
    return "; ".join(f"{link.rule}: {link.message}" for link in proof.links if link.answer is not Answer.YES)
