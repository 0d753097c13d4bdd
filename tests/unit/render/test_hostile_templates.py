"""Templates that nobody wrote in good faith: each is refused with its place, and none brings the process down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import InvalidSpecsError
from reconciler.render.environment import load_templates, template_problems
from tests.builders import shipped_templates
from tests.cases import each
from tests.examples import examples

PATH = "templates/a.yaml.j2"
VALUES = {"x": {"a": [1, "b", None]}, "text": "t"}

UNCOMPILABLE = {
    "an unknown tag": "{% foo %}",
    "an open expression": "{{ 1",
    "an open text": "{{ 'abc }}",
    "an open comment": "{# x",
    "an unknown filter": "{{ x | nothing }}",
    "an unknown test": "{{ x is nothing }}",
    "two blocks of one name": "{% block a %}{% endblock %}{% block a %}{% endblock %}",
    "a number of 5,000 digits": "{{ " + "9" * 5_000 + " }}",
    "25 loops in each other": "{% for a in range(2) %}" * 25 + "{% endfor %}" * 25,
    "200 conditions in each other": "{% if 1 %}" * 200 + "{% endif %}" * 200,
    "5,000 brackets": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "3,000 signs": "{{ " + "-" * 3_000 + "1 }}",
    "a sum of 3,000": "{{ 1" + "+1" * 3_000 + " }}",
    "a debugger": "{% debug %}",
    "a statement": "{% do x.clear() %}",
}
UNRENDERABLE = {
    "an infinite number": "{{ 1e999 }}",
    "half a character that is sorted with numbers": "{{ [1, 'a'] | sort }}",
    "a template that is not there": "{% extends 'templates/none.yaml.j2' %}",
    "itself": "{% extends 'templates/a.yaml.j2' %}",
    "a number for a template": "{% include 5 %}",
    "a loop over a number": "{% for a in 5 %}{% endfor %}",
    "a pair of a number": "{% for a, b in [1] %}{% endfor %}",
    "a loop that calls itself": "{% for a in [1] recursive %}{{ loop(x) }}{% endfor %}",
    "a slice of no step": "{{ 'abc'[::0] }}",
    "a number in a number": "{{ 1 in 2 }}",
    "a comparison of kinds": "{{ 1 < 'a' }}",
    "a macro": "{% macro m() %}{% endmacro %}{{ m() }}",
    "a huge range": "{{ range(10 ** 100) }}",
    "a range of text": "{{ range('a') }}",
    "a function": "{{ range }}",
    "a list of 1,001": "{{ range(1001) | list }}",
    "rounding to nonsense": "{{ 1 | round(1, 'x') }}",
    "attributes by a filter": "{{ [1] | map(attribute='__class__') | list }}",
    "attributes by sorting": "{{ [1] | sort(attribute='__class__.__mro__') }}",
    "attributes by joining": "{{ [x] | join(attribute='__init__.__globals__') }}",
    "the template itself": "{{ self.__init__.__globals__ }}",
    "a namespace": "{{ namespace(a=1) }}",
    "a format": "{{ '{0.__class__}'.format(x) }}",
    "the environment": "{{ environment }}",
    "what is missing": "{{ x.missing }}",
    "what is missing in a condition": "{% if missing %}{% endif %}",
}


@each("name", UNCOMPILABLE)
def test_what_cannot_be_compiled_is_a_problem_for_validation_and_for_rendering(name):
    files = {PATH: ("kind: A\n" + UNCOMPILABLE[name]).encode()}
    (problem,) = template_problems(files)
    assert (problem.file, problem.column) == (PATH, 1)
    assert problem.message
    with pytest.raises(InvalidSpecsError) as caught:
        load_templates(files).render(PATH, VALUES)
    assert caught.value.problems[0].file == PATH


@each("name", UNRENDERABLE)
def test_what_cannot_be_rendered_is_a_problem_with_its_line(name):
    files = {PATH: ("kind: A\n" + UNRENDERABLE[name]).encode()}
    assert template_problems(files) == ()
    with pytest.raises(InvalidSpecsError) as caught:
        load_templates(files).render(PATH, VALUES)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (PATH, 2)
    assert problem.message


SIGNS = [
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "{# ",
    " #}",
    "{{-",
    "-%}",
    ".a",
    "['b']",
    " | ",
    "(",
    ")",
    "[",
    "]",
    "+",
    "~",
    "=",
    ": ",
    ",",
    "\n",
]
WORDS = ["for a in x", "endfor", "if x", "else", "endif", "x", "join", "1", "'t'", "is", "not", "include", "set", "text", "range"]
PIECES = st.sampled_from([*SIGNS, *WORDS])


@given(st.lists(PIECES, max_size=12).map("".join))
@examples(3)
def test_any_template_is_rendered_or_refused(text):
    files = {PATH: text.encode()}
    try:
        rendered = load_templates(files).render(PATH, VALUES)
    except InvalidSpecsError as error:
        (problem,) = error.problems
        assert problem.message
        assert 1 <= problem.line <= text.count("\n") + 1
    else:
        assert rendered.endswith("\n")
        assert template_problems(files) == ()


@each("path", shipped_templates())
def test_shipped_templates_are_compiled_and_cut_in_half_they_are_reported_or_fine(path):
    content = shipped_templates()[path]
    assert template_problems({path: content}) == ()
    for end in range(0, len(content), 311):
        assert all(problem.file == path for problem in template_problems({path: content[:end]}))
