from hypothesis import given
from hypothesis import strategies as st

from reconciler.specs.draft.columns import Role, features
from reconciler.specs.draft.dataset_text import dataset_text
from reconciler.specs.draft.draft import draft
from reconciler.specs.draft.hold_text import hold_text
from reconciler.specs.draft.quoting import listed, number, quoted, shown
from reconciler.specs.draft.target import target_of
from reconciler.specs.draft.timing import timing_of
from reconciler.specs.draft.wishes import Wishes
from reconciler.specs.load import load_specs
from reconciler.specs.syntax import parse
from tests.surveys import a_number, a_table, a_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | st.sampled_from(
    [
        "on",
        "null",
        "~",
        "a: b",
        "#x",
        "- a",
        "1.5",
        "0x1f",
        "1e3",
        "2022-01-01",
        "'",
        '"',
        "\n",
        "\u2028",
        "\ufeff",
        "\u202e",
        "{",
        "*a",
        "&a",
        "!t",
    ]
)


@given(TEXTS)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    content = f"key: {quoted(text)}\nflow: {{item: {listed([text, text])}}}\n"

    assert parse("x.yaml", content.encode())[1] == {"key": text, "flow": {"item": [text, text]}}


@given(TEXTS)
def test_a_comment_stays_on_its_line(text: str) -> None:
    assert parse("x.yaml", f"# {shown(text)}\nkey: 1\n".encode())[1] == {"key": 1}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_comes_back_as_it_was(value: float) -> None:
    assert parse("x.yaml", f"key: {number(value)}\n".encode())[1] == {"key": value}


@given(st.lists(TEXTS, min_size=4, max_size=6, unique=True).filter(lambda names: "when" not in names), TEXTS)
def test_hostile_names_of_columns_and_categories_make_valid_specs(names: list[str], owner: str) -> None:
    label, numeric, categorical, left_out, *_ = names
    table = a_table(
        a_number(numeric),
        a_text(categorical, label, numeric),
        a_text(left_out, categorical),
        label=a_text(label, categorical, left_out),
        time_column="when",
        path=f"data/{numeric}.csv",
    )
    made = draft(table, Wishes(model="m", dataset="d", owner=owner))
    specs = load_specs({path: text.encode() for path, text in made.files.items()})

    assert specs.models["m"].spec.features.names == (numeric, categorical)
    assert [column.name for column in specs.datasets["d"].spec.columns] == ["when", numeric, categorical, left_out, label]
    assert specs.datasets["d"].metadata.owner == owner


@given(TEXTS, TEXTS)
def test_a_hold_says_what_its_author_said(reason: str, owner: str) -> None:
    text = hold_text("m", reason, owner, None)

    assert parse("models/m/hold.yaml", text.encode())[1]["spec"] == {"reason": reason, "owner": owner}


@given(st.permutations(["a", "b", "c"]))
def test_features_stay_in_the_order_of_the_file(names: list[str]) -> None:
    table = a_table(*map(a_number, names))
    target = target_of(table.label, None)
    columns = features(table)
    text = dataset_text(table, Wishes(model="m", dataset="d"), target, columns, timing_of(table, target, None))

    assert [column.name for column in columns if column.role is Role.NUMERIC] == names
    assert [text.index(f"name: {name},") for name in names] == sorted(text.index(f"name: {name},") for name in names)
