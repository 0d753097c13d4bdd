"""The candidate on its branch: the build and the numbers that its training left behind."""

from reconciler.domain.facts import Candidate, Known, Missing
from reconciler.domain.names import Revision, candidate_branch
from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.evidence_json import read_evidence
from reconciler.ports import RepositoryReader

CANDIDATE = "candidate.json"


def read_candidate(repository: RepositoryReader, model: str, tip: Revision | None) -> Known[Candidate] | None:
    """None when nothing was trained; Missing when the branch does not hold a candidate that can be read."""
    if tip is None:
        return None
    content = repository.files(tip, f"runs/{model}/", "params.yaml", "dvc.lock")
    try:
        files = {path: text.decode() for path, text in content.items()}
        build = read_build(files[f"runs/{model}/{CANDIDATE}"])
    except (KeyError, UnicodeDecodeError, ReconcilerError) as error:
        why = f"{candidate_branch(model)} holds no candidate that can be read ({error}): git branch -D {candidate_branch(model)}"
        return Missing(code="candidateUnreadable", why=why)
    commit = repository.commit_info(tip)
    return Candidate(
        build=build,
        revision=tip,
        trained_at=commit.at,
        reason=_reason(commit.message),
        evidence=read_evidence({path.removeprefix(f"runs/{model}/"): text for path, text in files.items()}),
        files=files,
    )


def _reason(message: str) -> str:
    """The first paragraph of the commit message's body: why the model was trained."""
    paragraphs = message.split("\n\n")
    return paragraphs[1].strip() if len(paragraphs) > 1 else ""
