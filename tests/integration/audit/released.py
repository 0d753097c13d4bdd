"""Takes a team's repository, with Perennial's code in it, through the real loop until its models run everywhere, signed."""

import json
import shutil
from pathlib import Path

from tests.commands import perennial
from tests.repositories import git
from tests.signatures import a_key
from tests.teams import ROOT, commit

WHEN = ("--as-of", "2013-04-01")
SETTINGS = '[tool.perennial.signing]\nmethod = "key"\nrequired = true\nkey = "signing.pem"\n'


def released(root: Path) -> Path:
    """Sign, train, propose, and merge what is proposed until nothing is open."""
    shutil.copytree(ROOT / "reconciler", root / "reconciler", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    (root / "signing").mkdir()
    (root / "signing/perennial.pub").write_bytes(a_key(root / "signing.pem"))
    (root / ".gitignore").write_text((root / ".gitignore").read_text() + "/signing.pem\n/data/\n")
    (root / "pyproject.toml").write_text(SETTINGS)
    git(root, "rm", "--quiet", "-r", "--cached", "data")  # a source is no part of the repository
    commit(root, "Sign releases")
    done(root, "reconcile", *WHEN)
    while numbers := [str(pull["number"]) for pull in json.loads(done(root, "pr", "list", "-o", "json"))]:
        for number in numbers:
            done(root, "pr", "merge", number, "--by", "Ann Lee", *WHEN)
        done(root, "reconcile", *WHEN)
    return root


def done(root: Path, *arguments: str) -> str:
    """What the command said, which must have gone well."""
    told = perennial(root, *arguments)
    assert (told.code, told.err) == (0, "")
    return told.out
