"""The very bytes that `perennial new model` writes: commented specs that are valid as they are."""

from datetime import timedelta

import pytest

from reconciler.domain.data import FileFormat
from reconciler.domain.survey import ColumnSurvey, Kind, TableSurvey, Trivial
from reconciler.specs.draft.draft import draft
from reconciler.specs.draft.hold_text import hold_text
from reconciler.specs.draft.wishes import Wishes
from reconciler.specs.load import load_specs
from tests.builders import NOW
from tests.surveys import ROWS, a_number, a_table, a_text, numbers

HOSTILE = "a: b # {{x}}\n\u202e"
OPEN = numbers(maximum=1e6, high=100.0, median=50.0)
CASES: dict[str, tuple[TableSurvey, Wishes]] = {
    "classes-of-text": (
        a_table(
            a_number("size", missing=200, present=ROWS - 200, late_missing=150),
            a_text("colour", "red", "blue", "green"),
            a_number("twin", copy_of="size"),
            a_number("told", explains=1.0),
            duplicates=12,
            without_time=3,
            unnamed=1,
        ),
        Wishes(model="purchase", dataset="shop", owner="sales team"),
    ),
    "a-quantity-that-moves": (
        a_table(
            a_number("load", numbers=OPEN),
            ColumnSurvey(
                name="weekend", kind=Kind.BOOLEAN, present=ROWS, missing=0, distinct=2, values=(("true", 9), ("false", 9))
            ),
            label=a_number("demand", numbers=numbers(whole=True), kind=Kind.INTEGER),
            separator=";",
            time_format="%d.%m.%Y %H:%M",
            trivial=Trivial(mae_of_median=3.25, mae_of_mean=4.5, mae_of_recent_mean=1.0),
        ),
        Wishes(model="demand", dataset="grid", label_delay=timedelta(hours=36)),
    ),
    "many-classes": (
        a_table(
            a_text("town", *(f"town number {n}" for n in range(40))),
            label=a_text("grade", "a", "b", "c", values=(("a", 15_000), ("b", 4_990), ("c", 10))),
            path="data/2022/*.parquet",
            format=FileFormat.PARQUET,
        ),
        Wishes(model="grade", dataset="school"),
    ),
    "hostile-names": (
        a_table(a_number(HOSTILE), a_text("on"), label=a_text("null", "no", "yes"), path="data/'x\".csv"),
        Wishes(model="m", dataset="d", owner=HOSTILE),
    ),
    "a-cut-number": (
        a_table(
            label=a_number(
                "score", distinct=2, values=(("1", 15_000), ("2", 5_000)), numbers=numbers(minimum=1, maximum=2, whole=True)
            )
        ),
        Wishes(model="score", dataset="scores"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_first_model_is_drafted_as_expected_and_valid_as_it_is(case, golden):
    made = draft(*CASES[case])
    golden(f"draft/{case}", {**made.files, "told.txt": "\n".join([made.summary, *made.look]) + "\n"})
    specs = load_specs({path: text.encode() for path, text in made.files.items()})
    assert list(specs.models) == [CASES[case][1].model]


@pytest.mark.parametrize("until", [None, NOW], ids=["until it is lifted", "until a time"])
def test_a_hold_is_written_as_expected(until, golden):
    text = hold_text("flight-delay", 'audit: "all" #1', "ann", until)
    golden(f"draft/hold-{'for-good' if until is None else 'for-a-while'}", {"hold.yaml": text})
