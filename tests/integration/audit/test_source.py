"""Link `source`: what the commit says, from which a release says that it was trained, is computed again and compared."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.domain.names import Revision
from tests.commands import perennial
from tests.integration.audit.damage import restated
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, put

SPEC = "models/alpha/model.yaml"
CODE = "reconciler/pipeline/train.py"
LOCK = "requirements/lock.txt"


def source(root: Path) -> str:
    """What is said of the link."""
    (model,) = perennial(root, "audit", "alpha", "--verify", "-o", "json").json["models"]
    (link,) = [link for link in model["versions"][0]["links"] if link["rule"] == "source"]
    return f"{link['answer']} {link['code']}: {link['message']}"


def passing(root: Path, change: dict[str, bytes]) -> Revision:
    """A commit on main with these files, which the next one takes back."""
    repository = GitRepository.open(root, ENVIRONMENT)
    before = repository.files(repository.refs(MAIN_REF)[MAIN_REF], *change)
    made = put(repository, MAIN_REF, change)
    put(repository, MAIN_REF, {path: before.get(path) for path in change})
    return made


CHANGES: dict[str, tuple[dict[str, tuple[bytes, bytes]], str]] = {
    "nothing that matters": ({".dvcignore": (b"", b"# hello\n")}, "YES agrees: "),
    "the spec": ({SPEC: (b"bootstrap: 2000", b"bootstrap: 2001")}, "NO otherSource: the commit "),
    "the code": ({CODE: (b"import", b"import ")}, "NO otherSource: the commit "),
    "the environment": ({LOCK: (b"numpy==", b"numpy===")}, "NO otherSource: the commit "),
    "a spec that is none": ({SPEC: (b"kind: Model", b"kind: Muddle")}, "UNKNOWN unreadable: what main said at "),
}


@pytest.mark.parametrize(("changes", "said"), CHANGES.values(), ids=CHANGES)
def test_a_commit_that_says_otherwise_is_no_source(changes: dict[str, tuple[bytes, bytes]], said: str, team: Path) -> None:
    files = {path: (team / path).read_bytes().replace(*change, 1) for path, change in changes.items()}
    base = passing(team, files)
    restated(team, lambda provenance: replace(provenance, base=base))
    assert source(team).startswith(said)


def test_a_commit_that_is_not_on_main_is_no_source(team: Path) -> None:
    repository = GitRepository.open(team, ENVIRONMENT)
    elsewhere = repository.commit(parent=None, files={"x": b"x"}, message="Elsewhere", at=AT)
    for base in (elsewhere, Revision("1" * 40)):
        restated(team, lambda provenance, base=base: replace(provenance, base=base))
        assert source(team).startswith(f"NO noCommit: main's history has no commit {base[:12]}")


def test_another_seed_is_another_source(team: Path) -> None:
    restated(team, lambda provenance: replace(provenance, seed=1))
    assert source(team).startswith("NO otherSource: ")
    assert "parameters" in source(team)


def test_a_perennial_that_reads_specs_otherwise_by_now_cannot_tell(team: Path) -> None:
    spec = (team / SPEC).read_bytes().replace(b"bootstrap: 2000", b"bootstrap: 2001")
    base = passing(team, {SPEC: spec, "reconciler/specs/model.py": b"# as it was then\n"})
    restated(team, lambda provenance: replace(provenance, base=base))
    assert source(team).startswith("UNKNOWN otherPerennial: this Perennial reads specs otherwise than that of ")
