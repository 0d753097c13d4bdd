"""Used by the measurement of labels: what the labels should be, by models that have not learnt from the very rows they judge."""

from typing import TYPE_CHECKING

import numpy as np

from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.partitions import categories
from reconciler.specs.model import Task
from reconciler.statistics.segments import Codes, Floats

if TYPE_CHECKING:
    import polars as pl

BLOCKS = 4
"""Contiguous in time, so that the rows of one day, or of a bad week, do not vouch for one another."""
LEARNT = 20_000
"""Rows, evenly spaced, that the opinion of one block is learnt from: many enough for what stands out."""
_ROUNDS, _TREES = 30, 90
"""Of boosting, and trees of all classes together."""


def blocks_of(rows: int) -> Codes:
    """The block of each row, in the order of time."""
    return np.arange(rows, dtype=np.int64) * BLOCKS // max(rows, 1)


def cross_fitted(contract: Contract, rows: "pl.DataFrame", truth: np.ndarray, seed: int) -> Floats:
    """For each block of rows what a small model says that has learnt from the others, as `label_tests` wants opinions.

    Gradient-boosted trees on the candidate's features, whatever the candidate is. Classes that were not learnt have share 0.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    columns, blocks, classes = matrix(contract, rows), blocks_of(rows.height), len(contract.classes)
    known = len(contract.features.numeric)
    settings = {
        "max_iter": max(10, min(_ROUNDS, _TREES // max(classes, 1))),
        "learning_rate": 0.2,
        "max_leaf_nodes": 15,
        "early_stopping": False,
        "random_state": seed,
        "categorical_features": [place >= known for place in range(columns.shape[1])],
    }
    opinion = np.zeros((rows.height, classes) if classes else rows.height)
    for block in range(BLOCKS):
        mine, others = np.flatnonzero(blocks == block), np.flatnonzero(blocks != block)
        learnt = others[:: -(-others.size // LEARNT)]
        if contract.task is Task.REGRESSION:
            opinion[mine] = HistGradientBoostingRegressor(**settings).fit(columns[learnt], truth[learnt]).predict(columns[mine])
            continue
        fitted = HistGradientBoostingClassifier(**settings).fit(columns[learnt], truth[learnt])
        opinion[np.ix_(mine, fitted.classes_)] = fitted.predict_proba(columns[mine])
    return opinion


def matrix(contract: Contract, rows: "pl.DataFrame") -> Floats:
    """The features as numbers, (n, f), numeric first; categories by how frequent they are, rare ones missing."""
    table = features_of(rows, contract.features)
    coded = [categories(table[name]).codes for name in contract.features.categorical]
    numbers = [table[name].to_numpy() for name in contract.features.numeric]
    return np.column_stack([*numbers, *(np.where(codes < 0, np.nan, codes) for codes in coded)])


def as_opinion(contract: Contract, answers: np.ndarray) -> Floats:
    """The answers of a model, in the form of an opinion."""
    return np.column_stack([1 - answers, answers]) if contract.task is Task.BINARY else answers
