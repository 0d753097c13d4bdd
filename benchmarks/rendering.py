"""Rendering a fleet's manifests, comparing them with the branch, checking and committing them, against PyYAML and git's own way.

`python -m benchmarks.rendering` prints the section.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from benchmarks.branches import Branch, Worktree
from benchmarks.measure import Result, cpu_seconds
from reconciler.domain.releases import Release
from reconciler.errors import InvalidSpecsError
from reconciler.render import models, wellformed
from reconciler.render.crds import manifest_problems
from reconciler.render.manifests import render_environment
from reconciler.specs.specs import Specs
from tests.builders import a_model, a_release, specs_of
from tests.proofs import proof_files

MODELS = 1000
NAMES = [f"model-{number}" for number in range(MODELS)]
WANTED = ("1.5 s", "0.5 s", "1.5 s", "10 s")
"""The most that each row should take, in the order of the rows."""
HEAD = """
## Rendering

A thousand models with a release each: a Deployment, Service, ConfigMap, PodDisruptionBudget and NetworkPolicy per model. All
of their files change with every commit. A process that has rendered nothing yet renders them, and sees that each is one
manifest (first row); the last row also reads the branch, makes a unified diff of every file, looks whether a kind needs a
definition (none of these does), and commits. The peers dump the same objects with PyYAML's CSafeDumper and, where git has a
part, write them to a working tree for `git add`, `git diff` and `git commit`. Seconds are of CPU, of the process and of the
git processes that it waits for, medians of three runs; nearly all of it is done one after the other, so on an idle machine
they pass on the wall.

"""


def section() -> str:
    """The part of the page about rendering, measured now."""
    lines = ["| what | size | wanted | Perennial | peer | peer's time | times quicker |"]
    lines += ["| --- | --- | ---: | ---: | --- | ---: | ---: |"]
    for row, wanted in zip(run(), WANTED, strict=True):
        lines.append(
            f"| {row.what} | {row.size} | {wanted} | {row.ours:.2f} s | {row.peer} | {row.theirs:.2f} s | {row.ratio:.1f} |"
        )
    today = f"{datetime.now(UTC):%Y-%m-%d}, Python {sys.version.split()[0]}."  # noqa: TID251 - the date of the measurement
    return f"{HEAD}{today}\n\n" + "\n".join(lines) + "\n"


def run() -> list[Result]:
    """Each part, and all together."""
    specs = _fleet()
    files = render_environment(specs, "production")
    trees = {path: yaml.load(text, yaml.CSafeLoader) for path, text in files.items() if path.endswith(".yaml")}
    size = f"{MODELS:,} models, {len(files):,} files"
    with TemporaryDirectory() as folder:
        return [
            _row("render and check manifests", size, "CSafeDumper", lambda: _anew(specs), lambda: _dumped(trees)),
            _row("render again after one model changed", size, "all again", _one_changed(specs), lambda: _anew(specs)),
            _committed(files, size, Path(folder)),
            _whole(specs, trees, size, Path(folder)),
        ]


def _row(what: str, size: str, peer: str, ours: Callable[[], object], theirs: Callable[[], object]) -> Result:
    return Result(what=what, size=size, peer=peer, ours=cpu_seconds(ours, 3), theirs=cpu_seconds(theirs, 3), difference=0.0)


def _fleet() -> Specs:
    releases = {name: _release(name) for name in NAMES}
    specs = specs_of(*map(a_model, NAMES), releases={name: {"production": one} for name, one in releases.items()})
    proofs = {path: content for one in releases.values() for path, content in proof_files(one).items()}
    return replace(specs, files={**specs.files, **proofs})


def _release(name: str, version: str = "1.0.0") -> Release:
    return a_release(name, version=version, model=name)


def _anew(specs: Specs) -> Mapping[str, str]:
    """As a process that has rendered nothing yet."""
    models.render_model.cache_clear()
    wellformed.problems_of.cache_clear()
    wellformed._is_manifest.cache_clear()
    return render_environment(specs, "production")


def _dumped(trees: Mapping[str, object]) -> dict[str, bytes]:
    return {path: yaml.dump(tree, Dumper=yaml.CSafeDumper).encode() for path, tree in trees.items()}


def _one_changed(specs: Specs) -> Callable[[], object]:
    """The other models were rendered before."""
    versions = iter(range(1, 100))
    _anew(specs)

    def again() -> None:
        released = {NAMES[7]: {"production": _release(NAMES[7], f"1.0.{next(versions)}")}}
        render_environment(replace(specs, releases={**specs.releases, **released}), "production")

    return again


def _committed(files: Mapping[str, str], size: str, folder: Path) -> Result:
    ours, theirs = Branch(folder / "1"), Worktree(folder / "2")
    contents = {path: text.encode() for path, text in files.items()}
    return _row(
        "commit an environment's branch",
        size,
        "git add, commit",
        lambda: ours.commit(contents),
        lambda: theirs.commit(contents),
    )


def _whole(specs: Specs, trees: Mapping[str, object], size: str, folder: Path) -> Result:
    """What a pass does for a fleet of which every release is a new one."""
    ours, theirs = Branch(folder / "3"), Worktree(folder / "4")
    ours.commit({path: text.encode() for path, text in render_environment(specs, "production").items()})
    theirs.commit(_dumped(trees))
    versions = iter(range(1, 100))

    def mine() -> None:
        number = next(versions)
        releases = {name: {"production": _release(name, f"1.1.{number}")} for name in NAMES}
        made = _anew(replace(specs, releases=releases))
        before = ours.files()
        "\n".join(line for path in made for line in unified_diff(before[path].split("\n"), made[path].split("\n"), lineterm=""))
        if problems := manifest_problems({path: text for path, text in made.items() if path.startswith("manifests/")}, {}):
            raise InvalidSpecsError(problems)
        ours.commit({path: text.encode() for path, text in made.items()})

    def peers() -> None:
        contents = _dumped(trees)
        for content in contents.values():
            yaml.load(content, yaml.CSafeLoader)
        theirs.commit(contents, show=True)

    return _row("render, check, compare and commit", size, "CSafeDumper and -Loader; git add, diff, commit", mine, peers)


if __name__ == "__main__":
    sys.stdout.write(section())
