"""Checks of functions that specs name: their file is there and names them. It is read, never run."""

import ast
from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.dataset import module_path
from reconciler.specs.document import Text
from reconciler.specs.guide import did_you_mean
from reconciler.specs.loaded import Loaded
from reconciler.specs.syntax import Path


def check_function(document: Text, path: Path, function: str, folders: tuple[str, ...], loaded: Loaded) -> Iterator[Problem]:
    """The file of `module:function` is in one of the folders, and its top level names the function."""
    file, name = module_path(function), function.partition(":")[2]
    if not file.startswith(folders):
        yield document.problem(path, f"{file} is not under {' or '.join(folders)}, where such functions live")
    elif file not in loaded.files:
        modules = [known for known in loaded.files if known.startswith(folders) and known.endswith(".py")]
        yield document.problem(path, f"there is no file {file} for {function}", did_you_mean(file, modules))
    else:
        yield from _named(document, path, file, name, loaded.files[file])


def _named(document: Text, path: Path, file: str, name: str, content: bytes) -> Iterator[Problem]:
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield document.problem(path, f"{file} is no Python that can be read: {error}")
        return
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body):
        return
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    if name not in names:
        public = [word for word in names if not word.startswith("_")]
        yield document.problem(path, f"{file} has no function {name}", did_you_mean(name, public))
