"""From a decision to its steps, with the exact bytes that a commit or a pull request will contain. Pure."""

from typing import assert_never

from reconciler.domain.changes import Marker
from reconciler.domain.decisions import Advance, Decision, Hold, Promote, Retrain, RollBack, Withdraw
from reconciler.domain.facts import Candidate
from reconciler.domain.judgements import Judgement
from reconciler.domain.names import (
    Digest,
    bundle_path,
    candidate_branch,
    card_path,
    evidence_path,
    promotion_branch,
    provenance_path,
    release_path,
    signature_path,
)
from reconciler.domain.provenance import Provenance
from reconciler.domain.releases import Release, digest_of, digest_of_bytes
from reconciler.domain.steps import Close, Propose, Sign, Step, Train
from reconciler.domain.training import Price
from reconciler.domain.world import World
from reconciler.plan.bookkeeping import (
    LOCK,
    PARAMETERS,
    merge_lock,
    merge_parameters,
    narrow_lock,
    narrow_parameters,
    text_of,
    trained_with,
)
from reconciler.plan.cause import cause_text
from reconciler.plan.labels import labels_for
from reconciler.plan.lineage import continued
from reconciler.plan.onward import about
from reconciler.plan.open_change import doubted, follow_up
from reconciler.plan.packaging import provide
from reconciler.plan.record import proposed_event
from reconciler.plan.situation import Situation
from reconciler.plan.taking_back import take_back_steps
from reconciler.plan.versions import next_version
from reconciler.plan.way import judge_way
from reconciler.render.card import render_card
from reconciler.render.evidence import render_evidence
from reconciler.render.provenance import statement_text
from reconciler.render.pull_request import render_pull_request
from reconciler.render.release import release_yaml
from reconciler.render.review import Review
from reconciler.specs.parameters import RunParameters
from reconciler.specs.specs import Specs


def steps_for(decision: Decision, situation: Situation, world: World, specs: Specs) -> list[Step]:
    """The steps that carry out the decision; none when the world is already as it should be."""
    match decision:
        case Hold():
            return [*provide(decision, situation), *doubted(decision, situation)]
        case Retrain():
            return [_train(decision, situation, world, specs)]
        case Promote():
            return _promote(decision, about(situation, decision.digest), world, specs)
        case RollBack():
            return take_back_steps(decision, situation, world, specs)
        case Withdraw():
            return [Close(model=decision.model, number=decision.number, comment=f"Closed by Perennial: {decision.message}.")]
        case Advance():
            return []  # environments are published as a whole, once
        case _:
            assert_never(decision)


def _train(decision: Retrain, situation: Situation, world: World, specs: Specs) -> Train:
    name = decision.model
    champion = situation.facts.champion
    price = situation.model.spec.price
    before = specs.parameters.get(name)
    entry = RunParameters(
        dataset=situation.model.spec.dataset,
        as_of=decision.as_of,
        seed=before.seed if before else 0,
        champion=champion.digest if champion else "none",
        continues=continued(situation, decision.as_of) or "none",
    )
    files = {PARAMETERS: narrow_parameters(_text(specs, PARAMETERS), name, entry)}
    if lock := narrow_lock(_text(specs, LOCK), name):
        files[LOCK] = lock
    return Train(
        model=name,
        as_of=decision.as_of,
        base=world.head,
        branch=candidate_branch(name),
        replaces=situation.facts.candidate_tip,
        files=files,
        made_from=situation.facts.fingerprint,
        reason=f"{decision.code}: {decision.message}",
        cause=cause_text(decision, situation),
        price=Price(per_hour=price.per_hour, currency=price.currency) if price else None,
        limits=situation.model.spec.training.limits.of_run(),
        retries=situation.model.spec.training.retries.of_run(),
    )


def _promote(decision: Promote, situation: Situation, world: World, specs: Specs) -> list[Step]:
    candidate = situation.candidate
    gates = decision.judgements[0]
    if candidate is None:
        return []
    if first := provide(decision, situation):
        return [*first]
    proposal = _proposal(decision, situation, candidate, gates, world, specs)
    is_open = next((change for change in situation.facts.changes if change.environment == decision.environment), None)
    return [proposal] if is_open is None else follow_up(decision, is_open, proposal)


def _proposal(
    decision: Promote, situation: Situation, candidate: Candidate, gates: Judgement, world: World, specs: Specs
) -> Propose:
    release = Release(
        environment=decision.environment,
        version=next_version(situation.facts, candidate.build.digest),
        build=candidate.build,
    )
    review = review_of(situation, specs, candidate, release, gates)
    files, sign = _files(review)
    title, body = render_pull_request(review)
    content = digest_of({"base": world.head, "files": files})
    marker = Marker(
        model=decision.model, environment=decision.environment, digest=Digest(candidate.build.digest), content=content
    )
    branch = promotion_branch(decision.model, decision.environment)
    return Propose(
        labels=labels_for(situation, decision.environment, gates),
        reviewers=situation.model.promotion_to(decision.environment).asked(situation.model.metadata.owner),
        follows=None if situation.facts.changes else situation.facts.closed.get(decision.environment),
        model=decision.model,
        environment=decision.environment,
        digest=Digest(candidate.build.digest),
        base=world.head,
        branch=branch,
        replaces=world.branches.get(branch),
        files=files,
        commit_message=f"{title}\n\nRelease-Digest: {release.digest}\n",
        title=title,
        body=f"{body.rstrip()}\n\n{marker.to_comment()}\n",
        event=proposed_event(situation, decision.environment, candidate.build.digest, title),
        sign=sign,
    )


def review_of(situation: Situation, specs: Specs, candidate: Candidate, release: Release, gates: Judgement) -> Review:
    """The candidate on its way to become the release, with what is known beside it."""
    facts, digest = situation.facts, candidate.build.digest
    return Review(
        specs=specs,
        model=situation.model,
        candidate=candidate,
        release=release,
        gates=gates,
        champion=facts.champion,
        wanted=facts.wanted,
        spent=next((gain for gain in facts.history.gains if gain.digest == digest), None),
        way=judge_way(situation, release.environment),
    )


def _files(review: Review) -> tuple[dict[str, str], Sign | None]:
    """What the promotion changes on main, and nothing that is there already; and what is signed for it.

    What an environment runs already goes on as it is: of that only the release file is new, which points to it.
    """
    name, specs, release, candidate = review.model.name, review.specs, review.release, review.candidate
    if candidate.landed:
        return {release_path(name, release.environment): release_yaml(release)}, None
    runs = {path: text for path, text in candidate.files.items() if path.startswith(f"runs/{name}/")}
    evidence = render_evidence(review)
    statement = statement_text(_provenance(release, candidate, evidence))
    files = {
        **runs,
        PARAMETERS: merge_parameters(_text(specs, PARAMETERS), candidate.files.get(PARAMETERS, ""), name),
        LOCK: merge_lock(_text(specs, LOCK), candidate.files.get(LOCK, ""), name),
        release_path(name, release.environment): release_yaml(release),
        evidence_path(name, release.digest): evidence,
        provenance_path(name, release.digest): statement,
        card_path(name): render_card(review),
    }
    changed = {path: text for path, text in sorted(files.items()) if specs.files.get(path) != text.encode()}
    return changed, _sign(release, statement, specs)


def _sign(release: Release, statement: str, specs: Specs) -> Sign | None:
    """Nothing, where releases are not signed, or where main has this statement and a signature of this kind beside it."""
    name, digest = release.build.model, release.digest
    match specs.settings.signing.method:
        case "none":
            return None
        case "key":
            path = signature_path(name, digest)
        case "keyless":
            path = bundle_path(name, digest)
    is_there = path in specs.files and specs.files.get(provenance_path(name, digest)) == statement.encode()
    return None if is_there else Sign(path=path, statement=statement)


def _provenance(release: Release, candidate: Candidate, evidence: str) -> Provenance:
    seed, champion = trained_with(candidate.files.get(PARAMETERS, ""), release.build.model)
    return Provenance(
        build=candidate.build,
        version=release.version,
        base=candidate.base,
        finished=candidate.trained_at,
        seed=seed,
        champion=champion,
        evidence=digest_of_bytes(evidence.encode()),
    )


def _text(specs: Specs, path: str) -> str:
    return text_of(specs.files, path)
