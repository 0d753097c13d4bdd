"""From what one reading told of a table to every file of a first model, ready to be committed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.names import model_path
from reconciler.domain.survey import TableSurvey
from reconciler.rules.fields import duration_text
from reconciler.specs.draft.columns import ColumnDraft, Role, features
from reconciler.specs.draft.dataset_text import dataset_text
from reconciler.specs.draft.model_text import model_text
from reconciler.specs.draft.policy_text import ROLLOUT_TEXT, gates_text, retrain_text
from reconciler.specs.draft.proof import Proof, proof_of
from reconciler.specs.draft.quoting import shown
from reconciler.specs.draft.target import TargetDraft, target_of
from reconciler.specs.draft.timing import Timing, timing_of
from reconciler.specs.draft.wishes import UnfitDataError, Wishes
from reconciler.specs.parameters import RunParameters

ROLLOUT_PATH = "policies/rollout/direct.yaml"
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`files` are whole texts by path. `look` are the guesses that a person should check, the most important first."""

    files: Mapping[str, str]
    parameters: RunParameters
    summary: str
    look: tuple[str, ...]


def draft(table: TableSurvey, wishes: Wishes) -> Draft:
    """Everything that is to be written for the model. Raises UnfitDataError when the table does not suffice."""
    target = target_of(table.label, wishes.task)
    timing = timing_of(table, target, wishes.label_delay)
    columns = features(table)
    used = [column for column in columns if column.role is not Role.LEFT_OUT]
    if not used:
        reasons = "; ".join(f"{shown(column.name)}: {column.why}" for column in columns) or "there is no other column"
        raise UnfitDataError(f"{table.path} has 0 columns that a model could learn from, 1 needed ({reasons})")
    proof = proof_of(table, target, timing)
    categorical = [column.name for column in used if column.role is Role.CATEGORICAL]
    name = wishes.model
    return Draft(
        files={
            f"datasets/{wishes.dataset}.yaml": dataset_text(table, wishes, target, columns, timing),
            model_path(name): model_text(table, wishes, target, columns, timing, proof),
            f"policies/gates/{name}.yaml": gates_text(name, proof, categorical),
            f"policies/retrain/{name}.yaml": retrain_text(name, timing, proof),
            ROLLOUT_PATH: ROLLOUT_TEXT,
        },
        parameters=RunParameters(dataset=wishes.dataset, as_of=timing.as_of),
        summary=(
            f"{table.rows:,} rows, {table.first:%Y-%m-%d} to {table.last:%Y-%m-%d}: {target.task} on {shown(target.name)} from "
            f"{len(used)} of {len(columns)} columns; hold-out {duration_text(timing.holdout)}, about {timing.holdout_rows:,} rows"
        ),
        look=tuple(_look(table, wishes, target, columns, timing, proof)),
    )


def _look(
    table: TableSurvey, wishes: Wishes, target: TargetDraft, columns: tuple[ColumnDraft, ...], timing: Timing, proof: Proof
) -> list[str]:
    """What the data cannot tell, or tells only a little of."""
    contract, key, value = f"datasets/{wishes.dataset}.yaml", *proof.bound
    look = []
    if wishes.label_delay is None:
        delay = duration_text(timing.label_delay)
        look.append(f"{contract}: label.delay {delay} is a guess; how long after the event is {shown(target.name)} known?")
    leaks = [shown(column.name) for column in columns if column.leak]
    if leaks:
        look.append(f"{contract}: alone enough to tell the target, so marked `known: after`: {_some(leaks)}")
    look.append(f"{contract}: is every other column really known before the event?")
    left_out = [shown(column.name) for column in columns if column.role is Role.LEFT_OUT and not column.leak]
    if left_out:
        look.append(f"{model_path(wishes.model)}: left out, each with its reason: {_some(left_out)}")
    look.append(f"policies/gates/{wishes.model}.yaml: {proof.metrics[0]} {key} {value} is only {proof.why}")
    if table.label.missing or table.without_time:
        look.append(f"{table.label.missing:,} rows without a target, {table.without_time:,} without a time: none is learnt from")
    return look


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
