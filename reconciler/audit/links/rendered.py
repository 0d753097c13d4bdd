"""Link `rendered`: the environment's branch holds the manifests that main's release files lead to, with the digest in them."""

from collections.abc import Iterator
from dataclasses import replace

from reconciler.audit.claims import Claim
from reconciler.audit.stays import is_rendered
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import Revision, environment_branch, short
from reconciler.domain.rollouts import Changeover
from reconciler.errors import ReconcilerError
from reconciler.observe.observe import model_history
from reconciler.observe.rollouts import Branch, changeovers_of
from reconciler.observe.stretches import NO_MEMORY
from reconciler.plan.rungs.rollout import shared_now
from reconciler.plan.underway import may_have, shown
from reconciler.render.manifests import render_environment

RENDERED = "rendered"


def judge_rendered(claim: Claim) -> Iterator[Judgement]:
    """One for each environment that runs it."""
    for environment in claim.environments:
        yield _judge(claim, environment)


def _judge(claim: Claim, environment: str) -> Judgement:
    branch, folder = environment_branch(environment), f"manifests/{claim.model}"
    tip = claim.books.seen.branch(branch)
    if tip is None:
        return no(RENDERED, "noBranch", f"there is no branch {branch}", remedy="perennial release")
    changeover = _changeover(claim, environment, tip)
    try:
        rendered = _rendered(claim, environment, changeover)
    except ReconcilerError as error:
        return unknown(RENDERED, "unrenderable", f"main's templates do not render: {error.message}", remedy="perennial validate")
    expected = {path: text.encode() for path, text in rendered.items() if path.startswith(f"{folder}/")}
    found = dict(claim.books.repository.files(tip, folder))
    if different := sorted(path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path)):
        message = f"{branch} has another {different[0]} than main leads to"
        return no(RENDERED, "otherManifests", message, remedy=f"perennial release; git log -p {branch} -- {different[0]}")
    if changeover is not None:
        return _shared(claim, branch, changeover)
    if not is_rendered(claim.books, environment, claim.digest):
        message = f"no manifest of {branch} names {short(claim.digest)}"
        return no(RENDERED, "noDigest", message, remedy="templates/serving/metadata.yaml.j2")
    return yes(RENDERED, "agrees", f"{branch} holds what main leads to, and names the digest")


def _changeover(claim: Claim, environment: str, tip: Revision) -> Changeover | None:
    """The rollout of this model that is under way there, as history tells: of what it could not lead to, nothing is taken."""
    books, name = claim.books, claim.model
    files = {path: text.decode(errors="replace") for path, text in books.repository.files(tip).items()}
    branch = Branch(environment=environment, tip=tip, files=files, head=books.seen.head, now=books.seen.now)
    alone = replace(books.specs, releases={name: books.specs.releases[name]})
    aborted = model_history(name, books.seen).taken_back_in(environment)
    return changeovers_of(branch, alone, books.repository, NO_MEMORY, lambda _: aborted).get(name)


def _rendered(claim: Claim, environment: str, changeover: Changeover | None) -> dict[str, str]:
    shares = shown(claim.books.specs, environment, {claim.model: changeover} if changeover else {}, {})
    return render_environment(shares.specs, environment, shares.underway)


def _shared(claim: Claim, branch: str, changeover: Changeover) -> Judgement:
    """A rollout: the shares are some that the policy gives."""
    weight = shared_now(changeover).get(claim.digest, 0)
    policy = claim.books.specs.rollouts[claim.books.model.spec.rollout].spec
    said = f"{branch} gives {weight} % of the requests to {short(claim.digest)}, the rest to {changeover.live.version} before it"
    if not changeover.progress.weights:
        return unknown(RENDERED, "noRequests", said, remedy=f"perennial explain {claim.model}")
    if not may_have(policy, weight):
        return no(RENDERED, "otherShares", f"{said}, which the policy {policy.type} never does", remedy="git log -p " + branch)
    return yes(RENDERED, "rollingOut", f"{said}, and holds what main leads to")
