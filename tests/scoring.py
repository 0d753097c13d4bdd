"""A small released model in memory, and what observing it needs: quick to make, and made once."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from reconciler.domain.names import Digest
from reconciler.domain.releases import Artifact, digest_of_bytes
from reconciler.observe.answers import Answers
from reconciler.observe.scores import WindowScorer
from reconciler.pipeline.archive import pack, sha256_of
from reconciler.pipeline.artifact import Contract, ModelPackage, environment_versions
from reconciler.pipeline.build import build_pipeline
from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.canonical import dump
from reconciler.pipeline.columns import columns_of, features_of
from reconciler.specs.model import Model
from reconciler.specs.training import Estimator
from reconciler.statistics.profile import reference_profile
from reconciler.statistics.profile_json import profile_to_json
from tests.builders import a_dataset, a_model
from tests.runs import flights

LINEAR = {"holdout": "14d", "estimator": "logisticRegression"}


@dataclass(slots=True)
class DictMemory:
    """The port Memory in a dictionary; counts what was asked and kept."""

    kept: dict[Digest, bytes] = field(default_factory=dict)
    hits: int = 0

    def recall(self, key: Digest) -> bytes | None:
        self.hits += key in self.kept
        return self.kept.get(key)

    def remember(self, key: Digest, content: bytes) -> None:
        self.kept[key] = content


class Forgetful(DictMemory):
    """A memory on a full disk: it keeps nothing."""

    def remember(self, key: Digest, content: bytes) -> None:
        """Forget it at once."""


def a_scored_model(**changes: Any) -> Model:
    """The usual model as a logistic regression."""
    return a_model(**{"training": LINEAR} | changes)


def a_contract(**changes: Any) -> Contract:
    """What that model takes and answers."""
    made = Contract(
        model="flight-delay",
        dataset="flights",
        task="binary",
        estimator="logisticRegression",
        label="arr_delay",
        target={"atLeast": 15.0},
        classes=("< 15", ">= 15"),
        bounds=(15.0,),
        features={"numeric": ["distance"], "categorical": ["carrier"]},
        types={"distance": "number", "carrier": "category"},
    )
    return made.model_copy(update=changes)


@lru_cache(maxsize=4)
def a_package(seed: int = 0) -> ModelPackage:
    """A package that was fitted on 400 flights; another seed, another model."""
    rows, contract = flights(400, seed=seed), a_contract()
    fitted = build_pipeline(a_scored_model(), seed, Path("unused")).fit(
        features_of(rows, contract.features), contract.coding().encode(rows["arr_delay"])
    )
    model = dump(fitted, Estimator.LOGISTIC_REGRESSION)
    profile = reference_profile(columns_of(rows, contract.features), ("distance",), ("carrier",))
    return ModelPackage(sha256=digest_of_bytes(model), contract=contract, reference=profile, fitted={"model.skops": model})


def a_scorer(
    memory: DictMemory | None = None, *, seed: int = 0, package: ModelPackage | None = None, **changes: Any
) -> WindowScorer:
    """Scores with that package, whose answers are remembered apart; changes are fields of the scorer."""
    answers = Answers(package=package or a_package(seed), memory=DictMemory())
    made = WindowScorer(
        answers=answers, model=a_scored_model(), dataset=a_dataset(), memory=DictMemory() if memory is None else memory
    )
    return replace(made, **changes)


def without_labels(rows: pl.DataFrame, value: float | None = None) -> pl.DataFrame:
    """The same rows with their labels not known yet, or all the same."""
    return rows.with_columns(pl.lit(value, dtype=pl.Float64).alias("arr_delay"))


def zip_of(package: ModelPackage | None = None, **parts: bytes) -> bytes:
    """The package's file, with these parts in place of its own and a manifest that agrees with them; dots are written `__`."""
    package = package or a_package()
    files = {
        **package.fitted,
        "training.json": b"{}\n",
        "profile.json": profile_to_json(package.reference).encode(),
        "contract.json": package.contract.model_dump_json(by_alias=True).encode(),
        "samples.json": b"{}",
        "environment.json": json_text(environment_versions()).encode(),
    }
    files |= {name.replace("__", "."): content for name, content in parts.items()}
    manifest = json_text({"sha256": {name: sha256_of(content) for name, content in files.items()}}).encode()
    return pack({**files, "MANIFEST.json": manifest})


def an_artifact(path: Path, content: bytes | None = None) -> Artifact:
    """The package (or this content) as a file, and what Git says of it."""
    content = zip_of() if content is None else content
    path.write_bytes(content)
    return Artifact(path="runs/flight-delay/model.zip", sha256=digest_of_bytes(content), md5="0" * 32, size=len(content))
