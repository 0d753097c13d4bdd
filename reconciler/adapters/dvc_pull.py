"""Run as a program, in a process of its own: has DVC bring files, by their MD5, from the default remote into the cache.

It imports DVC, which takes a second, and nothing of Perennial. Exit code 0 when they are in the cache, 1 with a sentence on
stderr when not.
"""

import sys


def main(md5s: list[str]) -> int:
    """Pull, from the checkout in the current directory."""
    from dvc.exceptions import DvcException  # type: ignore[import-untyped]
    from dvc.repo import Repo  # type: ignore[import-untyped]
    from dvc_data.hashfile.hash_info import HashInfo

    try:
        with Repo() as repo:
            result = repo.cloud.pull([HashInfo("md5", md5) for md5 in md5s], jobs=1)
    except (DvcException, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if result.failed:
        sys.stderr.write("the transfer failed, or the remote does not have all of it\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
