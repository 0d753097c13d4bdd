"""Reads the little of DVC's configuration that we need without importing DVC, and writes the part of a training's worktree."""

import configparser
import io
from pathlib import Path

from reconciler.errors import ObserveError

_LOCAL = "config.local"
_PATHS = (
    *("url", "dir", "credentialpath", "configpath", "keyfile", "cert_path", "key_path"),
    *("gdrive_user_credentials_file", "gdrive_service_account_json_file_path"),
)
"""Options that DVC takes for paths from the file that they stand in."""


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
    found = [value for config in _configs(folder) if (value := value_of(config, "cache", "dir"))]
    return (folder / Path(found[-1] if found else "cache").expanduser()).resolve()


def default_remote(root: Path) -> str | None:
    """The name of `core.remote` of the main checkout, or None."""
    names = [value_of(config, "core", "remote") for config in _configs(main_checkout(root) / ".dvc")]
    return next((name for name in reversed(names) if name), None)


def remote_url(root: Path) -> str:
    """The address of the default remote; empty when there is none."""
    name = default_remote(root)
    sections = (f"'remote \"{name}\"'", f'remote "{name}"')
    found = [
        url for config in _configs(main_checkout(root) / ".dvc") for one in sections if (url := value_of(config, one, "url"))
    ]
    return found[-1] if name and found else ""


def reports_use(checkout: Path) -> bool:
    """DVC may report its use from here: `core.analytics` is not off."""
    said = [value_of(config, "core", "analytics") for config in _configs(checkout / ".dvc")]
    return next((value.lower() for value in reversed(said) if value), "true") != "false"


def _configs(folder: Path) -> list[configparser.ConfigParser]:
    """That of the repository, then that of this machine, which counts more."""
    return [read_config(folder / name) for name in ("config", _LOCAL)]


def value_of(config: configparser.ConfigParser, section: str, option: str) -> str:
    """The value without the quotes that DVC writes around some; empty when there is none."""
    value = config.get(section, option, fallback="").strip()
    return value[1:-1] if len(value) > 1 and value[0] in "\"'" and value[0] == value[-1] else value


def read_config(path: Path) -> configparser.ConfigParser:
    """The file's sections, empty when there is no file. Raises ObserveError when it cannot be read."""
    parser = configparser.ConfigParser(
        interpolation=None, delimiters=("=",), comment_prefixes=("#",), inline_comment_prefixes=("#",), strict=False
    )
    try:
        text = path.read_text(encoding="utf-8")
        parser.read_string("\n".join(line.strip() for line in text.splitlines()))  # DVC gives no meaning to indents
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (configparser.Error, UnicodeDecodeError, OSError) as error:
        reason = str(error).splitlines()[0]  # what follows might show a password
        raise ObserveError(f"{path.parent.name}/{path.name} cannot be read: {reason}", help="dvc config --list") from error
    return parser


def training_config(checkout: Path, cache: Path) -> str:
    """The `config.local` of a worktree: that of the checkout, with its cache.

    Paths that are relative to the checkout's file are made absolute. It may hold credentials: write it for the owner only.
    """
    folder = checkout / ".dvc"
    parser = read_config(folder / _LOCAL)
    for section in parser.sections():
        for option in _PATHS:
            value = value_of(parser, section, option)
            if value and "://" not in value:
                parser.set(section, option, _quoted((folder / Path(value).expanduser()).resolve()))
    if not parser.has_section("cache"):
        parser.add_section("cache")
    parser.set("cache", "dir", _quoted(cache))
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()


def _quoted(path: Path) -> str:
    """So that DVC takes no comma for a list and no number sign for a comment."""
    sign = "'" if '"' in str(path) else '"'
    return f"{sign}{path}{sign}"
