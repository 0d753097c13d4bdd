"""A shape answers for other texts only where it must: what stands in the quotes can change nothing."""

from reconciler.render.environment import load_templates
from reconciler.render.models import render_model
from reconciler.render.quoting import quote
from reconciler.render.wellformed import _QUOTED, _is_manifest, problems_of
from tests.builders import shipped_templates
from tests.cases import each
from tests.golden.served import CASES

TEMPLATES = load_templates(shipped_templates())

HEAD = "apiVersion: v1\nkind: A\nmetadata: {}\n"
HARMLESS = 'apiVersion: "v1"\nkind: "A"\nmetadata:\n  name: VALUE\nspec: [VALUE, {"a": VALUE}]\n'


def text(template: str, value: str) -> str:
    return template.replace("VALUE", quote(value))


def fine(template: str, value: str) -> bool:
    return not problems_of("a.yaml", text(template, value))


@each(
    ("template", "bad"),
    [
        (HEAD + "a: '  VALUE'\n", "it's"),
        (HEAD + "a: b VALUE\n", "c: d"),
        (HEAD + "a: 'VALUE'\n", "' : x"),
        (HEAD + '# it"s: VALUE\na: "VALUE"\n', "x"),
        ("apiVersion: v1\nVALUE: A\nmetadata: {}\n", "kynd"),
        (HEAD + "VALUE: 1\n", "k" * 2000),
    ],
)
def test_a_good_text_does_not_vouch_for_a_bad_one_of_its_shape(template, bad):
    good = "kind" if "apiVersion: v1\nVALUE" in template else ""
    fine(template, good)
    assert not fine(template, bad)
    fine(template, good)


@each("value", ["", "a", "it's", 'a"b', "\\", "{{ x }}", "a: b # c", "\n---\n", "\u2028\x85\x07", "x" * 3000])
def test_any_value_is_fine_where_values_belong(value):
    assert fine(HARMLESS.replace('"v1"', "v1"), value)


def test_raw_signs_that_no_value_has_are_found_behind_a_good_text():
    assert not problems_of("a.yaml", HEAD + 'a: "\\x41"\n')
    for wrong in ('a: "\\q"\n', 'a: "\x07"\n', 'a: "b\n'):
        (problem,) = problems_of("a.yaml", HEAD + wrong)
        assert problem.line >= 4 or "special characters" in problem.message or "does not print YAML" in problem.message


@each("case", CASES)
def test_the_shapes_of_all_shipped_templates_tell(case):
    for text in render_model(TEMPLATES, CASES[case]).values():
        assert _is_manifest(*_QUOTED.subn('""', text)), "a double quote in a comment? It makes every manifest be parsed"
