import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.render.environment import OUTPUT_LIMIT, load_templates, template_problems
from tests.cases import each

YAML = "templates/a.yaml.j2"
MARKDOWN = "templates/a.md.j2"


def rendered(text: str, path: str = YAML, more: dict[str, str] | None = None, **values: object) -> str:
    files = {path: text.encode()} | {name: other.encode() for name, other in (more or {}).items()}
    return load_templates(files).render(path, values)


def problem(text: str, **values: object) -> str:
    with pytest.raises(InvalidSpecsError) as caught:
        rendered(text, **values)
    (only,) = caught.value.problems
    return str(only)


def test_a_yaml_template_quotes_without_being_asked():
    assert rendered("a: {{ x }}\nb: {{ x | yaml }}", x="y: [") == 'a: "y: ["\nb: "y: ["\n'


def test_a_markdown_template_escapes_without_being_asked():
    assert rendered("{{ x }} {{ x | code }}", MARKDOWN, x="a|b") == "a\\|b `a\\|b`\n"


def test_values_joined_in_the_braces_are_one_value():
    assert rendered("{{ x ~ '-' ~ 1 }}", x="a") == '"a-1"\n'


def test_output_ends_with_one_newline():
    assert rendered("\n\na: 1\n\n\n") == "a: 1\n"


@each(
    ("text", "line", "said"),
    [
        ("a: 1\nb: {{ missing }}", 2, "'missing' is undefined"),
        ("a: {{ x.missing }}", 1, "has no attribute 'missing'"),
        ("\n\n{% if %}", 3, "Expected an expression"),
        ("\n{% include 'templates/none.yaml.j2' %}", 2, "templates/none.yaml.j2 does not exist"),
        ("\n{% include 'templates/a.yaml.j2' %}", 2, "includes itself without end"),
        ("{{ 1 // 0 }}", 1, "by zero"),
        ("{{ x | nothing }}", 1, "No filter named 'nothing'"),
        ("\n{{ x | length | round('a') }}", 2, "cannot be interpreted as an integer"),
    ],
)
def test_a_template_that_cannot_be_rendered_says_where(text, line, said):
    found = problem(text, x={})
    assert found.startswith(f"{YAML}:{line}:1 ")
    assert said in found


@each(
    "text",
    [
        "{% for i in range(1001) %}{% endfor %}",
        "{% for i in range(1000) %}{% for j in range(1000) %}xx{% endfor %}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ 10 ** 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 'x'.center(1000000000) }}",
        "{{ x | center(1000000000) }}",
    ],
)
def test_a_template_bomb_is_refused(text):
    assert problem(text, x="x").startswith(f"{YAML}:1:1 ")


@each(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ x.__init__.__globals__ }}",
        "{{ x | attr('__class__') }}",
        "{{ x.items() }}",
        "{{ cycler }}",
        "{{ self.__init__ }}",
        "{{ x.update({'a': 1}) }}",
    ],
)
def test_a_template_reaches_nothing_but_its_values(text):
    assert problem(text, x={"a": 0}).startswith(f"{YAML}:1:1 ")


def test_what_is_printed_has_a_limit():
    assert str(OUTPUT_LIMIT) in problem("{{ x }}", x="x" * (OUTPUT_LIMIT + 1))


def test_an_error_in_an_included_template_names_that_template():
    with pytest.raises(InvalidSpecsError) as caught:
        rendered("{% include 'templates/b.yaml.j2' %}", more={"templates/b.yaml.j2": "\n{{ missing }}"})
    assert str(caught.value.problems[0]).startswith("templates/b.yaml.j2:2:1 ")


def test_a_template_that_is_not_text_is_reported_with_its_line():
    with pytest.raises(InvalidSpecsError) as caught:
        load_templates({YAML: b"a\n\xff"})
    assert str(caught.value.problems[0]) == f"{YAML}:2:1 is not UTF-8"


def test_the_same_bytes_are_compiled_once():
    assert load_templates({YAML: b"a", "other.yaml": b"1"}) is load_templates({YAML: b"a", "other.yaml": b"2"})
    assert load_templates({YAML: b"a"}) is not load_templates({YAML: b"b"})


def test_syntax_is_checked_without_rendering():
    files = {YAML: b"{% if %}", MARKDOWN: b"{{ missing }}", "templates/b.yaml.j2": b"\n{{ x | none }}"}
    assert [(found.file, found.line) for found in template_problems(files)] == [(YAML, 1), ("templates/b.yaml.j2", 2)]
    assert template_problems({YAML: b"\xff"})[0].message == "is not UTF-8"
