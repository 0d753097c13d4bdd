"""Rendering and committing a fleet's manifests, against PyYAML's dumper and git's own way through a working tree."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from benchmarks.measure import Result, seconds
from reconciler.adapters.git.repository import GitRepository
from reconciler.domain.names import Revision
from reconciler.domain.releases import Release
from reconciler.render import models, wellformed
from reconciler.render.manifests import render_environment
from reconciler.specs.specs import Specs
from tests.builders import a_model, a_release, specs_of
from tests.proofs import proof_files

MODELS = 1000
AT = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = [f"model-{number}" for number in range(MODELS)]


def run() -> list[Result]:
    """A thousand models with a release each."""
    releases = {name: _release(name) for name in NAMES}
    specs = specs_of(*map(a_model, NAMES), releases={name: {"production": one} for name, one in releases.items()})
    proofs = {path: content for one in releases.values() for path, content in proof_files(one).items()}
    specs = replace(specs, files={**specs.files, **proofs})
    files = render_environment(specs, "production")
    trees = [yaml.load(text, yaml.CSafeLoader) for path, text in files.items() if path.endswith(".yaml")]
    size = f"{MODELS:,} models, {len(files):,} files"
    return [
        Result(
            what="render and check manifests",
            size=size,
            peer="PyYAML CSafeDumper of the same objects",
            ours=seconds(lambda: _anew(specs), 3),
            theirs=seconds(lambda: [yaml.dump(tree, Dumper=yaml.CSafeDumper) for tree in trees], 3),
            difference=0.0,
        ),
        Result(
            what="render again after one model changed",
            size=size,
            peer="rendering all of them",
            ours=_one_changed(specs),
            theirs=seconds(lambda: _anew(specs), 3),
            difference=0.0,
        ),
        _committed({path: text.encode() for path, text in files.items()}, size),
    ]


def _release(name: str, version: str = "1.0.0") -> Release:
    return a_release(name, version=version, model=name)


def _anew(specs: Specs) -> Mapping[str, str]:
    """As a process that has rendered nothing yet."""
    models.render_model.cache_clear()
    wellformed.problems_of.cache_clear()
    return render_environment(specs, "production")


def _one_changed(specs: Specs) -> float:
    versions = iter(range(1, 100))

    def again() -> None:
        released = {NAMES[7]: {"production": _release(NAMES[7], f"1.0.{next(versions)}")}}
        render_environment(replace(specs, releases={**specs.releases, **released}), "production")

    _anew(specs)
    return seconds(again, 5)


def _committed(files: Mapping[str, bytes], size: str) -> Result:
    """Every file changes with every commit."""
    with TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        repository = GitRepository.open(Path(folder), os.environ)  # noqa: TID251 - git's own environment
        parents: list[Revision | None] = [None]

        def ours() -> None:
            changed = {path: content + b"# %d\n" % len(parents) for path, content in files.items()}
            parents.append(repository.commit(parent=parents[-1], files=changed, message="all", at=AT, whole=True))

        def theirs() -> None:
            parents.append(None)
            for path, content in files.items():
                Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, path).write_bytes(content + b"# theirs %d\n" % len(parents))
            subprocess.run(["git", "-C", folder, "add", "--all"], check=True)
            identity = ("-c", "user.name=peer", "-c", "user.email=peer@localhost")
            subprocess.run(["git", "-C", folder, *identity, "commit", "--quiet", "-m", "all"], check=True)

        mine = seconds(ours, 3)
        return Result(
            what="commit an environment's branch",
            size=size,
            peer="git add, git commit",
            ours=mine,
            theirs=seconds(theirs, 3),
            difference=0.0,
        )
