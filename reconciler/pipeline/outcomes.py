"""Used by train and observe: what a model answered and what then happened, as a profile; and how it leans on each feature."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.known import Known, Missing
from reconciler.domain.names import OUTCOMES
from reconciler.domain.profiles import Profile
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract, predictions
from reconciler.pipeline.growth import growth_of, losses_of
from reconciler.specs.model import Task

if TYPE_CHECKING:
    import polars as pl

LABEL, PREDICTION = "label", "prediction"
SAMPLE = 4_000
"""Rows of the hold-out that are shuffled to see what a feature is worth."""
BEFORE = Missing(code="notAvailable", why="the model was trained before outcomes were kept: train again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """`profile` has the features `prediction` (of several classes `prediction:<class>` each) and `label`, of the hold-out."""

    profile: Known[Profile] = BEFORE
    importance: Mapping[str, float] = field(default_factory=dict)


def outcomes_of(estimator: Any, contract: Contract, holdout: "pl.DataFrame", seed: int) -> Outcomes:
    """The outcomes on the hold-out, which the model was not trained on. Raises ReconcilerError as `predictions` does."""
    from threadpoolctl import threadpool_limits

    from reconciler.statistics.profile import reference_profile

    truth = contract.coding().encode(holdout[contract.label])
    with threadpool_limits(limits=1, user_api="blas"):  # sums of one order give the same bytes on every machine
        answers = predictions(estimator, contract, holdout)
        importance = importance_of(estimator, contract, holdout, seed)
    columns = {**prediction_columns(contract, answers), LABEL: label_column(contract, truth)}
    categorical = [LABEL] if contract.classes else []
    profile = reference_profile(columns, [name for name in columns if name not in categorical], categorical)
    return Outcomes(profile=profile, importance=importance)


def prediction_columns(contract: Contract, prediction: np.ndarray) -> dict[str, np.ndarray]:
    """Each column of the answers by its name in the profile, (n,)."""
    if contract.task is not Task.MULTICLASS:
        return {PREDICTION: prediction}
    return {f"{PREDICTION}:{name}": prediction[:, code] for code, name in enumerate(contract.classes)}


def label_column(contract: Contract, truth: np.ndarray) -> np.ndarray:
    """The label as the profile has it: the names of classes, or numbers; (n,)."""
    return np.asarray(contract.classes, dtype=object)[truth] if contract.classes else truth


def profile_of_predictions(outcomes: Profile, contract: Contract, prediction: np.ndarray) -> Profile:
    """Other predictions on the reference's bins."""
    return _on(outcomes, prediction_columns(contract, prediction))


def profile_of_labels(outcomes: Profile, contract: Contract, truth: np.ndarray) -> Profile:
    """Other labels, coded, on the reference's bins."""
    return _on(outcomes, {LABEL: label_column(contract, truth)})


def _on(outcomes: Profile, columns: Mapping[str, np.ndarray]) -> Profile:
    from reconciler.statistics.profile import profile_on

    features = {name: feature for name, feature in outcomes.features.items() if name in columns}
    return profile_on(Profile(rows=outcomes.rows, features=features), columns)


def importance_of(estimator: Any, contract: Contract, holdout: "pl.DataFrame", seed: int) -> dict[str, float]:
    """Each feature's share of how much the mean loss grows when the feature alone is shuffled; empty when nothing matters.

    Source: Breiman 2001 (permutation importance), on at most 4,000 rows.
    """
    from reconciler.statistics.importance import shares

    rows = holdout[np.sort(np.random.default_rng(seed).permutation(holdout.height)[:SAMPLE]).tolist()]
    truth = contract.coding().encode(rows[contract.label])
    losses = losses_of(lambda frame: predictions(estimator, contract, frame), contract, truth)
    names = contract.features.names
    parts = shares(growth_of(losses, rows, names, seed=seed).mean(axis=1)[:, None])[:, 0]
    return dict(zip(names, parts.tolist(), strict=True)) if parts.any() else {}


def outcomes_text(outcomes: Outcomes) -> str:
    """As JSON. Raises ValueError for a number that is not finite."""
    from reconciler.statistics.profile_json import profile_to_json

    profile = None if isinstance(outcomes.profile, Missing) else json.loads(profile_to_json(outcomes.profile))
    value = {"importance": outcomes.importance, "profile": profile}
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"


def read_outcomes(content: bytes | None, where: str) -> Outcomes:
    """What `outcomes_text` wrote; nothing at all is a model from before. Raises ReconcilerError for anything else."""
    from reconciler.statistics.profile_json import profile_from_json

    if content is None:
        return Outcomes()
    try:
        value = json.loads(content)
        importance = {str(name): float(share) for name, share in value["importance"].items()}
        if not all(0 <= share <= 1 for share in importance.values()):
            raise ValueError("a share of importance is not between 0 and 1")
        profile = BEFORE if value["profile"] is None else profile_from_json(json.dumps(value["profile"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReconcilerError(f"{where}: {OUTCOMES} cannot be understood: {error}") from error
    return Outcomes(profile=profile, importance=importance)
