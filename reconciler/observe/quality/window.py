"""Used by the checks of quality: what they look at, and what each of them answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars

from reconciler.domain.facts import NOT_ASKED
from reconciler.domain.known import Known
from reconciler.domain.live import QualityCheck, QualityFinding
from reconciler.domain.profiles import Profile
from reconciler.specs.dataset import Dataset

SURE = 1e-6
"""So improbable that chance is out of the question, also where a check looks at many buckets of many windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityInput:
    """The rows of one window that ends at `end`, as `read_rows` gives them, and what they are held against.

    Rows that could not be read are a frame without columns; then only the schema is checked. `features` are those of the
    model. `columns` are the source's now, name to polars type. `volumes` are the rows of the windows before this one.
    `classes` holds one class per row as text, null where no label is known; of a number that is predicted it is Missing, as
    is `outcomes`, the reference's classes (a profile with one categorical column), where there is none.
    """

    rows: polars.DataFrame
    dataset: Dataset
    features: tuple[str, ...]
    end: datetime
    reference: Known[Profile] = NOT_ASKED
    columns: Known[Mapping[str, str]] = NOT_ASKED
    volumes: Sequence[int] = ()
    classes: Known[polars.Series] = NOT_ASKED
    outcomes: Known[Profile] = NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one check could evaluate, and what it found."""

    evaluated: tuple[QualityCheck, ...] = ()
    findings: tuple[QualityFinding, ...] = ()


NOT_EVALUATED = Found()


def found(check: QualityCheck, findings: Iterable[tuple[str, str]]) -> Found:
    """The check was made; its findings as (column, sentence)."""
    made = tuple(QualityFinding(check=check, column=column, message=message) for column, message in findings)
    return Found(evaluated=(check,), findings=made)
