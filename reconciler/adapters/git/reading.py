"""Reads refs, trees and blobs: few processes, whatever the number of files."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from reconciler.adapters.git.process import GitProcess
from reconciler.domain.commits import CommitInfo
from reconciler.domain.names import Revision, short
from reconciler.errors import ObserveError

_OBJECT_ID = re.compile(r"[0-9a-f]{40}")
_REGULAR = ("100644", "100755")
_REF_FORMAT = "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)"


def checked(revision: str) -> Revision:
    """The revision, if it is a full object id; ObserveError otherwise, so that no text becomes an option of git."""
    if not _OBJECT_ID.fullmatch(revision):
        raise ObserveError(f"{revision!r} is not a full commit id of 40 hexadecimal digits", help="git rev-parse")
    return Revision(revision)


def read_refs(git: GitProcess, prefixes: Iterable[str]) -> dict[str, Revision]:
    """Full name to commit, sorted by name; refs to other things than commits are left out."""
    patterns = [prefix.rstrip("/") for prefix in prefixes]
    if any(not pattern.startswith("refs") or set("*?[\\") & set(pattern) for pattern in patterns):
        raise ObserveError(f"not a prefix of refs: {', '.join(patterns)}", help="git for-each-ref")
    refs: dict[str, Revision] = {}
    for line in git.read("for-each-ref", _REF_FORMAT, *patterns).decode(errors="surrogateescape").split("\n")[:-1]:
        kind, name, peeled_kind, peeled, ref = line.split(" ", 4)
        if kind == "commit":
            refs[ref] = Revision(name)
        elif peeled_kind == "commit":
            refs[ref] = Revision(peeled)
        elif peeled_kind == "tag":
            refs[ref] = Revision(git.read("rev-parse", "--verify", f"{name}^{{}}").decode().strip())
    return refs


def read_tree(git: GitProcess, revision: Revision, prefixes: Iterable[str]) -> dict[str, str]:
    """Path to blob id of the regular files at or under the prefixes."""
    places = [prefix.strip("/") for prefix in prefixes]
    if any(part in ("", ".", "..") for place in places for part in place.split("/")):
        raise ObserveError(f"not a path in the repository: {', '.join(places) or 'the empty path'}", help="git ls-files")
    listing = git.read("ls-tree", "-r", "-z", "--full-tree", checked(revision), "--", *places)
    found: dict[str, str] = {}
    for entry in listing.split(b"\0")[:-1]:
        meta, path = entry.split(b"\t", 1)
        mode, _, blob = meta.decode().split(" ")
        if mode in _REGULAR:
            found[path.decode(errors="surrogateescape")] = blob
    return found


def read_objects(git: GitProcess, names: Iterable[str]) -> dict[str, bytes]:
    """Object name (an id, or `<commit>:<path>`) to content, in one process; names that do not exist are left out."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    output = git.read("cat-file", "--batch", "--buffer", stdin="".join(f"{name}\n" for name in wanted).encode())
    contents: dict[str, bytes] = {}
    position = 0
    for name in wanted:
        end = output.index(b"\n", position)
        header = output[position:end].rsplit(b" ", 2)
        position = end + 1
        if header[-1] == b"missing":
            continue
        size = int(header[-1])
        contents[name] = output[position : position + size]
        position += size + 1
    return contents


def read_files(git: GitProcess, revision: Revision, prefixes: Iterable[str]) -> Mapping[str, bytes]:
    """Path to content, sorted by path as git sorts."""
    tree = read_tree(git, revision, prefixes)
    contents = read_objects(git, tree.values())
    lost = [path for path, blob in tree.items() if blob not in contents]
    if lost:
        raise ObserveError(f"{len(lost)} of {len(tree)} files have no content here, first {lost[0]}", help="git fetch --refetch")
    return {path: contents[blob] for path, blob in tree.items()}


def last_change(git: GitProcess, revision: Revision, path: str) -> Revision | None:
    """The newest first-parent commit that changed the path."""
    found = git.read("rev-list", "-1", "--first-parent", checked(revision), "--", path).decode().strip()
    return Revision(found) if found else None


def commit_info(git: GitProcess, revision: Revision) -> CommitInfo:
    """Parents, author, committer, committer time (UTC) and message."""
    options = ("--no-patch", "--no-show-signature", "--no-notes", "--no-mailmap", "--encoding=utf-8")
    out = git.read("show", *options, "--format=%P%x00%an <%ae>%x00%ce%x00%ct%x00%B", f"{checked(revision)}^{{commit}}")
    parents, author, committer, seconds, message = out.decode(errors="replace").split("\0", 4)
    try:
        at = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ObserveError(f"commit {short(revision)} has no time that can be read: {seconds!r}", help="git fsck") from error
    return CommitInfo(
        parents=tuple(Revision(parent) for parent in parents.split()),
        author=author,
        committer=committer,
        at=at,
        message=message.rstrip("\n") + "\n",
    )


def contains(git: GitProcess, tip: Revision, revision: Revision) -> bool:
    """Whether the history of `tip` leads to `revision`."""
    return git.attempt("merge-base", "--is-ancestor", checked(revision), checked(tip)).code == 0


def branches_in(git: GitProcess, revision: Revision, place: str = "refs/heads") -> frozenset[str]:
    """The branches in that place whose tip is the revision or one of its ancestors."""
    out = git.read("for-each-ref", f"--merged={checked(revision)}", "--format=%(refname)", place)
    return frozenset(out.decode(errors="surrogateescape").split("\n")[:-1])


def entered(git: GitProcess, base: Revision, tip: Revision) -> Revision:
    """The first-parent commit of `base` that brought in `tip`."""
    out = git.read("rev-list", "--first-parent", "--ancestry-path", "--parents", f"{checked(tip)}..{checked(base)}").decode()
    if not out:
        return tip
    commit, first_parent, *_ = out.splitlines()[-1].split(" ")
    return tip if first_parent == tip else Revision(commit)
