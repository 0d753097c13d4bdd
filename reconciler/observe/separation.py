"""How well a small model tells the rows of a window from those the champion learnt from, measured once per model and rows.

It looks at rows, which profiles cannot replace: a change of how features hang together leaves each of them as it was.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO

import numpy as np
import polars

from reconciler.domain.known import Known, Missing
from reconciler.domain.live import Separation
from reconciler.domain.names import Digest
from reconciler.domain.needs import DomainNeed
from reconciler.domain.releases import DataRange, digest_of, digest_of_bytes
from reconciler.errors import ReconcilerError
from reconciler.observe.frames import Frames
from reconciler.observe.subject import bounds
from reconciler.pipeline.artifact import ModelPackage
from reconciler.pipeline.columns import columns_of, features_of
from reconciler.pipeline.rows import labelled, read_rows
from reconciler.ports import Memory

VERSION = 1
"""Counts up when the classifier changes, so that older numbers are forgotten."""
SEED = 0
SAMPLE = 5000
"""Rows of either side that the small model sees at most."""
FEWEST = 10
"""Rows of either side without which nothing can be cross-validated; how few are too few to judge by, the rules say."""
LEFT = 0.5
"""The share of the training rows that the source must still have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """Of one released model. What was measured before is recalled, so the training rows are not even read for it."""

    package: ModelPackage
    frames: Frames
    memory: Memory
    learnt: dict[str, Known[tuple[int, Mapping[str, np.ndarray]]]] = field(default_factory=dict)

    def measure(self, need: DomainNeed) -> Known[Separation]:
        """The window's rows against the training rows; Missing when either side cannot be read, or is too small."""
        rows = self.frames.between(*bounds(need.window, self.frames.subject.now))
        if isinstance(rows, Missing):
            return rows
        if rows.height < FEWEST:
            return Missing(code="insufficientData", why=f"{rows.height} rows in window {need.window.index}, {FEWEST} at least")
        try:
            return self._measure(rows)
        except ReconcilerError as error:
            return Missing(code="notToldApart", why=error.message)

    def _measure(self, rows: polars.DataFrame) -> Known[Separation]:
        key = self._key(rows)
        if (known := read_separation(self.memory.recall(key))) is not None:
            return known
        reference = self._reference()
        if isinstance(reference, Missing):
            return reference
        found = self._told_apart(reference, rows)
        if isinstance(found, Separation):
            self.memory.remember(key, write_separation(found))
        return found

    def _told_apart(self, reference: tuple[int, Mapping[str, np.ndarray]], rows: polars.DataFrame) -> Known[Separation]:
        # scikit-learn takes a second to import: only what is not recalled pays for it.
        from reconciler.statistics.drift.domain_classifier import Sampling, domain_classifier

        count, before = reference
        sampling = Sampling(seed=SEED, rows=SAMPLE, minimum=FEWEST)
        drift = domain_classifier(before, columns_of(rows, self.package.contract.features), sampling)
        if isinstance(drift, Missing):
            return drift
        return Separation(auc=drift.value, p_value=drift.p_value, reference_rows=count, rows=rows.height)

    def _reference(self) -> Known[tuple[int, Mapping[str, np.ndarray]]]:
        """How many training rows there are, and the features of a sample of them; read once for all windows."""
        if "rows" not in self.learnt:
            self.learnt["rows"] = self._read_reference()
        return self.learnt["rows"]

    def _read_reference(self) -> Known[tuple[int, Mapping[str, np.ndarray]]]:
        subject, contract, data = self.frames.subject, self.package.contract, self._data
        columns = tuple(dict.fromkeys((*contract.features.names, contract.label)))
        found = read_rows(subject.dataset, self.frames.data, columns, data.train_from, data.train_until)
        rows = labelled(found, contract.label)
        if rows.height < LEFT * data.train_rows:
            why = f"the source has {rows.height:,} of the {data.train_rows:,} rows that the release learnt from, half are needed"
            return Missing(code="trainingRowsGone", why=why)
        return rows.height, columns_of(spread(rows), contract.features)

    @property
    def _data(self) -> DataRange:
        champion = self.frames.subject.champion
        if champion is None:
            raise ReconcilerError("nothing is released, so no rows were learnt from")
        return champion.build.data

    def _key(self, rows: polars.DataFrame) -> Digest:
        """The artifact stands for the training rows: they are what it was made from."""
        content = BytesIO()
        features_of(rows, self.package.contract.features).rechunk().write_ipc(content)
        return digest_of(
            {
                "version": VERSION,
                "artifact": self.package.sha256,
                "source": self.frames.subject.dataset.spec.source.model_dump(mode="json"),
                "from": self._data.digest,
                "seed": SEED,
                "sample": SAMPLE,
                "rows": digest_of_bytes(content.getvalue()),
            }
        )


def spread(rows: polars.DataFrame) -> polars.DataFrame:
    """At most `SAMPLE` of the rows, as far from each other as they can be, so that every season is among them."""
    if rows.height <= SAMPLE:
        return rows
    step = rows.height / SAMPLE
    first = float(np.random.default_rng(SEED).uniform(0, step))
    return rows[[int(first + step * place) for place in range(SAMPLE)]]


def write_separation(found: Separation) -> bytes:
    """As JSON."""
    return json.dumps(asdict(found), sort_keys=True).encode()


def read_separation(content: bytes | None) -> Separation | None:
    """What `write_separation` wrote; None for anything else, so that a damaged memory is measured again."""
    try:
        value = json.loads(content or b"")
        auc, p_value = float(value["auc"]), float(value["p_value"])
        found = Separation(auc=auc, p_value=p_value, reference_rows=int(value["reference_rows"]), rows=int(value["rows"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    sound = math.isfinite(auc + p_value) and 0 <= auc <= 1 and 0 <= p_value <= 1 and min(found.reference_rows, found.rows) >= 0
    return found if sound else None
