"""Checks of the schema: columns that went missing, came, were renamed, or hold another type than the contract says."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from reconciler.domain.data import FileFormat
from reconciler.domain.known import Missing
from reconciler.domain.live import QualityCheck
from reconciler.domain.profiles import NumericProfile, Profile
from reconciler.errors import ReconcilerError
from reconciler.observe.quality.window import NOT_EVALUATED, Found, QualityInput, found
from reconciler.pipeline.profile_rows import profile_frame
from reconciler.specs.dataset import Column, ColumnType, FileSourceSpec
from reconciler.specs.model import Features
from reconciler.statistics.drift.measure import MINIMUM_ROWS
from reconciler.statistics.drift.psi import psi

NEAR = 0.75
"""Names at least so similar (difflib's ratio, without case and signs) may be one column's."""
ALIKE = 0.1
"""PSI below which the values of a new column may be those of the missing one."""
_NUMBERS = ("Int", "UInt", "Float", "Decimal", "Null")
_FITS: Mapping[ColumnType, tuple[str, ...]] = {
    ColumnType.NUMBER: _NUMBERS,
    ColumnType.INTEGER: _NUMBERS,
    ColumnType.BOOLEAN: ("Boolean", *_NUMBERS),
    ColumnType.CATEGORY: ("String", "Categorical", "Enum", "Boolean", *_NUMBERS),
    ColumnType.TEXT: ("String", "Categorical", "Enum", "Boolean", *_NUMBERS),
    ColumnType.TIME: ("Datetime", "Date", "String", *_NUMBERS),
}
"""How a source may store what a column holds; gaps often make floats of whole numbers and of truth values."""


def columns_now(window: QualityInput) -> Found:
    """Columns of the contract that the source lacks, columns that only the source has, and pairs that look like a renaming.

    A renamed column is told as missing as well, since for the model it is; it is not told as new.
    """
    if isinstance(window.columns, Missing):
        return NOT_EVALUATED
    now, contract = window.columns, {column.name: column for column in window.dataset.spec.columns}
    missing, new = [name for name in contract if name not in now], [name for name in now if name not in contract]
    renamed = dict(_renamed(window, [contract[name] for name in missing], {name: now[name] for name in new}))
    counts = f"the contract has {len(contract)} columns, the source {len(now)}"
    parts = (
        found(QualityCheck.MISSING_COLUMN, [(name, f"the source has no column {name}: {counts}") for name in missing]),
        found(
            QualityCheck.NEW_COLUMN,
            [(name, f"the contract does not know the column {name}: {counts}") for name in new if name not in renamed.values()],
        ),
        found(
            QualityCheck.RENAMED_COLUMN,
            [(old, f"{old} is missing and {name} is new and like it: {counts}") for old, name in renamed.items()],
        ),
    )
    return Found(
        evaluated=tuple(check for part in parts for check in part.evaluated),
        findings=tuple(finding for part in parts for finding in part.findings),
    )


def types_now(window: QualityInput) -> Found:
    """Columns whose type does not fit the contract, in the source or in the rows as they were read.

    A CSV file has no types of its own, so of its columns only what the rows could be read as counts.
    """
    if isinstance(window.columns, Missing):
        return NOT_EVALUATED
    source, seen = window.dataset.spec.source, {name: str(dtype) for name, dtype in window.rows.schema.items()}
    is_csv = isinstance(source, FileSourceSpec) and source.format is FileFormat.CSV
    stored = {} if is_csv else window.columns
    wrong = []
    for column in window.dataset.spec.columns:
        types = [words[column.name] for words in (seen, stored) if column.name in words]
        odd = next((word for word in types if not word.startswith(_FITS[column.type])), None)
        if odd is not None:
            wrong.append((column.name, f"{column.name} holds {odd}, the contract says {column.type}"))
    return found(QualityCheck.RETYPED_COLUMN, wrong)


def _renamed(window: QualityInput, missing: list[Column], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each missing column with the new one that is most like it, each new one at most once."""
    left = dict(new)
    for column in missing:
        fitting = [name for name, dtype in left.items() if dtype.startswith(_FITS[column.type])]
        near = {name: _similarity(column.name, name) for name in fitting}
        alike = [name for name in fitting if near[name] >= NEAR or _values_alike(window, column.name, name)]
        if alike:
            best = max(alike, key=lambda name: (near[name], name))
            del left[best]
            yield column.name, best


def _similarity(one: str, other: str) -> float:
    first, second = ("".join(sign for sign in name.casefold() if sign.isalnum()) for name in (one, other))
    return SequenceMatcher(None, first, second).ratio()


def _values_alike(window: QualityInput, old: str, new: str) -> bool:
    """The new column was read, and its values are distributed as the reference of the old one says."""
    if isinstance(window.reference, Missing) or new not in window.rows.columns or window.rows.height < MINIMUM_ROWS:
        return False
    feature = window.reference.features.get(old)
    if feature is None or feature.rows < MINIMUM_ROWS:
        return False
    is_number = isinstance(feature, NumericProfile)
    features = Features(numeric=(old,) if is_number else (), categorical=() if is_number else (old,))
    try:
        rows = window.rows.select(window.rows[new].alias(old))
        seen = profile_frame(Profile(rows=feature.rows, features={old: feature}), rows, features).features[old]
    except ReconcilerError:
        return False
    return psi(feature, seen).value < ALIKE
