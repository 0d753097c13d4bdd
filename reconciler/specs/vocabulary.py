"""The words of the libraries that a spec may name: estimators' parameters, expectations and their arguments.

They are kept in `vocabulary.json`, because importing the libraries to check a spelling would take seconds; a test holds the
file to what is installed (`pytest tests/integration/test_vocabulary.py --accept` writes it again).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

SET_BY_US = frozenset({"random_state", "categorical_features"})
"""Parameters that Perennial sets itself: the seed is in params.yaml, and the spec says which features are categories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationWords:
    """The arguments that an expectation takes, and those that it cannot do without."""

    arguments: tuple[str, ...]
    required: tuple[str, ...]


def parameters_of(estimator: str, task: str) -> tuple[str, ...]:
    """The parameters that people may set; empty for an estimator that is not scikit-learn's, or does not fit the task."""
    kind = "regression" if task == "regression" else "classification"
    return tuple(_words()["estimators"].get(estimator, {}).get(kind, ()))


@lru_cache(maxsize=1)
def expectations() -> Mapping[str, ExpectationWords]:
    """Every expectation of Great Expectations by its name."""
    return {
        name: ExpectationWords(arguments=tuple(words["arguments"]), required=tuple(words["required"]))
        for name, words in _words()["expectations"].items()
    }


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = json.loads(files("reconciler.specs").joinpath("vocabulary.json").read_text(encoding="utf-8"))
    return words
