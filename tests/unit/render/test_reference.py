"""docs/reference/templates.md names every template, every value that one uses, and every filter."""

import re
from pathlib import Path

from jinja2 import Environment, meta

from reconciler.render.environment import FILTERS
from tests.builders import shipped_templates
from tests.cases import each

REFERENCE = (Path(__file__).parents[3] / "docs/reference/templates.md").read_text()
WORDS = set(re.findall(r"`([^`\n]+)`", REFERENCE))


@each("path", shipped_templates())
def test_a_template_and_its_values_are_documented(path):
    environment = Environment(autoescape=True)
    environment.filters |= dict.fromkeys(("yaml", "label", "prose", "code"), str)
    used = meta.find_undeclared_variables(environment.parse(shipped_templates()[path].decode()))
    assert path in WORDS
    assert used <= WORDS


@each("name", [*FILTERS, "yaml", "label", "prose", "code"])
def test_a_filter_is_documented(name):
    assert name in WORDS
