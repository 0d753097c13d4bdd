"""What the documentation says is true: generated pages are current, links lead somewhere, YAML is valid, commands exist."""

import importlib.util
import re
import shlex
from functools import cache
from pathlib import Path

import click
import pytest
import yaml
from pydantic import TypeAdapter

from reconciler.cli.main import cli
from reconciler.rules.alarms import Alarm
from reconciler.rules.analysis import Check
from reconciler.rules.gates import Gate
from reconciler.rules.guards import Guard
from reconciler.rules.rollouts import Rollout
from reconciler.rules.triggers import Trigger
from reconciler.specs.dataset import Expectation
from reconciler.specs.schemas import SCHEMAS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
KINDS = {kind.model_fields["kind"].annotation.__args__[0]: kind for kind in SCHEMAS.values() if "kind" in kind.model_fields}
RULES = [TypeAdapter(family) for family in (Trigger, Guard, Alarm, Gate, Rollout, Check, Expectation)]
GENERATED = {"cli.md", "specs.md"}


@cache
def generator():
    """`docs/generate.py`, which is a program and no package."""
    found = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs/generate.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def blocks(page, *languages):
    """Fenced blocks of one of the languages, their indentation removed."""
    for indent, language, text in re.findall(r"^( *)```(\w+)\n(.*?)^ *```$", page.read_text(), re.MULTILINE | re.DOTALL):
        if language in languages:
            yield re.sub(f"^{indent}", "", text, flags=re.MULTILINE)


def anchors(page):
    """The anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def calls(page):
    """Every call of perennial that a reader is told to type."""
    for text in blocks(page, "sh", "console"):
        for line in text.splitlines():
            for part in re.split(r"&&| # ", line):
                if found := re.match(r"\s*(?:\$ )?(?:\.venv/bin/)?perennial (.*)", part):
                    yield found[1]
    yield from re.findall(r"`perennial ((?!stage)[a-z-][^`]*)`", page.read_text())


def check_call(words):
    """Follow the words down the tree of commands; every option must be known to its command."""
    command = cli
    for word in words:
        if word.startswith("-"):
            names = {name for option in command.params for name in option.opts}
            assert word.partition("=")[0] in {*names, "--help", "-h"}, f"{command.name} has no {word}"
        elif isinstance(command, click.Group):
            member = command.get_command(click.Context(command, help_option_names=["-h", "--help"]), word)
            if member is None and command is cli and words[0] == "--repo":
                continue
            assert member is not None, f"{command.name} has no command {word}"
            command = member


@pytest.mark.parametrize("page", sorted(GENERATED))
def test_generated_pages_are_current(page):
    path = ROOT / "docs/reference" / page
    assert path.read_text() == generator().pages()[path], "run `make docs`"


def links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def yaml_is_valid(page):
    """What is of Kubernetes, and not of ours, has a group of its own in `apiVersion`."""
    for value in (value for text in blocks(page, "yaml") for value in yaml.load_all(text, yaml.CSafeLoader)):
        if isinstance(value, dict) and "kind" in value:
            if value.get("apiVersion", "perennial/v1").startswith("perennial/"):
                KINDS[value["kind"]].model_validate(value)
            continue
        for rule in rules_in(value):
            assert any(accepts(family, rule) for family in RULES), rule


def rules_in(value):
    """The rules of an excerpt, wherever they stand in it."""
    match value:
        case {"type": _} | {"any": _} | {"all": _}:
            yield value
        case dict():
            for part in value.values():
                yield from rules_in(part)
        case list():
            for part in value:
                yield from rules_in(part)


def accepts(family, rule):
    try:
        family.validate_python(rule)
    except ValueError:
        return False
    return True


def commands_exist(page):
    for call in calls(page):
        check_call(shlex.split(call.replace("...", "")))


def targets_of_make_exist(page):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "\n".join([*blocks(page, "sh", "console"), *re.findall(r"`(make \w+)`", page.read_text())])
    assert set(re.findall(r"^(?:\$ )?make (\w+)", text, re.MULTILINE)) <= targets


def files_exist(page):
    """Paths of our own code; `<name>` stands for any."""
    for path in re.findall(r"`((?:reconciler|tests|docs)/[\w./-]+)`", page.read_text()):
        assert (ROOT / path).exists(), path


def test_every_page_is_reachable_from_the_readme():
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text())
        waiting += [(page.parent / target).resolve() for target in targets if target.endswith(".md") and "://" not in target]
    assert set(PAGES) == seen


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_says_is_true(page):
    links_lead_somewhere(page)
    yaml_is_valid(page)
    commands_exist(page)
    targets_of_make_exist(page)
    files_exist(page)


def test_decisions_have_numbers_of_their_own_and_are_all_listed():
    pages = sorted(path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    numbers = [int(name[:4]) for name in pages]
    assert len(set(numbers)) == len(numbers), "number the later one anew"
    for name in pages:
        assert (ROOT / "docs/decisions" / name).read_text().startswith(f"# {int(name[:4])}. ")
    listed = re.findall(r"\]\((\d{4}-[^)]*)\)", (ROOT / "docs/decisions/README.md").read_text())
    assert listed == pages


def test_no_page_has_two_sides_of_a_merge():
    for path in (ROOT / "docs").rglob("*.md"):
        assert not re.search(r"^(<<<<<<<|>>>>>>>) ", path.read_text(), re.MULTILINE), path
