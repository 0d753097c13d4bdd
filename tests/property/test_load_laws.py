"""Laws of loading: what is read does not depend on how it is laid out, and one broken file never hides another."""

import json

from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.releases import Fingerprint
from reconciler.errors import InvalidSpecsError, Problem
from reconciler.specs.fingerprint import MAKES_THE_MODEL, code_paths, fingerprint
from reconciler.specs.load import load_specs
from reconciler.specs.specs import Specs
from reconciler.specs.syntax import parse
from reconciler.specs.toml import read_settings
from tests.builders import a_dataset, a_model
from tests.cases import each
from tests.examples import examples
from tests.specs import ROOT, a_repository

YAML = sorted(path for path in ROOT if path.endswith(".yaml"))
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"), max_size=12)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("abc \"':#-", max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz", max_size=5), inner, max_size=4),
    max_leaves=15,
)
FEW = examples(1)
BROKEN = [b"", b"a: [\n", b"a: 1\na: 2\n", b"\xff", b"kind: 5\n", b"- x\n", b"a: !x 1\n"]


def problems(files) -> set[str]:
    try:
        load_specs(files)
    except InvalidSpecsError as error:
        return {str(problem) for problem in error.problems}
    return set()


def problems_of_settings(content: bytes) -> tuple[Problem, ...]:
    try:
        read_settings(content)
    except InvalidSpecsError as error:
        return error.problems
    return ()


def made_from(specs: Specs) -> Fingerprint:
    return fingerprint(specs.files, specs.models["flight-delay"], specs.datasets["flights"], specs.parameters.get("flight-delay"))


@FEW
@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), JSON, max_size=5))
def test_json_is_read_as_json_reads_it(value):
    """Any JSON is YAML, and means the same."""
    assert parse("a.yaml", (json.dumps(value) if value else "{}").encode())[1] == value
    assert parse("a.yaml", (json.dumps(value, indent=1) if value else "{}").encode())[1] == value


@FEW
@given(st.permutations(sorted(ROOT)))
def test_the_order_of_files_means_nothing(paths):
    files = a_repository()
    assert load_specs({path: files[path] for path in paths}).models == load_specs(files).models


@FEW
@given(st.sampled_from(YAML), st.integers(0, 30), st.sampled_from(["# a comment\n", "\n", "   # indented\n", "#\n\n"]))
def test_comments_and_empty_lines_mean_nothing(path, line, comment):
    lines = ROOT[path].splitlines(keepends=True)
    lines.insert(min(line, len(lines)), comment)
    specs = load_specs(a_repository(**{path: "".join(lines)}))
    assert (specs.models, specs.datasets, specs.retrain) == (WHOLE.models, WHOLE.datasets, WHOLE.retrain)
    assert made_from(specs) == made_from(WHOLE)


WHOLE = load_specs(a_repository())


@FEW
@given(st.sampled_from(YAML), st.sampled_from(YAML), st.sampled_from(BROKEN), st.sampled_from(BROKEN))
def test_one_broken_file_does_not_hide_another(one, other, first, second):
    if one == other:
        return
    files = a_repository()
    alone = {problem for problem in problems(files | {one: first}) if problem.startswith(f"{one}:")}
    both = problems(files | {one: first, other: second})
    assert alone <= both
    assert any(problem.startswith(f"{other}:") for problem in both)


@FEW
@given(st.sampled_from(YAML), st.sampled_from(BROKEN))
def test_what_is_broken_gives_the_same_problems_each_time(path, content):
    files = a_repository() | {path: content}
    assert problems(files) == problems(dict(reversed(files.items()))) != set()


@FEW
@given(st.dictionaries(WORDS.filter(lambda word: word and "/" not in word), st.binary(max_size=20), max_size=3))
def test_files_that_are_no_specs_change_nothing(more):
    files = a_repository() | {f"notes/{path}": content for path, content in more.items()}
    specs = load_specs(files)
    assert specs.models == WHOLE.models
    assert made_from(specs) == made_from(WHOLE)
    assert specs.files == files


@FEW
@given(st.binary(max_size=60))
def test_any_project_file_is_settings_or_problems(content):
    assert all(problem.file == "pyproject.toml" and problem.line >= 1 for problem in problems_of_settings(content))


@FEW
@given(st.text("abcdefgh=.[]\"'\n tolperni", max_size=80))
def test_any_table_is_settings_or_problems_inside_the_file(text):
    whole = f"[tool.perennial]\n{text}\n"
    assert all(1 <= problem.line <= whole.count("\n") + 1 for problem in problems_of_settings(whole.encode()))


@each("key", sorted(MAKES_THE_MODEL))
def test_each_key_that_makes_the_model_is_one_of_its_keys(key):
    assert key in a_model().spec.model_dump(by_alias=True)


@FEW
@given(
    st.lists(
        st.sampled_from(
            [
                "reconciler/pipeline/a.py",
                "reconciler/cli/a.py",
                "models/flight-delay/x.py",
                "models/flight/x.py",
                "a.py",
                "reconciler/pipeline/a.txt",
            ]
        ),
        unique=True,
    )
)
def test_the_code_of_a_model_is_its_own_and_the_pipelines(paths):
    found = code_paths(dict.fromkeys(paths, b""), a_model(), a_dataset())
    assert found == sorted(set(paths) & {"reconciler/pipeline/a.py", "models/flight-delay/x.py"})
