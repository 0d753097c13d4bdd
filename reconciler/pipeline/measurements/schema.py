"""Measurement `schema`: the snapshot's columns against the dataset's contract, and against what the live model was made with."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.measured.data import Changed, LiveSchema, Schema, SchemaChange, UnknownCategories
from reconciler.domain.names import Digest
from reconciler.domain.profiles import CategoricalProfile, Profile
from reconciler.pipeline.artifact import Contract, ModelPackage
from reconciler.pipeline.champion import open_champion
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.profile_rows import profile_frame
from reconciler.pipeline.scored import Scored
from reconciler.specs.dataset import ColumnType, Dataset
from reconciler.specs.model import Features

if TYPE_CHECKING:
    import polars as pl

_HOLDS: Mapping[ColumnType, tuple[str, ...]] = {
    ColumnType.NUMBER: ("Float", "Int", "UInt", "Decimal"),
    ColumnType.INTEGER: ("Int", "UInt"),
    ColumnType.BOOLEAN: ("Boolean",),
    ColumnType.CATEGORY: ("String", "Categorical", "Enum"),
    ColumnType.TEXT: ("String", "Categorical", "Enum"),
    ColumnType.TIME: ("Datetime",),
}
"""How polars calls the columns of a snapshot whose values all fit their type."""


def schema(context: StageContext, scored: Scored) -> Schema:
    """What differs. Raises ReconcilerError when the rows cannot be profiled."""
    import polars as pl

    stored = scored.stored
    rows = pl.concat([stored.train, stored.holdout])
    used = (context.dataset.spec.event_time, *scored.contract.features.names, scored.contract.label)
    breaches = tuple(_breaches(context.dataset, used, rows.schema))
    return Schema(columns=rows.width, breaches=breaches, live=_live(context, scored.contract, rows))


def _breaches(dataset: Dataset, used: tuple[str, ...], present: Mapping[str, object]) -> Iterator[Changed]:
    for name in used:
        column = dataset.column(name)
        if name not in present:
            yield Changed(kind=SchemaChange.MISSING_COLUMN, column=name, said=f"{name} is not among {len(present)} columns")
        elif column is not None and not str(present[name]).startswith(_HOLDS[column.type]):
            said = f"{name} holds {present[name]}, the contract says {column.type}"
            yield Changed(kind=SchemaChange.RETYPED_COLUMN, column=name, said=said)


def _live(context: StageContext, candidate: Contract, rows: "pl.DataFrame") -> Known[LiveSchema | NoBaseline]:
    champion = context.champion
    if champion is None:
        return NoBaseline()
    package = open_champion(context, champion)
    if isinstance(package, Missing):
        return package
    newer = rows.filter(rows[context.dataset.spec.event_time] >= champion.data.train_until)
    now = _profile(package, candidate, newer)
    changes = (*_contracts(package.contract, candidate), *_emptied(package.reference, now))
    categories = _unknown(package.reference, now)
    return LiveSchema(champion=Digest(champion.digest), rows=newer.height, changes=changes, categories=categories)


def _profile(package: ModelPackage, candidate: Contract, rows: "pl.DataFrame") -> Profile:
    """The newer rows on the live model's bins, of the features that both treat alike."""
    old, new = package.contract.features, candidate.features
    both = Features(
        numeric=tuple(name for name in old.numeric if name in new.numeric),
        categorical=tuple(name for name in old.categorical if name in new.categorical),
    )
    reference = {name: feature for name, feature in package.reference.features.items() if name in both.names}
    return profile_frame(Profile(rows=package.reference.rows, features=reference), rows, both)


def _contracts(old: Contract, new: Contract) -> Iterator[Changed]:
    """What the one takes and answers, and the other does not."""
    for name in sorted({*old.features.names, *new.features.names}):
        was, now = _treated(old, name), _treated(new, name)
        kind = SchemaChange.RETYPED_FEATURE if was and now else SchemaChange.REMOVED_FEATURE if was else SchemaChange.NEW_FEATURE
        if was != now:
            yield Changed(kind=kind, column=name, said=f"{name} was {was or 'no feature'}, now it is {now or 'none'}")
    if (was := _predicts(old)) != (now := _predicts(new)):
        yield Changed(
            kind=SchemaChange.CHANGED_LABEL, column=new.label, said=f"the live model predicts {was}, the candidate {now}"
        )


def _treated(contract: Contract, name: str) -> str:
    """How the feature is declared and used; empty when it is none."""
    if name not in contract.features.names:
        return ""
    use = "a number" if name in contract.features.numeric else "categories"
    return f"{contract.types.get(name, 'text')} used as {use}"


def _predicts(contract: Contract) -> str:
    return f"{contract.label} as {', '.join(contract.classes) or 'a number'}"


def _emptied(reference: Profile, now: Profile) -> Iterator[Changed]:
    """Features that hold nothing any more."""
    for name, feature in now.features.items():
        before = reference.features[name]
        if feature.rows and not feature.present and before.present:
            said = f"{name} is missing in all {feature.rows} newer rows; the live model learnt from {before.present} values"
            yield Changed(kind=SchemaChange.EMPTIED_FEATURE, column=name, said=said)


def _unknown(reference: Profile, now: Profile) -> dict[str, UnknownCategories]:
    found = {}
    for name, feature in now.features.items():
        before = reference.features[name]
        if isinstance(feature, CategoricalProfile) and isinstance(before, CategoricalProfile):
            share = before.unseen / before.rows if before.rows else 0.0
            found[name] = UnknownCategories(unknown=feature.unseen, before=share)
    return found
