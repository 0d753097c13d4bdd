"""Link `rendered`: the environment's branch holds the manifests that main's release files lead to, with the digest in them."""

from collections.abc import Iterator

from reconciler.audit.claims import Claim
from reconciler.audit.stays import is_rendered
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import environment_branch, short
from reconciler.errors import ReconcilerError
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
    try:
        rendered = render_environment(claim.books.specs, environment)
    except ReconcilerError as error:
        return unknown(RENDERED, "unrenderable", f"main's templates do not render: {error.message}", remedy="perennial validate")
    expected = {path: text.encode() for path, text in rendered.items() if path.startswith(f"{folder}/")}
    found = dict(claim.books.repository.files(tip, folder))
    if different := sorted(path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path)):
        message = f"{branch} has another {different[0]} than main leads to"
        return no(RENDERED, "otherManifests", message, remedy=f"perennial release; git log -p {branch} -- {different[0]}")
    if not is_rendered(claim.books, environment, claim.digest):
        message = f"no manifest of {branch} names {short(claim.digest)}"
        return no(RENDERED, "noDigest", message, remedy="templates/serving/metadata.yaml.j2")
    return yes(RENDERED, "agrees", f"{branch} holds what main leads to, and names the digest")
