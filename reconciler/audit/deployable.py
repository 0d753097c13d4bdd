"""Whether what must stay deployable can be fetched now: from where packages are published, or from DVC, to be published again."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from reconciler.audit.retention import Retained
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.names import Digest
from reconciler.domain.packages import FILE, RULE
from reconciler.errors import ObserveError
from reconciler.observe.packaging import packaging_of
from reconciler.ports import Packages, Readers
from reconciler.specs.specs import Specs

DEPLOYABLE = "deployable"


def deployable(retained: Sequence[Retained], specs: Specs, readers: Readers) -> Mapping[Digest, Judgement]:
    """By the digest of the build."""
    builds = {Digest(one.build.digest): one.build for one in retained}
    published = packaging_of(builds.values(), specs, readers)
    elsewhere = [digest for digest in builds if digest not in published or published[digest].answer is not Answer.YES]
    in_dvc = _in_dvc({digest: builds[digest].artifact.md5 for digest in elsewhere}, readers)
    return {digest: _judged(published.get(digest), in_dvc.get(digest)) for digest in builds}


def read_whole(retained: Retained, said: Judgement, place: Packages | None) -> Judgement:
    """The same for what is published, from its bytes: they come, and they are those that were released."""
    if place is None or said.answer is not Answer.YES or said.rule != RULE:
        return said
    with tempfile.TemporaryDirectory(prefix="perennial-package-") as folder:
        try:
            place.fetch(retained.package, Path(folder) / FILE)
        except ObserveError as error:
            return no(DEPLOYABLE, "unfetchable", error.message, error.help)
    return yes(DEPLOYABLE, "read", f"{said.message}, and was read: its SHA-256 is {retained.build.artifact.sha256}")


def _judged(published: Judgement | None, in_dvc: Judgement | None) -> Judgement:
    """What is published needs no more. What is only in DVC is published when it is to run."""
    if in_dvc is None:
        return published or unknown(DEPLOYABLE, "notAsked", "nothing was asked")
    if in_dvc.answer is Answer.YES or published is None:
        return in_dvc
    message, remedy = f"{published.message}; {in_dvc.message}", published.remedy or in_dvc.remedy
    if Answer.UNKNOWN in (published.answer, in_dvc.answer):
        return unknown(DEPLOYABLE, "cannotTell", message, remedy)
    return no(DEPLOYABLE, "gone", message, remedy)


def _in_dvc(md5s: Mapping[Digest, str], readers: Readers) -> Mapping[Digest, Judgement]:
    """In the cache of this machine, or in the remote."""
    here = {digest for digest, md5 in md5s.items() if readers.cache and readers.cache.find(md5)}
    away = {digest: md5 for digest, md5 in md5s.items() if digest not in here}
    found = dict.fromkeys(here, yes(DEPLOYABLE, "inCache", "it is in DVC's cache on this machine"))
    if not away:
        return found
    if readers.data_remote is None:
        message = "it is not in DVC's cache on this machine, and there is no DVC remote"
        return found | dict.fromkeys(away, no(DEPLOYABLE, "gone", message, "perennial audit MODEL --reproduce"))
    try:
        absent = readers.data_remote.absent(sorted(set(away.values())))
    except ObserveError as error:
        return found | dict.fromkeys(away, unknown(DEPLOYABLE, "remoteUnknown", error.message, error.help))
    gone = no(DEPLOYABLE, "gone", "it is in no cache or remote of DVC", "perennial audit MODEL --reproduce")
    there = yes(DEPLOYABLE, "inRemote", "it is in the DVC remote")
    return found | {digest: gone if md5 in absent else there for digest, md5 in away.items()}
