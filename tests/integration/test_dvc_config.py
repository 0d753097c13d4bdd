"""DVC's configuration is read as DVC reads it: the real DVC is asked for comparison."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.adapters.dvc_config import (
    cache_dir,
    cache_dirs,
    default_remote,
    main_checkout,
    read_config,
    reports_use,
    training_config,
)
from reconciler.errors import ObserveError
from tests.repositories import ENVIRONMENT, a_repository, git
from tests.unprivileged import as_nobody

ASK = """
import json, sys
from dvc.config import Config
seen = []
for root in sys.argv[1:]:
    config = Config(root + "/.dvc", validate=False)
    seen.append({"cache": config.get("cache", {}).get("dir"), "remote": config.get("core", {}).get("remote"),
                 "paths": {name: {k: str(v) for k, v in remote.items()} for name, remote in config.get("remote", {}).items()}})
print(json.dumps(seen))
"""
CONFIGS = {
    "nothing": ("", ""),
    "relative": ("[cache]\n    dir = ../store\n", ""),
    "absolute": ("[cache]\n    dir = /data/cache\n", ""),
    "home": ("[cache]\n    dir = ~/dvc cache\n", ""),
    "local wins": ("[core]\n    remote = one\n[cache]\n    dir = a\n", "[core]\n    remote = two\n[cache]\n    dir = b\n"),
    "quoted": ("[cache]\n    dir = \"/data/a,b\"\n[core]\n    remote = 'one'\n", ""),
    "comment": ("# first\n[cache]\n    dir = /data/cache  # ours\n", ""),
    "indents": ("[core]\nanalytics = false\n        remote = deep\n  [cache]\n dir = x\n", ""),
    "letters": ("[cache]\n    dir = /dätä/列\n", ""),
    "per cent": ("[cache]\n    dir = /data/100%s\n", ""),
}
LOCAL = """
['remote "files"']
    url = ../../remote, old
    keyfile = keys/mine
['remote "store"']
    url = s3://bucket/x
    credentialpath = ~/.aws/credentials
    configpath = ../aws
    secret_access_key = hush
['remote "web"']
    url = https://example.com/x
    cert_path = /etc/cert.pem
    key_path = key.pem
""".replace("url = ../../remote, old", 'url = "../../remote, old"')


def a_checkout(root: Path, config: str, local: str = "") -> Path:
    (root / ".dvc").mkdir(parents=True)
    (root / ".dvc/config").write_text(config)
    (root / ".dvc/config.local").write_text(local)
    return root


def asked(*roots: Path) -> list[dict[str, object]]:
    command = [sys.executable, "-c", ASK, *map(str, roots)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    seen: list[dict[str, object]] = json.loads(done.stdout)
    return seen


def test_cache_and_remote_are_those_that_dvc_finds(tmp_path: Path) -> None:
    roots = [a_checkout(tmp_path / f"c{i}", *texts) for i, texts in enumerate(CONFIGS.values())]

    for name, root, seen in zip(CONFIGS, roots, asked(*roots), strict=True):
        assert str(cache_dir(root)) == (seen["cache"] or str(root / ".dvc/cache")), name
        assert default_remote(root) == seen["remote"], name


def test_a_training_reads_the_same_remotes_and_the_given_cache(tmp_path: Path) -> None:
    main = a_checkout(tmp_path / "main", "", LOCAL)
    cache = tmp_path / "a, b#c/cache"
    worktree = a_checkout(tmp_path / "deep/down/worktree", "", training_config(main, cache))
    before, after = asked(main, worktree)

    assert after["paths"] == before["paths"]
    assert after["cache"] == str(cache)
    assert after["paths"]["files"]["url"] == str(tmp_path / "remote, old")  # type: ignore[index]
    assert after["paths"]["store"]["secret_access_key"] == "hush"  # type: ignore[index]


@pytest.mark.parametrize(
    ("config", "local", "reports"),
    [
        ("", "", True),
        ("[core]\n analytics = false\n", "", False),
        ("[core]\n analytics = False\n", "", False),
        ("", "[core]\n analytics = false\n", False),
        ("[core]\n analytics = false\n", "[core]\n analytics = true\n", True),
    ],
    ids=["unsaid", "off", "off in capitals", "off on this machine", "on on this machine"],
)
def test_who_switches_telemetry_off(tmp_path: Path, config: str, local: str, reports: bool) -> None:
    assert reports_use(a_checkout(tmp_path / "x", config, local)) is reports


@pytest.mark.parametrize("content", [b"password = hush\n", b"[core\npassword = hush\n", b"[core]\nhush\n", b"\xff\n"])
def test_a_configuration_that_cannot_be_read_is_named_and_not_shown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc/config").write_bytes(content)
    with pytest.raises(ObserveError, match=r"^\.dvc/config cannot be read: [^\n]*$") as caught:
        cache_dir(tmp_path)

    assert "hush" not in caught.value.message


def test_without_rights_it_is_an_error_and_not_a_default() -> None:
    with as_nobody() as root:
        (root / "config").touch(mode=0o000)
        with pytest.raises(ObserveError, match=r"cannot be read: .*Permission denied"):
            read_config(root / "config")


@pytest.mark.parametrize("place", ["gone/config", "file/config"])
def test_no_file_is_no_configuration(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()

    assert read_config(tmp_path / place).sections() == []


@pytest.mark.parametrize("relative", [False, True], ids=["absolute link", "relative link"])
def test_a_linked_worktree_belongs_to_its_main_checkout(tmp_path: Path, relative: bool) -> None:
    repository, linked = a_repository(tmp_path / "repo"), tmp_path / "some/linked"
    git(repository.root, "worktree", "add", "-q", "--detach", str(linked))
    if relative:
        (linked / ".git").write_text("gitdir: ../../repo/.git/worktrees/linked\n")

    assert main_checkout(linked) == repository.root
    assert main_checkout(repository.root) == repository.root
    assert cache_dirs(linked) == (linked / ".dvc/cache", repository.root / ".dvc/cache")
    assert cache_dirs(repository.root) == (repository.root / ".dvc/cache",)


def test_a_worktree_of_a_bare_repository_is_on_its_own(tmp_path: Path) -> None:
    repository = a_repository(tmp_path / "repo.git", bare=True)
    git(repository.root, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))

    assert main_checkout(tmp_path / "linked") == tmp_path / "linked"


def test_a_submodule_a_separate_git_directory_and_no_repository_are_on_their_own(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--separate-git-dir", str(tmp_path / "elsewhere"), str(tmp_path / "apart"))
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd/.git").write_bytes(b"gitdir: /no\xffwhere\n")

    for root in (tmp_path / "apart", tmp_path / "odd", tmp_path / "none"):
        assert main_checkout(root) == root
