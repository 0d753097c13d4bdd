"""What is on its way from one environment to the next: read from main, whatever has been trained since."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from reconciler.domain.facts import Candidate
from reconciler.domain.names import CAUSE, OUTCOMES, Revision, evidence_path, provenance_path, run_path
from reconciler.domain.releases import Release
from reconciler.errors import ReconcilerError
from reconciler.observe.candidate import CANDIDATE
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.evidence_json import read_report
from reconciler.render.provenance import read_statement

_LEFT = (CAUSE, OUTCOMES)
"""What a run leaves for people."""


def onward_of(
    environments: Sequence[str], releases: Mapping[str, Release], introduced: Mapping[str, Revision], files: Mapping[str, bytes]
) -> Mapping[str, Candidate]:
    """Environment to what it runs and the next one does not. What has no evidence that can be read is left out."""
    found: dict[str, Candidate] = {}
    for environment, following in pairwise(environments):
        release, after = releases.get(environment), releases.get(following)
        commit = introduced.get(environment)
        if release is None or commit is None or (after is not None and after.digest == release.digest):
            continue
        if landed := _landed(release, commit, files):
            found[environment] = landed
    return found


def _landed(release: Release, commit: Revision, files: Mapping[str, bytes]) -> Candidate | None:
    """The release as the candidate that it was, from its gate report and its statement."""
    model, digest = release.build.model, release.digest
    try:
        report = files[evidence_path(model, digest)].decode()
        statement = read_statement(files[provenance_path(model, digest)].decode())
    except (KeyError, UnicodeDecodeError, ReconcilerError):
        return None
    return Candidate(
        build=release.build,
        revision=commit,
        base=statement.base,
        trained_at=statement.finished,
        evidence=read_report(report),
        files=_left(release, files),
        landed=True,
    )


def _left(release: Release, files: Mapping[str, bytes]) -> Mapping[str, str]:
    """What its run left for people, as long as main has no newer run."""
    model = release.build.model
    try:
        if read_build(files[run_path(model, CANDIDATE)].decode()).digest != release.digest:
            return {}
    except (KeyError, UnicodeDecodeError, ReconcilerError):
        return {}
    paths = [path for name in _LEFT if (path := run_path(model, name)) in files]
    return {path: files[path].decode(errors="replace") for path in paths}
