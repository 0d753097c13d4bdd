import pytest

from reconciler.specs.draft.artifacts import with_artifact

_TEXT = """\
stages:
  train: {cmd: x}   # keep me

artifacts:   # what `dvc artifacts get` knows
  # the first
  apple: {path: runs/apple/model.zip, type: model}
  melon:
    path: runs/melon/model.zip
    type: model

metrics: []
"""


@pytest.mark.parametrize(
    ("model", "before"),
    [
        ("aaa", "  # the first\n"),
        ("lemon", "  apple: {path: runs/apple/model.zip, type: model}\n"),
        ("zebra", "    type: model\n"),
    ],
)
def test_the_entry_comes_in_its_place_and_nothing_else_changes(model: str, before: str) -> None:
    changed = with_artifact(_TEXT, model, 'says "hi"')
    line = f'  {model}: {{path: runs/{model}/model.zip, type: model, desc: "says \\"hi\\""}}\n'

    assert changed.replace(line, "") == _TEXT
    assert before + line in changed


@pytest.mark.parametrize("text", ["", "\n", "artifacts: {apple: {path: x}}\n"])
def test_without_a_pipeline_or_a_section_in_block_style_nothing_changes(text: str) -> None:
    assert with_artifact(text, "pear", "") == text


def test_a_pipeline_without_the_section_is_given_one() -> None:
    line = '  pear: {path: runs/pear/model.zip, type: model, desc: "a pear"}\n'
    assert with_artifact("stages: {}\n", "pear", "a pear") == f"stages: {{}}\n\nartifacts:\n{line}"


def test_an_entry_that_is_there_stays() -> None:
    assert with_artifact(_TEXT, "melon", "new") == _TEXT


def test_a_section_at_the_very_end_without_a_line_end_is_continued() -> None:
    assert with_artifact("artifacts:\n  a: {path: x}", "b", "B").endswith(
        "  a: {path: x}\n  b: {path: runs/b/model.zip, type: model, desc: B}\n"
    )
