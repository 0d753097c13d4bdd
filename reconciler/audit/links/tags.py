"""Link `tags`: the version's tag stands on the commit that released it first, and so do the environments' newest tags."""

from collections.abc import Iterator

from reconciler.audit.claims import Claim
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import short, stage_tag, version_tag
from reconciler.observe.releases import tags_of
from reconciler.plan.publish import stage_numbers

TAGS = "tags"


def judge_tags(claim: Claim) -> Judgement:
    """All of them; the first that stands elsewhere is told."""
    if claim.origin is None:
        return unknown(TAGS, "notRecorded", "the ledger does not say which commit released it")
    tags = tags_of(claim.books.seen.refs, claim.model)
    names = [*_wanted(claim, frozenset(tags))]
    for name in names:
        if name not in tags:
            return no(TAGS, "noTag", f"there is no tag {name}", remedy="perennial release")
        if tags[name] != claim.origin:
            message = f"{name} stands on {short(tags[name])}, released was {short(claim.origin)}"
            return no(TAGS, "otherCommit", message, remedy=f"git show {name}")
    return yes(TAGS, "agree", f"{', '.join(names)} on {short(claim.origin)}")


def _wanted(claim: Claim, tags: frozenset[str]) -> Iterator[str]:
    yield version_tag(claim.model, claim.release.version)
    for environment in claim.environments:
        yield stage_tag(claim.model, environment, (stage_numbers(tags, claim.model, environment) or [1])[-1])
