"""The model's entry in `artifacts:` of dvc.yaml, as an edit of the text that leaves all else as it is. Pure."""

import re

from reconciler.domain.names import run_path
from reconciler.specs.draft.quoting import quoted

_SECTION = re.compile(r"^artifacts:[ \t]*(#.*)?$")
_ENTRY = re.compile(r"^( +)([A-Za-z0-9][A-Za-z0-9_/-]*):")


def with_artifact(text: str, model: str, description: str) -> str:
    """dvc.yaml with the model among its artifacts, before the first name that sorts after it.

    A pipeline without the section `artifacts:` is given one. Unchanged when that is not in block style, when the model is in
    it already, or when there is no pipeline.
    """
    text = _with_section(text)
    lines = text.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines, start=1) if _SECTION.match(line.rstrip("\n"))), None)
    if start is None:
        return text
    end, indent, place = start, "  ", None
    for number in range(start, len(lines)):
        line = lines[number]
        if line.strip() and not line.startswith((" ", "#")):
            break
        entry = _ENTRY.match(line)
        if entry and number == start:
            indent = entry[1]
        if entry and entry[1] == indent:
            if entry[2] == model:
                return text
            if place is None and entry[2] > model:
                place = number
        if line.startswith(" "):
            end = number + 1
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    item = f"{indent}{model}: {{path: {run_path(model, 'model.zip')}, type: model, desc: {quoted(description)}}}\n"
    lines.insert(end if place is None else place, item)
    return "".join(lines)


def _with_section(text: str) -> str:
    if not text.strip() or re.search(r"^artifacts\s*:", text, re.MULTILINE):
        return text
    return f"{text.rstrip()}\n\nartifacts:\n"
