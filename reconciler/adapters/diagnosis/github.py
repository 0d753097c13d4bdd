"""Checks of a repository whose pull requests are on GitHub, as far as they can be seen here: nothing is asked of GitHub."""

from collections.abc import Mapping
from pathlib import Path

from reconciler.adapters.diagnosis.asked import ask_git
from reconciler.adapters.dvc_config import default_remote, remote_url
from reconciler.domain.diagnosis import Finding, bad, doubt, good
from reconciler.errors import ObserveError

WORKFLOWS = ("validate", "gate", "reconcile", "release", "rollback")
APP, APP_KEY, TOKEN, JOB_TOKEN = "PERENNIAL_GITHUB_APP_ID", "PERENNIAL_GITHUB_APP_KEY", "PERENNIAL_GITHUB_TOKEN", "GITHUB_TOKEN"
HOW_TO = "see `Use GitHub` in Perennial's documentation"
_SECRETS = ("s3://", "gs://", "azure://", "ssh://", "webdav", "http", "gdrive://", "oss://")
"""Addresses that somebody has to let us in to."""


def diagnose_github(tree: Path, remote: str, environment: Mapping[str, str]) -> list[Finding]:
    """All of them. `remote` is the git remote that the settings name."""
    return [git_remote(tree, remote, environment), workflows(tree), token(environment), *storage(tree)]


def git_remote(tree: Path, remote: str, environment: Mapping[str, str]) -> Finding:
    """Git knows where the branches are that count."""
    if ask_git(tree, environment, "remote", "get-url", remote) is None:
        return bad("git remote", f"there is no git remote {remote}", f"git remote add {remote} URL")
    return good("git remote", f"{remote} is where branches count")


def workflows(tree: Path) -> Finding:
    """What gates and retrains is there."""
    absent = [name for name in WORKFLOWS if not (tree / ".github" / "workflows" / f"{name}.yml").is_file()]
    if absent:
        return bad("workflows", f"there is no .github/workflows/{{{','.join(absent)}}}.yml", "perennial init --forge github")
    return good("workflows", f"all {len(WORKFLOWS)} are there")


def token(environment: Mapping[str, str]) -> Finding:
    """Who Perennial is. What a workflow's own token pushes starts no workflow, so nothing would gate it."""
    if environment.get(APP) and environment.get(APP_KEY):
        return good("token", "a GitHub App's, renewed by itself")
    if environment.get(TOKEN):
        return doubt("token", f"{TOKEN}: Perennial acts as whose it is, and stops when it runs out", f"a GitHub App: {HOW_TO}")
    if environment.get(JOB_TOKEN):
        said = f"{JOB_TOKEN}: pull requests of a workflow's own token start no workflows, so nothing checks them"
        return doubt("token", said, f"a GitHub App, or {TOKEN}: {HOW_TO}")
    return doubt("token", "none in this environment, so nothing can be proposed from here", f"set {APP} and {APP_KEY}: {HOW_TO}")


def storage(tree: Path) -> list[Finding]:
    """Runners are new each time: what is not in a remote that they reach is lost."""
    try:
        name, url = default_remote(tree), remote_url(tree)
    except ObserveError as error:
        return [bad("storage", error.message, error.help)]
    if name is None:
        said = "no DVC remote: a runner loses models and snapshots when its job ends"
        return [bad("storage", said, "dvc remote add --default storage s3://bucket/path")]
    if "://" not in url:
        said = f"the DVC remote {name} is a folder, which GitHub's runners do not have"
        return [
            doubt("storage", said, "self-hosted runners with that folder, or: dvc remote modify storage url s3://bucket/path")
        ]
    if url.startswith(_SECRETS):
        said = f"the DVC remote {name} lets in whom it knows; which secrets the workflows have cannot be seen from here"
        remedy = "gh secret list: PERENNIAL_DVC_CONFIG and PERENNIAL_DVC_CONFIG_READ, or the variable PERENNIAL_OIDC_AUDIENCE"
        return [doubt("secrets", said, f"{remedy}: {HOW_TO}")]
    return []
