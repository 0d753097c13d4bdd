"""What the target is: the task that its values suggest, and how they become classes. Pure."""

from dataclasses import dataclass

from reconciler.domain.survey import ColumnSurvey, Kind
from reconciler.specs.dataset import ColumnType
from reconciler.specs.draft.quoting import number, shown
from reconciler.specs.draft.ranges import bounds
from reconciler.specs.draft.wishes import UnfitDataError
from reconciler.specs.model import Task

MOST_CLASSES = 20
MOST_NUMBER_CLASSES = 10
"""More different whole numbers than this are a quantity."""
_POSITIVE = ("yes", "true", "y", "t", "1", "positive", "pos", "bad", "fraud", "churn", "churned", "default", "fail", "failed")
_IN_WORDS = {Task.BINARY: "two classes", Task.MULTICLASS: "classes", Task.REGRESSION: "a quantity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDraft:
    """The target as contract and model will declare it. `classes` are their texts and counts, the most frequent first."""

    name: str
    task: Task
    type: ColumnType
    why: str
    positive: str | None = None
    at_least: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    classes: tuple[tuple[str, int], ...] = ()

    @property
    def categories(self) -> tuple[str, ...] | None:
        """The classes of a label of texts, by the alphabet."""
        return tuple(sorted(text for text, _ in self.classes)) if self.type is ColumnType.CATEGORY else None

    @property
    def rarest(self) -> int:
        """Rows of the rarest class; 0 for a quantity."""
        return min((rows for _, rows in self.classes), default=0)


def target_of(label: ColumnSurvey, wanted: Task | None) -> TargetDraft:
    """The draft for the label. Raises UnfitDataError when nothing can be learnt of it, or not the wanted task."""
    where = f"target {shown(label.name)}"
    if label.distinct < 2:
        raise UnfitDataError(
            f"{where} is {shown(label.values[0][0])} in all {label.present:,} rows that have it: 2 values needed"
        )
    match label.kind:
        case Kind.TIME | Kind.OTHER:
            raise UnfitDataError(f"{where} holds times, which cannot be predicted: choose a number or categories")
        case Kind.TEXT:
            draft = _of_texts(label, wanted, where)
        case Kind.BOOLEAN:
            draft = _classes(label, Task.BINARY, ColumnType.BOOLEAN, "true and false")
        case Kind.INTEGER | Kind.NUMBER:
            draft = _of_numbers(label, wanted, where)
    if wanted is not None and draft.task is not wanted:
        raise UnfitDataError(
            f"{where} has {label.distinct:,} different values, which makes a {draft.task} task, not {wanted}",
            help=f"--task {draft.task}, or choose a target that holds {_IN_WORDS[wanted]}",
        )
    return draft


def _of_texts(label: ColumnSurvey, wanted: Task | None, where: str) -> TargetDraft:
    if label.punctuated:
        raise UnfitDataError(
            f"{where} holds numbers that are written like {shown(label.punctuated)}, which are read as texts",
            help="write them as 1234.5: no separators of thousands, a decimal point, no unit",
        )
    if label.distinct == 2:
        positive = _positive(label)
        why = f"two texts; {shown(positive)} is what is predicted (spec.target.positive)"
        return _classes(label, Task.BINARY, ColumnType.CATEGORY, why, positive=positive)
    most = len(label.values) if wanted is Task.MULTICLASS and label.complete else MOST_CLASSES
    if label.distinct > most:
        raise UnfitDataError(f"{where} has {label.distinct:,} different texts, at most {most} classes can be told apart")
    return _classes(label, Task.MULTICLASS, ColumnType.CATEGORY, f"{label.distinct} different texts")


def _of_numbers(label: ColumnSurvey, wanted: Task | None, where: str) -> TargetDraft:
    seen = label.numbers
    if seen is None or seen.infinite:
        raise UnfitDataError(f"{where} is infinite in {seen.infinite if seen else label.present:,} of {label.present:,} rows")
    kind = ColumnType.INTEGER if seen.whole else ColumnType.NUMBER
    if label.distinct == 2 and wanted in (None, Task.BINARY):
        if (seen.minimum, seen.maximum) == (0, 1):
            return _classes(label, Task.BINARY, kind, "only 0 and 1", minimum=0.0, maximum=1.0)
        why = f"two numbers; {number(seen.maximum)} is what is predicted (spec.target.atLeast)"
        return _classes(label, Task.BINARY, kind, why, at_least=seen.maximum)
    most = MOST_CLASSES if wanted is Task.MULTICLASS else MOST_NUMBER_CLASSES
    if seen.whole and 2 < label.distinct <= most and wanted is not Task.REGRESSION:
        why = f"{label.distinct} different whole numbers, taken for classes; --task regression takes them for a quantity"
        return _classes(label, Task.MULTICLASS, kind, why)
    low, high = bounds(seen)
    why = f"{label.distinct:,} different numbers from {number(seen.minimum)} to {number(seen.maximum)}"
    kind = ColumnType.INTEGER if label.kind is Kind.INTEGER else ColumnType.NUMBER
    return TargetDraft(name=label.name, task=Task.REGRESSION, type=kind, why=why, minimum=low, maximum=high)


def _classes(label: ColumnSurvey, task: Task, kind: ColumnType, why: str, **changes: str | float) -> TargetDraft:
    return TargetDraft(name=label.name, task=task, type=kind, why=why, classes=label.values, **changes)  # type: ignore[arg-type]


def _positive(label: ColumnSurvey) -> str:
    """The text that usually means yes, else the rarer one."""
    texts = [text for text, _ in label.values]
    usual = [text for text in texts if text.strip().lower() in _POSITIVE]
    return usual[0] if len(usual) == 1 else texts[-1]
