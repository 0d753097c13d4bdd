"""The candidate on its branch: the build and the numbers that its training left behind."""

from collections.abc import Mapping

from reconciler.domain.commits import CommitInfo
from reconciler.domain.facts import Candidate
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Revision, candidate_branch
from reconciler.domain.releases import Build
from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.evidence_json import read_evidence
from reconciler.plan.bookkeeping import check_bookkeeping
from reconciler.ports import RepositoryReader

CANDIDATE = "candidate.json"


def read_candidate(repository: RepositoryReader, model: str, tip: Revision | None) -> Known[Candidate] | None:
    """None when nothing was trained; Missing when the branch does not hold a candidate that can be read."""
    if tip is None:
        return None
    content = repository.files(tip, f"runs/{model}/", "params.yaml", "dvc.lock")
    try:
        files = {path: text.decode() for path, text in content.items()}
        build = _build_of(model, files)
        commit = repository.commit_info(tip)
        base = _base_of(commit)
    except (UnicodeDecodeError, ReconcilerError) as error:
        why = f"{candidate_branch(model)} holds no candidate that can be read ({error}): git branch -D {candidate_branch(model)}"
        return Missing(code="candidateUnreadable", why=why)
    return Candidate(
        build=build,
        revision=tip,
        base=base,
        trained_at=commit.at,
        reason=_reason(commit.message),
        evidence=read_evidence({path.removeprefix(f"runs/{model}/"): text for path, text in files.items()}),
        files=files,
    )


def _build_of(model: str, files: Mapping[str, str]) -> Build:
    path = f"runs/{model}/{CANDIDATE}"
    if path not in files:
        raise ReconcilerError(f"there is no {path}")
    check_bookkeeping(files)
    build = read_build(files[path])
    if build.model != model:
        raise ReconcilerError(f"{path} is about {build.model}")
    return build


def _base_of(commit: CommitInfo) -> Revision:
    """What main was when it was trained: the candidate is one commit on top of it."""
    if len(commit.parents) != 1:
        raise ReconcilerError(f"its commit has {len(commit.parents)} parents instead of 1")
    return commit.parents[0]


def _reason(message: str) -> str:
    """The first paragraph of the commit message's body: why the model was trained."""
    paragraphs = message.split("\n\n")
    return paragraphs[1].strip() if len(paragraphs) > 1 else ""
