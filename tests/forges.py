"""Each forge that there is, with what happens to branches and pull requests outside of it, for tests of the port."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reconciler.adapters.fakes.forge import FakeForge
from reconciler.adapters.forges.github import AppKey, GitHubForge, GitHubPlace, Token
from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.forges.records import read_record
from reconciler.adapters.git import GitRepository
from reconciler.domain.changes import Marker, Proposal, PullRequest
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Digest, Revision
from reconciler.ports import Memory
from tests.github.emulator import TOKEN, EmulatedRepository
from tests.github.keys import app_key
from tests.github.server import GitHubServer, github_server
from tests.github.world import World
from tests.repositories import AT, MAIN_REF, a_remote, a_repository, put
from tests.repositories import branch as make_branch

BRANCH = "perennial/flight-delay/production"
MARK = Marker(model="flight-delay", environment="production", digest=Digest("sha256:0"), content=Digest("sha256:1")).to_comment()


@dataclass(frozen=True)
class Forge:
    """A forge, and what happens to branches outside it. `author` is who opens its pull requests."""

    forge: FakeForge | LocalForge | GitHubForge
    push: Callable[[str], Revision]
    tip: Callable[[str], Revision | None]
    clash: Callable[[str], None]
    delete: Callable[[str], object]
    label: Callable[[int, str], None]
    said: Callable[[int], list[str]]
    author: str = ""
    server: GitHubServer | None = None

    def propose(
        self, branch: str = BRANCH, title: str = "Promote", body: str = f"Why\n{MARK}", base: str = "main", **more: Any
    ) -> PullRequest:
        return self.forge.propose(Proposal(branch=branch, base=base, title=title, body=body, **more), AT)

    def only(self) -> PullRequest:
        (pull,) = self.forge.pull_requests()
        return pull


@contextmanager
def a_forge(kind: str, where: Path) -> Iterator[Forge]:
    """By name: `fake`, `local`, `remote` or `github`."""
    match kind:
        case "fake":
            yield a_fake()
        case "local":
            yield a_local(a_repository(where))
        case "remote":
            yield a_local(a_remote(where))
        case _:
            with a_github(where) as forge:
                yield forge


def a_fake() -> Forge:
    counter = itertools.count(1)
    branches = {"main": Revision(f"{0:040x}")}

    def push(branch: str) -> Revision:
        branches[branch] = Revision(f"{next(counter):040x}")
        return branches[branch]

    fake = FakeForge(branches)

    def label(number: int, name: str) -> None:
        fake.pulls[number] = replace(fake.pulls[number], labels=(*fake.pulls[number].labels, name))

    def said(number: int) -> list[str]:
        return [text for (one, _), text in fake.keyed.items() if one == number]

    return Forge(fake, push, branches.get, fake.conflicting.add, branches.pop, label, said)


@dataclass(frozen=True)
class Branches:
    """The branches of a real repository, moved by somebody else."""

    repository: GitRepository
    counter: Iterator[int]

    def push(self, branch: str) -> Revision:
        return make_branch(self.repository, branch, {f"{branch}.txt": str(next(self.counter)).encode()})

    def clash(self, branch: str) -> None:
        put(self.repository, MAIN_REF, {f"{branch}.txt": b"other"})

    def tip(self, branch: str) -> Revision | None:
        return self.repository.refs("refs/heads").get(f"refs/heads/{branch}")

    def delete(self, branch: str) -> None:
        self.repository.update([RefUpdate(ref=f"refs/heads/{branch}", new=None, expected=self.tip(branch))])


def a_local(repository: GitRepository) -> Forge:
    """The local forge on the repository's own refs, or on its remote's."""
    branches = Branches(repository, itertools.count(1))

    def label(number: int, name: str) -> None:
        """What a person does who edits the record by hand."""
        ref = f"refs/perennial/pulls/{number}"
        before = repository.refs(ref)[ref]
        record = read_record(ref, repository.files(before))
        files = replace(record, labels=(*record.labels, name)).to_files()
        commit = repository.commit_record(parents=[before], files=files, message="Label", at=AT)
        repository.update([RefUpdate(ref=ref, new=commit, expected=before)])

    forge = LocalForge(repository)

    def said(number: int) -> list[str]:
        return [one.text for one in forge.comments(number) if one.key]

    return Forge(forge, branches.push, branches.tip, branches.clash, branches.delete, label, said)


def github_forge(
    url: str,
    token: str = "ghs_app",
    sleep: Callable[[float], None] = lambda _: None,
    timeout: float = 20,
    repository: str = "acme/models",
    memory: Memory | None = None,
) -> GitHubForge:
    """On the test's server, as whom the token belongs to: Perennial's App. It waits for nobody."""
    place = GitHubPlace(repository=repository, url=url, timeout=timeout)
    return GitHubForge(place, Token(value=token), sleep=sleep, jitter=lambda: 0.0, memory=memory)


def github_app(url: str) -> GitHubForge:
    """The same, with an App's key instead of a token that was got with it."""
    place = GitHubPlace(repository="acme/models", url=url)
    return GitHubForge(place, AppKey(app="1", key=app_key()), sleep=lambda _: None, jitter=lambda: 0.0)


@contextmanager
def a_github(where: Path) -> Iterator[Forge]:
    """The GitHub forge as an App, on a server of the shape of GitHub over a bare repository at `where`."""
    branches = Branches(a_repository(where, bare=True), itertools.count(1))
    world = World(where)

    def label(number: int, name: str) -> None:
        issue = world.issues[number]
        issue.labels, issue.updated = [*issue.labels, name], world.tick()

    def said(number: int) -> list[str]:
        return [
            one.body.split("\n", 1)[1]
            for one in world.comments.values()
            if one.number == number and "perennial:closed" not in one.body
        ]

    with github_server(world) as server:
        forge = github_forge(server.url)
        yield Forge(forge, branches.push, branches.tip, branches.clash, branches.delete, label, said, "perennial[bot]", server)


def an_emulated(url: str) -> Forge:
    """The GitHub forge with a person's token, on a new repository of the program `emulate`."""
    there = EmulatedRepository(url)
    forge = github_forge(url, token=TOKEN, repository=there.name)
    return Forge(forge, there.push, there.tip, there.clash, there.delete, there.label, there.said, "ann")
