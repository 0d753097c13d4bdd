"""`perennial validate`: are the specs of the working tree valid? Says what was read, or every problem at once."""

import json
from pathlib import Path

import click

from reconciler.adapters.worktree import read_tree
from reconciler.specs.load import load_specs
from reconciler.specs.specs import Specs


@click.command()
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def validate(repo: str, output: str) -> None:
    """Check every model, dataset and policy, and how they fit together. Exits with 3 when there are problems."""
    counts = counted(load_specs(read_tree(Path(repo))))
    if output == "json":
        click.echo(json.dumps({"ok": True, **counts}, indent=2))
        return
    words = (f"{count} {plural(word, count)}" for word, count in counts.items())
    click.echo(f"ok: {', '.join(words)}")


def counted(specs: Specs) -> dict[str, int]:
    """How many there are of what people write."""
    policies = len(specs.retrain) + len(specs.gates) + len(specs.rollouts)
    return {"models": len(specs.models), "datasets": len(specs.datasets), "policies": policies}


def plural(word: str, count: int) -> str:
    """`models` for any number but one, `model` for one."""
    singular = "policy" if word == "policies" else word.removesuffix("s")
    return singular if count == 1 else word
