"""`perennial log`: appends the rows of a file to one of a model's logs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.hold import require_model
from reconciler.cli.terminal import safe
from reconciler.wiring import log_address, root_of

if TYPE_CHECKING:
    from reconciler.adapters.logs.append import LabelLog, PredictionLog, ShadowLog

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def log() -> None:
    """Append predictions, shadows or labels from a CSV or Parquet file; the same file again changes nothing."""


@log.command()
@click.argument("model")
@click.argument("file", type=_FILE)
@click.pass_obj
def predictions(repo: str, /, model: str, file: Path) -> None:
    """Append predictions of MODEL: columns id, time, digest, prediction (or prediction:<class> each), and features."""
    from reconciler.adapters.logs.append import PredictionLog

    root = root_of(repo)
    require_model(root, model)
    append(PredictionLog(log_address(root)), model, file)


@log.command()
@click.argument("model")
@click.argument("file", type=_FILE)
@click.pass_obj
def labels(repo: str, /, model: str, file: Path) -> None:
    """Append labels of MODEL: columns id, label, known (when it became known). A newer one corrects an older one."""
    from reconciler.adapters.logs.append import LabelLog

    root = root_of(repo)
    require_model(root, model)
    append(LabelLog(log_address(root)), model, file)


@log.command()
@click.argument("model")
@click.argument("file", type=_FILE)
@click.pass_obj
def shadows(repo: str, /, model: str, file: Path) -> None:
    """Append what MODEL answered to copies of requests: columns as of predictions, the id is that of the request."""
    from reconciler.adapters.logs.append import ShadowLog

    root = root_of(repo)
    require_model(root, model)
    append(ShadowLog(log_address(root)), model, file)


def append(writer: "PredictionLog | ShadowLog | LabelLog", model: str, file: Path) -> None:
    """Do it and say what came of it."""
    from reconciler.adapters.logs.file import rows_of

    done = writer.append(model, rows_of(file))
    click.echo(safe(f"{file}: {done.rows:,} rows in {done.files:,} files, of which {done.present:,} were there already"))
