"""The model's spec as commented YAML. Pure."""

from collections.abc import Iterator

from reconciler.domain.survey import TableSurvey
from reconciler.rules.fields import duration_text
from reconciler.specs.draft.columns import ColumnDraft, Role
from reconciler.specs.draft.proof import Proof
from reconciler.specs.draft.quoting import listed, number, quoted, shown
from reconciler.specs.draft.target import TargetDraft
from reconciler.specs.draft.timing import Timing
from reconciler.specs.draft.wishes import Wishes

_WIDEST = 130


def model_text(
    table: TableSurvey, wishes: Wishes, target: TargetDraft, columns: tuple[ColumnDraft, ...], timing: Timing, proof: Proof
) -> str:
    """`models/<name>/model.yaml`, whole."""
    lines = [
        "# yaml-language-server: $schema=../../schemas/model.json",
        "#",
        f"# Predicts {shown(target.name)}. Drafted from {table.label.present:,} labelled rows of {shown(table.path)};",
        "# every line is yours to change: `perennial validate` checks it, `perennial plan` shows what it would do.",
        "apiVersion: perennial/v1",
        "kind: Model",
        "metadata:",
        f"  name: {wishes.model}",
        *([f"  owner: {quoted(wishes.owner)}"] if wishes.owner else ["  # owner: the person or team that answers for it"]),
        f"  description: {quoted(f'Predicts {target.name}.')}",
        "spec:",
        f"  dataset: {wishes.dataset}   # datasets/{wishes.dataset}.yaml",
        f"  task: {target.task}   # {target.why}",
        *_target(target),
        "",
        "  features:   # only columns that the contract marks as known before the event",
        *_features(columns),
        *_left_out(columns),
        "",
        "  training:",
        "    estimator: histGradientBoosting",
        *_parameters(proof),
        *_window(timing, proof),
        f"    holdout: {duration_text(timing.holdout)}   # the newest rows, about {timing.holdout_rows:,}: to judge by",
        "",
        "  # Thresholds live in policies/, apart from the model, so that models can share them.",
        f"  retrain: {wishes.model}   # policies/retrain/{wishes.model}.yaml",
        f"  gates: {wishes.model}   # policies/gates/{wishes.model}.yaml",
        "  rollout: direct",
        "  environments: [production]   # or [staging, production]: promoted in this order, the last one's is the champion",
        "",
        f"  metrics: {listed(proof.metrics)}   # the first is the primary one",
    ]
    return "\n".join(lines) + "\n"


def _target(target: TargetDraft) -> Iterator[str]:
    if target.positive is not None:
        yield f"  target: {{positive: {quoted(target.positive)}}}   # the class whose probability is predicted"
    elif target.at_least is not None:
        yield f"  target: {{atLeast: {number(target.at_least)}}}   # from this number on it counts as positive"


def _features(columns: tuple[ColumnDraft, ...]) -> Iterator[str]:
    for role in (Role.NUMERIC, Role.CATEGORICAL):
        names = [column.name for column in columns if column.role is role]
        flow = f"    {role}: {listed(names)}"
        if len(flow) <= _WIDEST:
            yield flow
            continue
        yield f"    {role}:"
        yield from (f"      - {quoted(name)}" for name in names)


def _left_out(columns: tuple[ColumnDraft, ...]) -> Iterator[str]:
    """Each omission with its reason."""
    left_out = [column for column in columns if column.role is Role.LEFT_OUT]
    if left_out:
        yield "    # Left out, with the reason. To use one all the same, name it above (and in the contract as `known: before`)."
    yield from (f"    #   {shown(column.name)}: {column.why}." for column in left_out)


def _parameters(proof: Proof) -> Iterator[str]:
    """Keyword arguments of the estimator, where the usual ones would not do."""
    if proof.parameters:
        written = ", ".join(f"{key}: {_value(value)}" for key, value in proof.parameters.items())
        yield f"    parameters: {{{written}}}   # a class is too rare to set some of its rows apart, or to be sure of"
    else:
        yield "    # parameters: {max_iter: 200}   # keyword arguments of scikit-learn's HistGradientBoosting"


def _value(value: bool | float) -> str:  # noqa: FBT001 - a value of YAML, not a switch
    return str(value).lower() if isinstance(value, bool) else number(value)


def _window(timing: Timing, proof: Proof) -> Iterator[str]:
    """How far back to learn."""
    if proof.moving:
        yield "    # The target moves with time: recent rows alone predict the newest ones better than all rows do."
        yield f"    window: {duration_text(timing.holdout)}   # learn only from this much history; without it, from all"
    else:
        yield "    # window: 90d   # learn only from this much history; without it, from all"
