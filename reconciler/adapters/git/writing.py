"""Writes objects: nothing here moves a ref, so nothing here can be half done."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.adapters.git.process import GitProcess, writing_to
from reconciler.adapters.git.reading import checked
from reconciler.domain.names import COMMITTER, Revision
from reconciler.errors import PermanentActError

_NO_OBJECT = "0" * 40
_UNSEEN = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


def check_path(path: str) -> str:
    """The path, if it stays inside the repository and outside `.git`. Raises PermanentActError."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or _is_git(part) for part in parts) or re.search(r"[\x00-\x1f\x7f\\]", path):
        raise PermanentActError(
            f"{path!r} is not a path that may be committed: it must stay inside the repository", help="git ls-files"
        )
    return path


def _is_git(part: str) -> bool:
    """Some file system takes the name for `.git`: Mac's skips signs that are not seen, Windows' the end and a stream's name."""
    return _UNSEEN.sub("", part).partition(":")[0].rstrip(" .").lower() in (".git", "git~1")


def check_files(files: Mapping[str, bytes | None]) -> None:
    """Every path may be committed, and none is both a file and a directory. Raises PermanentActError."""
    kept = {check_path(path) for path, content in files.items() if content is not None}
    for path in files:
        check_path(path)
    for path in sorted(kept):
        parts = path.split("/")
        above = next((p for p in ("/".join(parts[:i]) for i in range(1, len(parts))) if p in kept), None)
        if above:
            raise PermanentActError(f"{above} cannot be a file and the directory of {path}", help="git ls-files")


def clean_message(message: str) -> bytes:
    """The message as git keeps it: UTF-8, no NUL, one newline at the end."""
    return (message.replace("\0", "\ufffd").rstrip() + "\n").encode(errors="replace")


def blob_id(content: bytes) -> str:
    """Git's name for the content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def write_blobs(git: GitProcess, contents: Mapping[str, bytes]) -> None:
    """Store the contents, by blob id, in one process (a pack when there are many)."""
    if contents:
        stream = b"".join(b"blob\ndata %d\n%b\n" % (len(content), content) for content in contents.values())
        git.write("fast-import", "--quiet", stdin=stream)


def write_tree(git: GitProcess, parent: Revision | None, files: Mapping[str, bytes | None]) -> str:
    """The parent's tree (None: empty) with the files laid over it; files that were executable stay so."""
    check_files(files)
    blobs = {path: blob_id(content) for path, content in files.items() if content is not None}
    write_blobs(git, {blobs[path]: content for path, content in files.items() if content is not None})
    with writing_to("the temporary directory"), TemporaryDirectory(prefix="perennial-index-") as directory:
        extra = {"GIT_INDEX_FILE": str(Path(directory, "index"))}
        modes: dict[str, str] = {}
        if parent:
            git.write("read-tree", checked(parent), extra=extra)
            modes = _modes(git.write("ls-files", "--stage", "-z", extra=extra))
        lines = [f"0 {_NO_OBJECT}\t{path}" for path, content in files.items() if content is None]
        lines += [f"{modes.get(path, '100644')} {blob}\t{path}" for path, blob in blobs.items()]
        stream = "".join(f"{line}\0" for line in lines).encode(errors="surrogateescape")
        git.write("update-index", "--add", "--replace", "-z", "--index-info", stdin=stream, extra=extra)
        return git.write("write-tree", extra=extra).decode().strip()


def _modes(listing: bytes) -> dict[str, str]:
    entries = (entry.split(b"\t", 1) for entry in listing.split(b"\0")[:-1])
    return {path.decode(errors="surrogateescape"): "100755" for meta, path in entries if meta.startswith(b"100755")}


def write_commit(git: GitProcess, tree: str, parents: Sequence[Revision], message: str, at: datetime) -> Revision:
    """A commit of the tree; author and committer are Perennial, at `at`, so the same input gives the same id."""
    date = f"{_seconds(at)} +0000"
    extra = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _identity(date)}
    above = [part for parent in parents for part in ("-p", checked(parent))]
    out = git.write("commit-tree", *above, "-F", "-", tree, stdin=clean_message(message), extra=extra)
    return Revision(out.decode().strip())


def write_tag(git: GitProcess, name: str, target: Revision, message: str, at: datetime) -> Revision:
    """An annotated tag object. Raises PermanentActError when the name cannot be a tag."""
    if git.attempt("check-ref-format", f"refs/tags/{name}").code:
        raise PermanentActError(f"{name!r} cannot be the name of a tag", help="git check-ref-format")
    head = f"object {checked(target)}\ntype commit\ntag {name}\ntagger {COMMITTER[0]} <{COMMITTER[1]}> {_seconds(at)} +0000\n\n"
    return Revision(git.write("mktag", stdin=head.encode() + clean_message(message)).decode().strip())


def _identity(date: str) -> tuple[tuple[str, str], ...]:
    return ("NAME", COMMITTER[0]), ("EMAIL", COMMITTER[1]), ("DATE", date)


def _seconds(at: datetime) -> int:
    if at.tzinfo is None:
        raise PermanentActError(
            f"a commit needs a time with its zone, not {at.isoformat()}", help="perennial reconcile --as-of TIME"
        )
    return int(at.astimezone(UTC).timestamp())
