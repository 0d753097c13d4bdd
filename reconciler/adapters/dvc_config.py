"""Reads the little of DVC's configuration that we need without importing DVC, and writes the part of a training's worktree."""

import configparser
import io
from pathlib import Path

from reconciler.errors import ObserveError

_LOCAL = "config.local"


def main_checkout(root: Path) -> Path:
    """The checkout that a linked worktree belongs to, where data that Git ignores lives; the root itself when there is none.

    Worktrees of a bare repository belong to no checkout.
    """
    link = root / ".git"
    if not link.is_file():
        return root
    folder = root / _path_in(link).removeprefix("gitdir:").strip()
    if not (folder / "commondir").is_file():
        return root
    common = (folder / _path_in(folder / "commondir").strip()).resolve()
    return common.parent if common.name == ".git" else root


def _path_in(file: Path) -> str:
    """Paths need not be UTF-8."""
    return file.read_text(encoding="utf-8", errors="surrogateescape")


def cache_dirs(root: Path) -> tuple[Path, ...]:
    """Where the checkout's artifacts may be: its own cache, and that of the main checkout, without repetition."""
    return tuple(dict.fromkeys(cache_dir(place) for place in (root, main_checkout(root))))


def cache_dir(checkout: Path) -> Path:
    """`cache.dir` of the checkout's configuration, or DVC's default."""
    folder = checkout / ".dvc"
    configured = folder / "cache"
    for name in ("config", _LOCAL):
        configured = folder / read_config(folder / name).get("cache", "dir", fallback=str(configured))
    return configured.resolve()


def default_remote(root: Path) -> str | None:
    """The name of `core.remote` of the main checkout, or None."""
    folder = main_checkout(root) / ".dvc"
    names = [read_config(folder / name).get("core", "remote", fallback=None) for name in ("config", _LOCAL)]
    return next((name for name in reversed(names) if name), None)


def read_config(path: Path) -> configparser.ConfigParser:
    """The file's sections, empty when there is no file. Raises ObserveError when it cannot be read."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",), strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (configparser.Error, UnicodeDecodeError) as error:
        raise ObserveError(f"{path.parent.name}/{path.name} cannot be read: {error}", help="dvc config --list") from error
    return parser


def training_config(checkout: Path, cache: Path) -> str:
    """The `config.local` of a worktree: that of the checkout, with its cache.

    Paths that are relative to the checkout's file are made absolute. It may hold credentials: write it for the owner only.
    """
    folder = checkout / ".dvc"
    parser = read_config(folder / _LOCAL)
    for section in parser.sections():
        for option in ("url", "dir"):
            value = parser.get(section, option, fallback="")
            if value and "://" not in value and not value.startswith(("/", "~")):
                parser.set(section, option, str((folder / value).resolve()))
    if not parser.has_section("cache"):
        parser.add_section("cache")
    parser.set("cache", "dir", str(cache))
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()
