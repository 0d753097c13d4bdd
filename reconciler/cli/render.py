"""`perennial render`: the manifests that the working tree's release files lead to, shown or written to a folder."""

from pathlib import Path

import click

from reconciler.adapters.folder import write_folder
from reconciler.adapters.worktree import read_tree, top_of_tree
from reconciler.cli.options import output
from reconciler.cli.terminal import json_text, safe
from reconciler.domain.proofs import objection
from reconciler.errors import InvalidSpecsError, Problem, ReconcilerError, UnprovenError
from reconciler.observe.proofs import proofs_of
from reconciler.render.crds import manifest_problems
from reconciler.render.definitions import ASK
from reconciler.render.manifests import render_environment
from reconciler.specs.load import load_specs
from reconciler.specs.specs import Specs
from reconciler.wiring import verifier

DEFINITIONS = ("yaml", "yml", "json")


@click.command()
@click.option("--environment", "environments", multiple=True, metavar="NAME", help="Only this environment; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write to this folder: one folder per environment.")
@click.option(
    "--crds",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Check custom kinds by the CustomResourceDefinitions (*.yaml, *.json) in this folder.",
)
@output
@click.pass_obj
def render(repo: str, environments: tuple[str, ...], out: Path | None, crds: Path | None, output: str) -> None:
    """Render what the branches env/<environment> would hold. Nothing is committed."""
    specs = load_specs(read_tree(top_of_tree(Path(repo))))
    chosen = _chosen(specs, environments)
    _check_proofs(specs, chosen)
    rendered = {name: render_environment(specs, name) for name in chosen}
    if crds is not None:
        _check_definitions(rendered, crds)
    if out is not None:
        _write(out, rendered, output)
    elif output == "json":
        click.echo(json_text({"environments": rendered}), nl=False)
    else:
        shown = (f"==> {name}/{path}\n{text}" for name, files in rendered.items() for path, text in files.items())
        click.echo(safe("\n".join(shown)))


def _chosen(specs: Specs, wanted: tuple[str, ...]) -> list[str]:
    """Environments by name, sorted. Raises ReconcilerError for one that no model names."""
    known = sorted({name for model in specs.models.values() for name in model.spec.environments})
    if unknown := sorted(set(wanted) - set(known)):
        message = f"no model names the environment {', '.join(unknown)}; there are {', '.join(known) or 'none'}"
        raise ReconcilerError(message, help="perennial render")
    return sorted(set(wanted)) or known


def _check_proofs(specs: Specs, environments: list[str]) -> None:
    """Raises UnprovenError, before anything is written, for releases that may not be acted on."""
    doubts = [
        f"{model} in {environment}: {why}"
        for model, proofs in proofs_of(specs, verifier()).items()
        for environment, proof in proofs.items()
        if environment in environments and (why := objection(proof))
    ]
    if doubts:
        raise UnprovenError("; ".join(doubts), help="perennial audit MODEL")


def _check_definitions(rendered: dict[str, dict[str, str]], folder: Path) -> None:
    """Raises InvalidSpecsError for manifests that a cluster with these definitions would not take as they are."""
    files = {f"{name}/{path}": text for name, files in rendered.items() for path, text in files.items()}
    if problems := manifest_problems(files, _definitions(folder)):
        raise InvalidSpecsError(problems, "what is rendered", help=f"edit templates/, then perennial render --crds {folder}")
    click.echo(safe(f"custom kinds agree with the definitions in {folder}"), err=True)


def _definitions(folder: Path) -> dict[str, str]:
    """Texts by path. Raises ReconcilerError where there are none, InvalidSpecsError for what is no text."""
    paths = sorted(path for ending in DEFINITIONS for path in folder.glob(f"*.{ending}") if path.is_file())
    if not paths:
        raise ReconcilerError(f"{folder} holds no *.yaml", help=f"{ASK} > {folder}/all.yaml")
    texts: dict[str, str] = {}
    for path in paths:
        try:
            texts[str(path)] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            problem = Problem(file=str(path), line=1, column=1, field="", message=f"is not UTF-8: {error.reason}")
            raise InvalidSpecsError([problem], "the definitions", help=ASK) from error
    return texts


def _write(out: Path, rendered: dict[str, dict[str, str]], output: str) -> None:
    files = {f"{name}/{path}": text for name, texts in rendered.items() for path, text in texts.items()}
    done = write_folder(out, files)
    if output == "json":
        click.echo(json_text({"removed": done.removed, "written": done.written}), nl=False)
        return
    for mark, paths in (("+", done.written), ("-", done.removed)):
        for path in paths:
            click.echo(f"{mark} {out / path}")
    click.echo(f"{len(files)} files in {out}: {len(done.written)} written, {len(done.removed)} removed.")
