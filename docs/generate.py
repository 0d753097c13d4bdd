"""Writes the reference pages that follow from the code: `docs/reference/cli.md` from click, `specs.md` from the JSON Schemas.

`make docs` runs it; `--check` only compares, and a test does the same.
"""

import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from reconciler.cli.main import cli
from reconciler.rules.fields import Written
from reconciler.specs.schemas import SCHEMAS, schema_of
from reconciler.specs.settings import Settings

Json = dict[str, Any]
REFERENCE = Path(__file__).parent / "reference"
HELP = ["-h", "--help"]
"""click remembers the first names it is given, so they must be those of the command line."""
MADE = "<!-- Made by `make docs`; edit the code instead. -->"
RULES = ("triggers", "guards", "gates")
HEAD = ("apiVersion", "kind", "metadata.name", "metadata.owner", "metadata.description")
PLACES = {
    "dataset": "datasets/<name>.yaml",
    "gate-policy": "policies/gates/<name>.yaml",
    "hold": "models/<model>/hold.yaml",
    "model": "models/<name>/model.yaml",
    "override": "models/<model>/override.yaml",
    "params": "params.yaml",
    "quarantine": "models/<model>/quarantine.yaml",
    "release": "models/<model>/releases/<environment>.yaml",
    "retrain-policy": "policies/retrain/<name>.yaml",
    "rollout-policy": "policies/rollout/<name>.yaml",
}
INTRO = """All files are safe YAML 1.1 without tags. Keys are closed: an unknown one is a problem, with the nearest valid key as
a hint. Durations are `30m`, `12h`, `7d`, `2w`; times are `2013-06-01` or `2013-06-01T12:00:00Z`, UTC.
The JSON Schemas are in `schemas/`.
A line `# yaml-language-server: $schema=...` at the top makes editors use them.

All kinds but the last two begin alike: `apiVersion: perennial/v1`, `kind`, and `metadata` with `name` (required; the file
or folder carries the same name), `owner` and `description`."""


def pages() -> dict[Path, str]:
    """Each generated page and its text."""
    return {REFERENCE / "cli.md": cli_page(), REFERENCE / "specs.md": specs_page()}


def commands(command: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it, groups before their members."""
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=words, help_option_names=HELP)
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            if member:
                yield from commands(member, f"{words} {name}")


def cli_page() -> str:
    """All commands, their arguments and options."""
    intro = (
        "Results go to stdout, errors to stderr; `-o json` is for programs. See [exit codes](exit-codes.md). "
        "`--repo` stands before the command: `perennial --repo build/demo status`."
    )
    return "\n".join(
        ["# Commands", "", MADE, "", intro, "", *(line for one in commands(cli, "perennial") for line in section(*one))]
    )


def section(words: str, command: click.Command) -> list[str]:
    """One command: usage, help, options."""
    usage = " ".join([words, *command.collect_usage_pieces(click.Context(command, help_option_names=HELP))])
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option) and parameter.help]
    rows = [f"| {option_name(option)} | {cell(option.help or '')} | {default_of(option)} |" for option in options]
    table = ["| option | meaning | default |", "| --- | --- | --- |", *rows, ""] if rows else []
    return [f"## {words}", "", "```text", usage, "```", "", inspect.cleandoc(command.help or ""), "", *table]


def option_name(option: click.Option) -> str:
    """`-o`, `--output` `text|json`."""
    names = ", ".join(f"`{name}`" for name in option.opts)
    if option.is_flag:
        return names
    choice = "&#124;".join(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else ""
    return f"{names} {choice or option.metavar or option.type.name.upper()}"


def default_of(option: click.Option) -> str:
    """What counts when the option is left out, where it says something."""
    shown = option.show_default and option.default not in (None, False, ())
    return "required" if option.required else f"`{option.default}`" if shown else ""


def specs_page() -> str:
    """All kinds and their fields, and the settings."""
    lines = ["# Kinds: every YAML file", "", MADE, "", INTRO, ""]
    for name in sorted(SCHEMAS, key=lambda name: name == "params"):
        title = schema_of(SCHEMAS[name])["properties"].get("kind", {}).get("const", "Parameters")
        lines += kind_section(title, f"`{PLACES[name]}`.", SCHEMAS[name])
    return "\n".join([*lines, *kind_section("Settings", "`[tool.perennial]` of `pyproject.toml`.", Settings)])


def kind_section(title: str, place: str, kind: type[Written]) -> list[str]:
    """One kind: where it is written, what it is for, its fields."""
    schema = schema_of(kind)
    told = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
    sentence = place if told.startswith("`") else f"{place} {told}"
    rows = fields(schema, schema, "")
    return [f"## {title}", "", sentence, "", "| field | value | default | meaning |", "| --- | --- | --- | --- |", *rows, ""]


def fields(node: Json, root: Json, prefix: str) -> Iterator[str]:
    """A row per field, those of nested objects below their own."""
    required = node.get("required", [])
    for name, written in node.get("properties", {}).items():
        path, inner = f"{prefix}{name}", resolved(written, root)
        if path in HEAD:
            continue
        if path == "metadata":
            yield from nested(inner, root, path)
            continue
        if name in RULES and inner.get("type") != "string":
            yield row(path, f"[{name}](gates.md)" if name == "gates" else f"[rules](rules.md#{name})", "required", "")
            continue
        if path == "spec" and "oneOf" in inner:
            yield row(path, "[rules](rules.md#rollouts)", "required", "")
            continue
        default = "required" if name in required else default_value(written)
        yield row(path, value_of(inner, root), default, written.get("description") or inner.get("description", ""))
        yield from nested(inner, root, path)


def default_value(written: Json) -> str:
    """The default, where it fits in a cell."""
    default = written.get("default")
    return "" if default in (None, "") or isinstance(default, dict | list) else f"`{json.dumps(default)}`"


def nested(inner: Json, root: Json, path: str) -> Iterator[str]:
    """The fields of what a field holds: an object, a list of them, a mapping to them, or one of several."""
    variants = [] if "properties" in inner else inner.get("oneOf", [])
    mapped = inner.get("additionalProperties") or next(iter(inner.get("patternProperties", {}).values()), None)
    if "properties" in inner:
        yield from fields(inner, root, f"{path}.")
    elif "items" in inner:
        yield from fields(long_form(resolved(inner["items"], root), root), root, f"{path}[].")
    elif isinstance(mapped, dict):
        yield from fields(resolved(mapped, root), root, f"{path}.<name>.")
    for variant in variants:
        one = resolved(variant, root)
        yield from fields(one, root, f"{path}({one['properties']['type']['const']}).")


def resolved(node: Json, root: Json) -> Json:
    """The node that a reference names; of `X or null`, X."""
    if "$ref" in node:
        return resolved(root["$defs"][node["$ref"].rpartition("/")[2]], root)
    several = [one for one in node.get("anyOf", []) if one.get("type") != "null"]
    return (
        resolved(several[0], root) | {key: value for key, value in node.items() if key == "description"}
        if len(several) == 1
        else node
    )


def long_form(node: Json, root: Json) -> Json:
    """Of what is text or a mapping, the mapping."""
    forms = [form for one in node.get("anyOf", ()) if (form := resolved(one, root)).get("type") == "object"]
    return forms[0] if len(forms) == 1 else node


def value_of(node: Json, root: Json) -> str:
    """What may be written there, in few words."""
    if "anyOf" in node:
        return " or ".join(dict.fromkeys(value_of(resolved(one, root), root) for one in node["anyOf"]))
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if "oneOf" in node and "properties" not in node:
        return "one of " + ", ".join(f"`{resolved(one, root)['properties']['type']['const']}`" for one in node["oneOf"])
    if node.get("type") == "array":
        return f"list of {value_of(resolved(node.get('items', {}), root), root)}"
    limits = [
        f"{words} {node[key]}"
        for key, words in (("minimum", "at least"), ("maximum", "at most"), ("exclusiveMinimum", "above"))
        if key in node
    ]
    kind = {"object": "mapping", "string": "text", None: "any"}.get(node.get("type"), node.get("type"))
    return ", ".join([str(kind), *limits])


def row(path: str, value: str, default: str, meaning: str) -> str:
    """One line of a table."""
    return f"| `{path}` | {value} | {default} | {cell(meaning)} |"


def cell(text: str) -> str:
    """Text that stays within its cell."""
    return " ".join(text.split()).replace("|", "&#124;")


def main(arguments: list[str]) -> int:
    """Write the pages, or tell which are not current."""
    stale = [path for path, text in pages().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            click.echo(f"{path} is not current: make docs", err=True)
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages()[path], encoding="utf-8")
    click.echo(f"{len(pages())} pages, {len(stale)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
