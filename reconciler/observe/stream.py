"""The live stream against its contract, and the features that serving logged against those of the source."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars

from reconciler.domain.known import Known, Missing
from reconciler.domain.live import FeatureSkew, LiveQuality, Skew
from reconciler.domain.needs import Lookback, QualityNeed, SkewNeed
from reconciler.domain.profiles import Profile
from reconciler.errors import ReconcilerError
from reconciler.observe.frames import of_release
from reconciler.observe.quality import QualityInput, live_quality
from reconciler.observe.subject import Subject, bounds
from reconciler.pipeline.artifact import ModelPackage
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.outcomes import LABEL, Outcomes
from reconciler.pipeline.rows import read_rows
from reconciler.ports import Readers
from reconciler.specs.model import Features

ID = "perennial:id"
BEFORE = 4
"""Windows whose row counts the newest is compared with."""
TOLERANCE = 1e-9
"""Numbers that differ by a smaller share are the same: they went through another format."""


def stream_quality(
    package: ModelPackage, outcomes: Outcomes, subject: Subject, readers: Readers, need: QualityNeed
) -> Known[LiveQuality]:
    """The window's rows, with every column of the contract that the source still has, held against the contract.

    Where rows cannot be read at all, as without the event time, what the source's columns tell is told.
    """
    columns = _columns_now(subject, readers)
    present = _present(subject, columns)
    start, end = bounds(need.window, subject.now)
    try:
        rows = read_rows(subject.dataset, readers.data, present, start, end)
    except ReconcilerError as error:
        if isinstance(columns, Missing):
            return Missing(code="rowsUnreadable", why=error.message)
        rows = polars.DataFrame()
    return live_quality(
        QualityInput(
            rows=rows,
            dataset=subject.dataset,
            features=package.contract.features.names,
            end=end,
            reference=package.reference,
            columns=columns,
            volumes=_volumes(subject, readers, need.window),
            classes=_classes(package, rows),
            outcomes=_label_only(outcomes.profile),
        )
    )


def _columns_now(subject: Subject, readers: Readers) -> Known[Mapping[str, str]]:
    if readers.schemas is None:
        return Missing(code="notConfigured", why="the source's columns cannot be asked for here")
    try:
        return readers.schemas.columns(subject.dataset.spec.source.source())
    except ReconcilerError as error:
        return Missing(code="columnsUnknown", why=error.message)


def _present(subject: Subject, columns: Known[Mapping[str, str]]) -> tuple[str, ...]:
    """What the contract declares and the source has; where something is gone also what is new, for it may be the same."""
    body = subject.dataset.spec
    declared = [column.name for column in body.columns if column.name != body.event_time]
    if isinstance(columns, Missing) or columns.keys() >= set(declared):
        return tuple(declared)
    new = [name for name in columns if name not in declared and name != body.event_time]
    return tuple(name for name in (*declared, *new) if name in columns)


def _volumes(subject: Subject, readers: Readers, window: Lookback) -> Sequence[int]:
    """Rows of the windows before, newest first; as many as can be read."""
    found = []
    for index in range(window.index + 1, window.index + 1 + BEFORE):
        earlier = Lookback(length=window.length, index=index)
        try:
            found.append(read_rows(subject.dataset, readers.data, (), *bounds(earlier, subject.now)).height)
        except ReconcilerError:  # too few windows are no answer: the check is not made
            break
    return found


def _classes(package: ModelPackage, rows: polars.DataFrame) -> Known[polars.Series]:
    """The class of each row as text, null where its label is not known."""
    contract = package.contract
    if not contract.classes or contract.label not in rows.columns:
        return Missing(code="noClasses", why=f"{contract.label} is no class")
    labels = rows[contract.label].fill_nan(None) if rows[contract.label].dtype.is_float() else rows[contract.label]
    known = labels.is_not_null()
    try:
        codes = contract.coding().encode(labels.filter(known))
    except ReconcilerError as error:
        return Missing(code="labelsUnreadable", why=error.message)
    names = polars.Series([contract.classes[code] for code in codes.tolist()], dtype=polars.String)
    places = polars.Series(range(rows.height)).filter(known)
    return polars.Series(contract.label, [None] * rows.height, dtype=polars.String).scatter(places, names)


def _label_only(outcomes: Known[Profile]) -> Known[Profile]:
    if isinstance(outcomes, Missing):
        return outcomes
    return Profile(rows=outcomes.rows, features={LABEL: outcomes.features[LABEL]})


def skew_of(package: ModelPackage, subject: Subject, readers: Readers, need: SkewNeed) -> Known[Skew]:
    """Logged features beside the source's, joined by the dataset's identifier; Missing where there is no log to compare."""
    identifier = subject.dataset.spec.identifier
    if not subject.is_logged or readers.logs is None:
        return Missing(code="notLogged", why="features as served are not logged: the model is observed by scoring")
    if identifier is None:
        return Missing(code="noIdentifier", why="the dataset names no spec.identifier to join logged rows by")
    features, (start, end) = package.contract.features, bounds(need.window, subject.now)
    try:
        logged = of_release(readers.logs.predictions(subject.model.name, start, end), subject)
        columns = tuple(dict.fromkeys((identifier, *features.names)))
        source = read_rows(subject.dataset, readers.data, columns, start, end)
        sides = [_named(logged, "id", features), _named(source, identifier, features)]
    except ReconcilerError as error:
        return Missing(code="rowsUnreadable", why=error.message)
    both = sides[0].join(sides[1].unique(ID, keep="first", maintain_order=True), on=ID, how="inner", suffix="|source")
    found = {name: FeatureSkew(rows=both.height, different=_different(both, name)) for name in features.names}
    return Skew(matched=both.height, unmatched=logged.height - both.height, features=found)


def _named(rows: polars.DataFrame, identifier: str, features: Features) -> polars.DataFrame:
    """The features as the model sees them, and the identifier as text, the same whether it came as 7, 7.0 or "7"."""
    names = features_of(rows, Features(categorical=(identifier,)))[identifier]
    return features_of(rows, features).with_columns(names.alias(ID))


def _different(both: polars.DataFrame, name: str) -> int:
    """Rows in which the two sides say something else; missing on both sides is the same."""
    ours, theirs = both[name], both[f"{name}|source"]
    if not ours.dtype.is_float():
        return int(ours.ne_missing(theirs).sum())
    alike = np.isclose(ours.to_numpy(), theirs.to_numpy(), rtol=TOLERANCE, atol=0.0, equal_nan=True)
    return int(np.count_nonzero(~alike))
