"""`perennial simulate MODEL`: retrain policies tried on history, side by side, before anybody merges one."""

import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import click

from reconciler.cli.options import output
from reconciler.cli.terminal import style
from reconciler.errors import ReconcilerError
from reconciler.report.simulate_text import simulate_json, simulate_text
from reconciler.rules.fields import parse_duration, parse_time
from reconciler.simulate.once import Once
from reconciler.simulate.stream import moments, try_policy
from reconciler.simulate.trial import Trial, Tried
from reconciler.wiring import root_of
from reconciler.wiring_runs import simulation


@click.command()
@click.argument("model")
@click.option("--between", required=True, nargs=2, metavar="FROM UNTIL", help="Train a first release at FROM; stop before UNTIL.")
@click.option("--every", default="7d", show_default=True, metavar="DURATION", help="How often the policies look.")
@click.option("--policy", "policies", multiple=True, metavar="NAME", help="A RetrainPolicy to try; may be repeated.")
@output
@click.pass_obj
def simulate(repo: str, *, model: str, between: tuple[str, str], every: str, policies: tuple[str, ...], output: str) -> None:
    """Try retrain policies on history, without writing anything to Git.

    Left out, the model's own policy is tried. Every row is answered by the model that was live when it happened.
    """
    first, last, step = _times(*between, every)
    tried = [_try(repo, model, policy, (first, last, step)) for policy in dict.fromkeys(policies) or ("",)]
    draw = simulate_json(model, tried) if output == "json" else simulate_text(model, tried, **style())
    click.echo(draw, nl=False)


def _times(start: str, end: str, every: str) -> tuple[datetime, datetime, timedelta]:
    try:
        first, last, step = parse_time(start), parse_time(end), parse_duration(every)
    except ValueError as error:
        raise ReconcilerError(f"--between {start} {end} --every {every}: {error}", help="perennial simulate --help") from error
    if first >= last:
        raise ReconcilerError(f"{start} is not before {end}: 0 moments to simulate")
    return first, last, step


def _try(repo: str, model: str, policy: str, times: tuple[datetime, datetime, timedelta]) -> Tried:
    first, last, step = times
    with tempfile.TemporaryDirectory(prefix="perennial-simulate-") as folder:
        trial = _trial(repo, model, policy, last, Path(folder))
        looked_at = list(moments(first, last, step))
        with click.progressbar(looked_at, label=f"{model} under {trial.retrain.metadata.name}", file=sys.stderr) as shown:
            return try_policy(trial, shown, step, last)


def _trial(repo: str, model: str, policy: str, until: datetime, scratch: Path) -> Trial:
    specs, context, readers = simulation(repo, model, scratch)
    name = policy or context.model.spec.retrain
    if name not in specs.retrain:
        known = ", ".join(specs.retrain)
        raise ReconcilerError(f"there is no policies/retrain/{name}.yaml; there are: {known}", help="perennial validate")
    shutil.copytree(root_of(repo) / "models" / model, scratch / "models" / model)
    data = Once(data=context.data, until=until)
    return Trial(
        model=context.model,
        dataset=context.dataset,
        retrain=specs.retrain[name],
        gates=specs.gates[context.model.spec.gates],
        context=replace(context, data=data),
        readers=replace(readers, data=data),
        seconds=perf_counter,
    )
