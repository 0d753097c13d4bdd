"""The files of a repository that uses Perennial, from those that Perennial brings along. Pure.

A repository has no code of Perennial's: what is installed is named by `requirements/`, and stages depend on that instead.
"""

import re
from collections.abc import Mapping

MANAGED_BY_LINES = (".dvcignore", ".gitignore", "Makefile")
"""What people have anyway: missing lines are added, and nothing is taken away."""
ONCE = (".dvc/config", ".dvc/.gitignore", "params.yaml", "policies/rollout/direct.yaml")
"""Put there when they are not there; then they are people's, and the reconciler's."""
PERENNIAL = "requirements/perennial.txt"
PROJECT, CODEOWNERS, RECORD = "pyproject.toml", ".github/CODEOWNERS", ".perennial/init.json"
OWNERS_PLACES = (CODEOWNERS, "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks; the first that is there counts, so a second one would put a team's own out of force."""
SETUP = "perennial.mk"
_ACTIONS = ".github/"
_OWN_CODE = ("reconciler/pipeline", "reconciler/statistics")
_LOCK = "requirements/lock.txt"
_SETUP = """# Put here by `perennial init`: `make setup` is what the workflows begin with, and what a person does first.
.PHONY: setup
setup: .venv/.perennial

.venv/.perennial: requirements/bootstrap.txt requirements/lock.txt requirements/perennial.txt
	@test -x .venv/bin/python || python3 -m venv .venv
	@.venv/bin/python -m pip install --quiet --require-hashes -r requirements/bootstrap.txt
	@VIRTUAL_ENV="$(CURDIR)/.venv" .venv/bin/uv pip install --quiet --require-hashes -r requirements/lock.txt
	@VIRTUAL_ENV="$(CURDIR)/.venv" .venv/bin/uv pip install --quiet --no-deps -r requirements/perennial.txt
	@touch $@
"""
_PARAMETERS = """# yaml-language-server: $schema=schemas/params.json
#
# What a run may change, per model. `perennial new model` adds an entry, and each retrain advances it; people rarely edit this.
models: {}
"""


def repository_files(shipped: Mapping[str, str], requirement: str, *, github: bool) -> dict[str, str]:
    """Path to text of all that is wanted but `pyproject.toml` and `CODEOWNERS`, sorted. `requirement` installs Perennial."""
    files = {path: text for path, text in shipped.items() if github or not path.startswith(_ACTIONS)}
    files["dvc.yaml"] = without_own_code(shipped["dvc.yaml"])
    files["Makefile"] = f"include {SETUP}\n"
    files[SETUP] = _SETUP
    files["params.yaml"] = _PARAMETERS
    files[PERENNIAL] = f"# The version of Perennial that this repository uses; a change of it retrains.\n{requirement}\n"
    return dict(sorted(files.items()))


def without_own_code(pipeline: str) -> str:
    """dvc.yaml for a repository without Perennial's code: stages depend on the version that is pinned; no model is in it yet."""
    stages = re.split(r"^artifacts:", pipeline, maxsplit=1, flags=re.MULTILINE)[0].rstrip()
    kept = []
    for line in stages.split("\n"):
        if line.strip().removeprefix("- ") in _OWN_CODE:
            continue
        own = line
        for folder in _OWN_CODE:
            own = own.replace(f"{folder}, ", "")
        kept.append(own.replace(f"{_LOCK}]", f"{_LOCK}, {PERENNIAL}]"))
        if own.strip() == f"- {_LOCK}":
            kept.append(own.replace(_LOCK, PERENNIAL))
    return "\n".join(kept) + "\n"


def with_lines(text: str, wanted: str) -> str:
    """The text with those lines at its end that it lacks; comments are not missed."""
    there = {line.strip() for line in text.splitlines()}
    absent = [line for line in wanted.splitlines() if line.strip() and not line.startswith("#") and line.strip() not in there]
    if not text:
        return wanted
    return text if not absent else f"{text.rstrip()}\n" + "".join(f"{line}\n" for line in absent)


def with_settings(project: str, forge: str, repository: str) -> str:
    """pyproject.toml with `[tool.perennial]`, as it is when it has that already."""
    if re.search(r"^\s*\[tool\.perennial[\].]", project, re.MULTILINE):
        return project
    named = f'repository = "{repository}"\n' if repository else ""
    url = (
        f'[tool.perennial]\nrepositoryUrl = "https://github.com/{repository}.git"\n\n' if repository and forge == "github" else ""
    )
    table = f'{url}[tool.perennial.forge]\ntype = "{forge}"\n{named}'
    return f"{project.rstrip()}\n\n{table}" if project.strip() else table
