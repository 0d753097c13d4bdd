"""The loop where releases are signed: the promotion brings the signature, and nothing unsigned is published or goes further."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.adapters.signing.keys import KeySigner
from reconciler.domain.decisions import Decision
from reconciler.domain.names import bundle_path, provenance_path, signature_path
from reconciler.errors import NotYetError
from reconciler.reconcile import publish
from tests.commands import perennial
from tests.loops import T1, Loop, a_loop, reopened
from tests.repositories import git
from tests.signatures import a_key

PYPROJECT = '[tool.perennial.signing]\nmethod = "key"\nrequired = true\nkey = "signing.pem"\n'
PUB = "signing/perennial.pub"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Alpha's first candidate, signed, waits for a merge into staging."""
    loop = a_loop(tmp_path_factory.mktemp("signed") / "repo")
    public = a_key(loop.root / "signing.pem")
    loop.commit("Sign releases", **{"pyproject.toml": PYPROJECT.encode(), PUB: public, ".gitignore": b"/data/\n/signing.pem\n"})
    loop = replace(loop, signer=KeySigner(loop.root / "signing.pem"))
    loop.settle()
    return loop


@pytest.fixture
def loop(made: Loop, tmp_path: Path) -> Loop:
    return reopened(made, tmp_path / "repo")


@pytest.fixture
def staged(loop: Loop) -> Loop:
    """1.0.0 runs in staging; its promotion to production is proposed."""
    loop.merge(1)
    loop.settle()
    return loop


def digest(loop: Loop) -> str:
    return next(str(event.details["digest"]) for event in loop.ledger("alpha"))


def decision(loop: Loop) -> Decision:
    (made,) = loop.plan().decisions
    return made


def test_a_promotion_brings_statement_and_signature_and_a_second_pass_writes_nothing(loop: Loop) -> None:
    tip = loop.pull(1).tip
    assert tip
    files = loop.repository.files(tip, "models/alpha/evidence")
    assert {provenance_path("alpha", digest(loop)), signature_path("alpha", digest(loop))} < set(files)
    before = loop.refs()
    loop.settle()
    assert loop.refs() == before


def test_a_run_that_was_killed_before_the_pull_request_signs_to_the_same_commit(made: Loop, loop: Loop, tmp_path: Path) -> None:
    tip = loop.pull(1).tip
    loop.repository.git.write("update-ref", "-d", "refs/perennial/pulls/1")
    loop.settle()
    assert loop.pull(1).tip == tip


def test_signed_releases_are_published_and_promoted(staged: Loop) -> None:
    staged.merge(2)
    assert {"refs/heads/env/staging", "refs/heads/env/production"} <= set(staged.refs())
    assert "signing" not in str(staged.plan().steps)
    tip = staged.repository.refs("refs/heads/perennial/")  # the second promotion had nothing to sign anew
    assert not [ref for ref in tip if ref.endswith(("staging", "production"))]


def test_without_the_key_nothing_is_proposed_and_the_next_pass_with_it_goes_on(made: Loop, tmp_path: Path) -> None:
    loop = a_loop(tmp_path / "other")
    public = a_key(loop.root / "elsewhere.pem")
    loop.commit("Sign releases", **{"pyproject.toml": PYPROJECT.encode(), PUB: public})
    keyless = replace(loop, signer=KeySigner(loop.root / "signing.pem"))
    passes = keyless.settle()
    assert {step.message for made in passes for step in made.outcome.steps if step.exit_code} == {
        f"the signing key {loop.root / 'signing.pem'} cannot be read: No such file or directory"
    }
    assert loop.pulls() == ()
    replace(loop, signer=KeySigner(loop.root / "elsewhere.pem")).settle()
    assert [pull.number for pull in loop.pulls()] == [1]


def altered(content: bytes) -> bytes:
    return content.replace(b'"sig": "', b'"sig": "A', 1)


WRONG = {
    "the signature is gone": ("signature", lambda content: None, "signature: there is no "),
    "the signature is another": ("signature", altered, "signature: "),
    "the statement was changed": (
        "statement",
        lambda content: content.replace(b'"seed": 0', b'"seed": 1'),
        "signature: the envelope holds another",
    ),
    "the key is another": ("key", lambda content: None, "which is not among the trusted: none"),
}


@pytest.mark.parametrize(("what", "change", "why"), WRONG.values(), ids=WRONG)
def test_what_is_not_signed_as_it_must_be_is_neither_published_nor_promoted(staged: Loop, what: str, change, why: str) -> None:
    path = {
        "signature": signature_path("alpha", digest(staged)),
        "statement": provenance_path("alpha", digest(staged)),
        "key": PUB,
    }[what]
    rendered = staged.refs()["refs/heads/env/staging"]
    content = staged.repository.files(staged.repository.refs("refs/heads/main")["refs/heads/main"], path)[path]
    staged.commit("Change it", **{path: change(content)})
    found = decision(staged)
    assert found.code == "unproven"
    assert why in found.message
    git(staged.root, "checkout", "--force", "--quiet", "main")
    staged.settle()
    assert staged.refs()["refs/heads/env/staging"] == rendered
    shown = perennial(staged.root, "status", "--as-of", "2013-03-01")
    assert "✗ alpha in staging, branch: env/staging keeps what it has: " in shown.out
    assert shown.is_harmless
    refused = perennial(staged.root, "render")
    assert (refused.code, why in refused.err) == (7, True)
    with pytest.raises(NotYetError, match="it is a draft"):
        staged.merge(2)
    git(staged.root, "merge", "--quiet", "--no-ff", "--message", "By hand", "perennial/alpha/production")
    merged = publish(staged.readers(), staged.writers(), ["alpha"])
    assert [step.step for step in merged.steps if type(step.step).__name__ in ("Publish", "Tag")] == []


def test_a_signature_that_is_not_required_may_be_missing_but_not_wrong(staged: Loop) -> None:
    path = signature_path("alpha", digest(staged))
    staged.commit("Do not insist", **{"pyproject.toml": PYPROJECT.replace("true", "false").encode(), path: None})
    assert decision(staged).code == "changeOpen"
    staged.commit("Break it", **{path: b"{}\n"})
    assert decision(staged).code == "unproven"


def test_a_release_that_was_never_signed_can_be_followed_by_one_that_is(made: Loop, tmp_path: Path) -> None:
    loop = a_loop(tmp_path / "late")
    loop.promote(T1)
    public = a_key(loop.root / "signing.pem")
    loop.commit("Sign releases", **{"pyproject.toml": PYPROJECT.encode(), PUB: public, ".gitignore": b"/data/\n/signing.pem\n"})
    git(loop.root, "checkout", "--force", "--quiet", "main")
    assert "env/staging keeps what it has" in perennial(loop.root, "status", "--as-of", "2013-03-01").out
    assert decision(loop).code == "specChanged"  # what nobody signed keeps nobody from training anew
    replace(loop, signer=KeySigner(loop.root / "signing.pem")).promote(T1)
    assert {stage for stage in git(loop.root, "tag", "--points-at", "alpha@v1.1.0^{}").splitlines() if "#" in stage} == {
        "alpha#production#2",
        "alpha#staging#2",
    }
    assert decision(loop).code == "fresh"
    assert "not published" not in decision(loop).message


def test_keyless_names_a_bundle_and_without_an_identity_nothing_is_proposed(tmp_path: Path) -> None:
    from reconciler.adapters.signing.keyless import KeylessSigner

    loop = a_loop(tmp_path / "keyless")
    loop.commit("Sign releases", **{"pyproject.toml": b'[tool.perennial.signing]\nmethod = "keyless"\nrequired = true\n'})
    passes = replace(loop, signer=KeylessSigner(lambda: None)).settle()
    failed, *_ = [step for made in passes for step in made.outcome.steps if step.exit_code]
    assert "keyless signing has no identity here" in failed.message
    assert failed.step.sign.path == bundle_path("alpha", digest(loop))  # type: ignore[union-attr]
