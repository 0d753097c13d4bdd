"""Used by train: a folder for what an unfinished training wants to find again, outside of the checkout that a kill throws away.

It is named by everything that the training is made from, so what is found there belongs to this very training.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.domain.names import short
from reconciler.domain.releases import DataRange, digest_of
from reconciler.pipeline.context import StageContext

MOST_KEPT = 3
"""Folders of one model's unfinished trainings; the oldest go."""


@contextlib.contextmanager
def unfinished(context: StageContext, data: DataRange) -> Iterator[Path]:
    """The training's folder. It is removed when the training succeeds, and stays when it does not.

    When another process trains the very same, or there is nowhere to keep it, the folder is one for this time only.
    """
    with contextlib.ExitStack() as stack:
        if context.unfinished is None or (folder := _held(context.unfinished / _key(context, data), stack)) is None:
            yield Path(stack.enter_context(TemporaryDirectory(prefix="perennial-train-")))
            return
        _forget_older(folder)
        yield folder
        shutil.rmtree(folder, ignore_errors=True)


def _key(context: StageContext, data: DataRange) -> str:
    """The model's name and the first digits of a digest over all that makes the training."""
    made_from = asdict(context.made_from)
    whole = digest_of({"model": context.model.name, "data": data.digest, "seed": context.parameters.seed, **made_from})
    return f"{context.model.name}-{short(whole)}"


def _held(folder: Path, stack: contextlib.ExitStack) -> Path | None:
    """The folder, which nobody else uses until the stack is left; None when somebody does."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    stack.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    os.utime(folder)
    return folder


def _forget_older(folder: Path) -> None:
    model = folder.name.rpartition("-")[0]
    others = [one for one in folder.parent.glob(f"{model}-*") if one.name.rpartition("-")[0] == model and one != folder]
    for one in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[MOST_KEPT - 1 :]:
        shutil.rmtree(one, ignore_errors=True)
