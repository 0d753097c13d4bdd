"""Run as a program, in a process of its own: what DVC's default remote has, and has DVC push what it has not.

It imports DVC, which takes a second, and nothing of Perennial. Reads a JSON list of MD5s (of a folder's list, `.dir` at its end),
prints a JSON list of those that are not wholly in the remote. When it cannot tell it dies of whatever error the storage's own
library has, and stderr ends with that.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any


def main(verb: str, wanted: list[str]) -> None:
    """`look` or `push`, from the checkout in the current directory."""
    from dvc.repo import Repo  # type: ignore[import-untyped]
    from dvc_data.hashfile.hash_info import HashInfo

    with Repo() as repo:
        remote = repo.cloud.get_remote_odb(None, verb)
        members = {md5: files_of(repo.cache.local, remote, md5) for md5 in wanted if md5.endswith(".dir")}
        if verb == "push":
            files = {*wanted, *(file for folder in members.values() for file in folder)} - members.keys()
            for some in (sorted(files), sorted(members)):  # a folder's list last: who finds it may trust it
                repo.cloud.push([HashInfo("md5", md5) for md5 in some])
            remote.fs.fs.invalidate_cache()
        sys.stdout.write(json.dumps(missing(remote, wanted, members)))


def missing(remote: Any, wanted: list[str], members: Mapping[str, list[str]]) -> list[str]:
    """Those of the wanted that the remote does not have. A folder is there when its list and all files in it are.

    Each is asked for by its name: what DVC remembers of a remote may be out of date.
    """
    asked = sorted({*wanted, *(file for folder in members.values() for file in folder)})
    there = set(remote.list_oids_exists(asked))
    return [md5 for md5 in wanted if not {md5, *members.get(md5, ())} <= there]


def files_of(cache: Any, remote: Any, md5: str) -> list[str]:
    """The MD5s in the folder's list, from this machine or else from the remote; none when neither has it."""
    for place in (cache, remote):
        if place.exists(md5):
            with place.fs.open(place.oid_to_path(md5), "rb") as file:
                return [entry["md5"] for entry in json.load(file)]
    return []


if __name__ == "__main__":
    main(sys.argv[1], json.load(sys.stdin))
