"""Checks of a model's `training`: the estimator fits the task, its words are known, and its programs are there."""

from collections.abc import Iterator, Sequence

from reconciler.domain.metrics import metrics_of
from reconciler.errors import Problem
from reconciler.rules.fields import duration_text
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model, Task
from reconciler.specs.syntax import Path
from reconciler.specs.training import Command, Estimator
from reconciler.specs.vocabulary import SET_BY_US, parameters_of

TRAINING: Path = ("spec", "training")
IN_ROUNDS = (Estimator.HIST_GRADIENT_BOOSTING, Estimator.RANDOM_FOREST)
FURTHER = (Estimator.SGD, Estimator.CUSTOM)
_WHAT = {"command": "trains", "predict": "answers for rows"}
_EXAMPLES = {
    "command": "command: [python, models/{}/train.py]",
    "predict": "predict: {{command: [python, models/{}/predict.py]}}",
}


def check_training(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """Everything about how one model is trained."""
    yield from _estimator(document, loaded)
    yield from _parameters(document)
    yield from _checkpoint(document)
    yield from _incremental(document)
    yield from _search(document)
    yield from _programs(document, loaded)


def _estimator(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """The estimator fits the task, and its code is there; the hold-out leaves something to train on."""
    training, task = document.spec.spec.training, document.spec.spec.task
    path: Path = (*TRAINING, "estimator")
    if training.estimator is Estimator.RIDGE and task is not Task.REGRESSION:
        yield document.problem(path, f"ridge predicts numbers, and the task is {task}", "use logisticRegression")
    if training.estimator is Estimator.LOGISTIC_REGRESSION and task is Task.REGRESSION:
        yield document.problem(path, "logisticRegression predicts classes, and the task is regression", "use ridge")
    code = f"models/{document.place.name}/pipeline.py"
    if training.estimator is Estimator.CUSTOM and code not in loaded.files:
        yield document.problem(path, f"custom calls build(spec) of {code}, which does not exist", f"add {code}")
    if training.window is not None and training.holdout > training.window:
        holdout, window = duration_text(training.holdout), duration_text(training.window)
        message = f"the hold-out of {holdout} is longer than the training window of {window}"
        yield document.problem((*TRAINING, "holdout"), message, "train on more than is kept for judging")


def _parameters(document: Document[Model]) -> Iterator[Problem]:
    """Parameters are those of scikit-learn's estimator; what a custom pipeline or a program takes is its own business."""
    training = document.spec.spec.training
    known = parameters_of(training.estimator, document.spec.spec.task)
    for name in training.parameters if known else ():
        yield from _parameter(document, (*TRAINING, "parameters", name), name, known)


def _parameter(document: Document[Model], path: Path, name: str, known: Sequence[str]) -> Iterator[Problem]:
    """One name, of a parameter that people may set."""
    if name in SET_BY_US:
        hint = "the seed is in params.yaml" if name == "random_state" else "list them in spec.features.categorical"
        yield document.problem_with_key(path, f"{name} is set by Perennial", hint)
    elif name not in known:
        hint = did_you_mean(name, known) or f"it has {', '.join(known)}"
        message = f"{document.spec.spec.training.estimator} has no parameter {shown(name)}"
        yield document.problem_with_key(path, message, hint)


def _checkpoint(document: Document[Model]) -> Iterator[Problem]:
    """Only what is trained in rounds can go on with the last one."""
    training = document.spec.spec.training
    if training.checkpoint is not None and training.estimator not in IN_ROUNDS:
        message = f"{training.estimator} is not trained in rounds, so there is nothing to keep"
        own = "a program keeps what it likes in $PERENNIAL_CHECKPOINTS"
        hint = own if training.estimator is Estimator.COMMAND else f"only {' and '.join(IN_ROUNDS)} can"
        yield document.problem_with_key((*TRAINING, "checkpoint"), message, hint)


def _incremental(document: Document[Model]) -> Iterator[Problem]:
    """Only some estimators can learn from new rows alone."""
    training = document.spec.spec.training
    if training.incremental is not None and training.estimator not in FURTHER:
        message = f"{training.estimator} cannot be trained further, only anew"
        hint = "sgd can, and custom with a last step that has partial_fit"
        yield document.problem_with_key((*TRAINING, "incremental"), message, hint)


def _search(document: Document[Model]) -> Iterator[Problem]:
    """What is searched is a parameter that is not set, and what it is judged by a metric of the task."""
    training, task = document.spec.spec.training, document.spec.spec.task
    if training.search is None:
        return
    path: Path = (*TRAINING, "search")
    if training.estimator is Estimator.COMMAND:
        yield document.problem_with_key(path, "a program is trained once: it searches by itself", "remove search")
        return
    if training.search.metric is not None and training.search.metric not in metrics_of(task):
        known = metrics_of(task)
        hint = did_you_mean(training.search.metric, known) or f"it has {', '.join(known)}"
        message = f"{training.search.metric} is no metric of a {task} task"
        yield document.problem((*path, "metric"), message, hint)
    names = parameters_of(training.estimator, task)
    for name in training.search.space:
        if names:
            yield from _parameter(document, (*path, "space", name), name, names)
        if name in training.parameters:
            message = f"{name} is set to {shown(training.parameters[name])} in parameters, and searched as well"
            yield document.problem_with_key((*path, "space", name), message, "remove one of the two")


def _programs(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """A model of the estimator `command`, and no other, has two programs, whose files are its own."""
    training = document.spec.spec.training
    given = {"command": training.command, "predict": training.predict}
    if training.estimator is not Estimator.COMMAND:
        for key in (key for key, value in given.items() if value is not None):
            message = f"{key} means nothing to the estimator {training.estimator}"
            yield document.problem_with_key((*TRAINING, key), message, "use estimator: command, or remove it")
        return
    for key in (key for key, value in given.items() if value is None):
        message = f"the estimator command needs {key}, the program that {_WHAT[key]}"
        yield document.problem((*TRAINING, "estimator"), message, _EXAMPLES[key].format(document.place.name))
    yield from _command(document, loaded, (*TRAINING, "command"), training.command or ())
    if training.predict is not None:
        yield from _command(document, loaded, (*TRAINING, "predict", "command"), training.predict.command)


def _command(document: Document[Model], loaded: Loaded, path: Path, command: Command) -> Iterator[Problem]:
    """Every argument that looks like a file of the repository is one of the model's folder."""
    folder = f"models/{document.place.name}/"
    own = [name for name in loaded.files if name.startswith(folder)]
    for index, word in enumerate(command):
        if word.startswith("models/") and not word.startswith(folder):
            message = f"{word} is not in {folder}, and a program is given the files of that folder only"
            yield document.problem((*path, index), message, f"move it to {folder}")
        elif word.startswith(folder) and word not in own:
            yield document.problem((*path, index), f"there is no {word}", did_you_mean(word, own) or f"add {word}")
