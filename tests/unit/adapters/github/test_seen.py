"""What was seen of pull requests comes back as it was; what cannot be read is forgotten and never an error."""

from datetime import UTC, datetime

import pytest

from reconciler.adapters.forges.github.credentials import GitHubPlace
from reconciler.adapters.forges.github.seen import Seen, SeenBefore
from reconciler.domain.changes import PullRequest, PullState
from reconciler.domain.names import Digest
from tests.builders import a_revision
from tests.cases import each

AT = datetime(2013, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
PLACE = GitHubPlace(repository="acme/models")
PULL = PullRequest(
    number=7,
    state=PullState.CLOSED,
    branch="b",
    base="main",
    title='\u202ehostile "title"\n',
    body="😀\x00",
    tip=a_revision(),
    merged=None,
    approved_by=("ann", "bob"),
    labels=("perennial",),
    foreign=("eve",),
)


class Kept:
    """A memory that is a dict."""

    def __init__(self) -> None:
        self.contents: dict[Digest, bytes] = {}

    def recall(self, key: Digest) -> bytes | None:
        return self.contents.get(key)

    def remember(self, key: Digest, content: bytes) -> None:
        self.contents[key] = content


def test_what_is_kept_comes_back_as_it_was() -> None:
    memory = Kept()
    seen = Seen(pulls={7: (AT, PULL), 10: (AT, None), 9: (AT, None)}, newest=AT, foreign={(3, "t"): ("eve", "zoe"), (3, "s"): ()})
    SeenBefore(PLACE, memory).remember(seen)
    assert SeenBefore(PLACE, memory).recall() == seen


def test_the_same_is_kept_as_the_same_bytes_in_whatever_order_it_was_seen() -> None:
    one, other = Kept(), Kept()
    SeenBefore(PLACE, one).remember(Seen(pulls={2: (AT, None), 1: (AT, PULL)}, foreign={(2, "b"): (), (1, "a"): ()}))
    SeenBefore(PLACE, other).remember(Seen(pulls={1: (AT, PULL), 2: (AT, None)}, foreign={(1, "a"): (), (2, "b"): ()}))
    assert one.contents == other.contents


@pytest.mark.parametrize(
    "place", [GitHubPlace(repository="acme/others"), GitHubPlace(repository="acme/models", url="https://ghe.acme.org/api/v3")]
)
def test_one_repository_knows_nothing_of_another(place: GitHubPlace) -> None:
    memory = Kept()
    SeenBefore(PLACE, memory).remember(Seen(newest=AT))
    assert SeenBefore(place, memory).recall() == Seen()


@each(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"format": 2, "newest": "2013-03-01T00:00:00+00:00", "pulls": [], "foreign": []}',
        b'{"format": 1, "newest": "yesterday", "pulls": [], "foreign": []}',
        b'{"format": 1, "newest": null, "pulls": [[1]], "foreign": []}',
        b'{"format": 1, "newest": null, "pulls": [[1, "2013-03-01T00:00:00+00:00", {"state": "asleep"}]], "foreign": []}',
        b"[" * 100_000,
        b'{"format": 1, "newest": null, "pulls": [[Infinity, "2013-03-01T00:00:00+00:00", null]], "foreign": []}',
    ],
)
def test_what_is_damaged_or_of_another_version_is_forgotten(content: bytes) -> None:
    memory = Kept()
    before = SeenBefore(PLACE, memory)
    before.remember(Seen())
    memory.contents = dict.fromkeys(memory.contents, content)
    assert before.recall() == Seen()


def test_without_a_memory_nothing_was_seen() -> None:
    before = SeenBefore(PLACE, None)
    before.remember(Seen(newest=AT))
    assert before.recall() == Seen()
