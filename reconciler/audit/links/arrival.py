"""Links `hold`, `pin` and `freeze`: the environment lets the release come now, by what the branch says that is merged into.

A change cannot thaw what it is to be merged into. Going back is always allowed: to what the environment ran before.
"""

from collections.abc import Iterator

from reconciler.audit.claims import Claim
from reconciler.domain.judgements import Judgement
from reconciler.domain.names import Digest, release_path
from reconciler.errors import InvalidSpecsError
from reconciler.observe.stays import stays_along
from reconciler.plan.overridden import Subject, way_set_aside
from reconciler.plan.stops import Arrival, judge_freeze, judge_hold, judge_pin
from reconciler.specs.load import read_document
from reconciler.specs.model import Model
from reconciler.specs.places import place_of


def judge_arrivals(claim: Claim) -> Iterator[Judgement]:
    """One for each thing that the environments of the claim ask; nothing of what runs there already, or ran before."""
    model = claim.onto.specs.models.get(claim.model) if claim.onto else None
    for environment in claim.environments if model else ():
        if model and not _ran(claim, environment):
            yield from _judged(claim, model, environment)


def _judged(claim: Claim, model: Model, environment: str) -> Iterator[Judgement]:
    if claim.onto is None:
        return
    specs, now = claim.onto.specs, claim.books.seen.now
    arrival = Arrival(
        model=model,
        environment=environment,
        version=claim.release.version,
        digest=claim.digest,
        freeze=specs.settings.freeze,
        note=specs.holds.get(claim.model),
        now=now,
    )
    live = specs.releases.get(claim.model, {}).get(model.champion_environment)
    subject = Subject(model=claim.model, digest=claim.digest, live=live.digest if live else None, now=now)
    said = (*judge_hold(arrival), *judge_pin(arrival), *judge_freeze(arrival))
    yield from way_set_aside(said, specs.overrides.get(claim.model), subject)


def _ran(claim: Claim, environment: str) -> bool:
    """The environment runs the digest, or did, by the history of what is merged into."""
    if claim.onto is None:
        return False
    path = release_path(claim.model, environment)
    stays = stays_along(claim.books.repository, claim.onto.revision, path)
    return any(_digest_in(path, stay.content) == claim.digest for stay in stays if stay.content)


def _digest_in(path: str, content: bytes) -> Digest | None:
    """None of a release file that cannot be read."""
    place = place_of(path)
    try:
        return read_document(place, content).spec.release().digest if place else None
    except InvalidSpecsError:
        return None
