"""Used by steps: whether a training goes on with the champion's model, or begins anew. Pure."""

from datetime import datetime

from reconciler.domain.names import Digest
from reconciler.plan.situation import Situation


def continued(situation: Situation, as_of: datetime) -> Digest | None:
    """The release whose model is trained further; None: the model is trained anew.

    Anew where the spec does not ask for more, nothing is live, anything that makes the model has changed since, or the last
    full training is too old. A candidate that is only measured again goes on with what it went on with.
    """
    asked, champion, candidate = situation.model.spec.training.incremental, situation.facts.champion, situation.candidate
    if candidate is not None and candidate.build.data.as_of == as_of:
        return candidate.build.data.lineage.continues if candidate.build.data.lineage else None
    if asked is None or champion is None or champion.build.made_from.differences(situation.facts.fingerprint):
        return None
    build = champion.build
    return build.digest if as_of > build.data.as_of and as_of - build.data.since < asked.full_every else None
