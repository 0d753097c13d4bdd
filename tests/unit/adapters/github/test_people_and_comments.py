"""What people may do is what GitHub says and nothing else; a comment of one key is written once, whatever stands beside it."""

from types import SimpleNamespace
from typing import Any

import pytest
from github import GithubException

from reconciler.adapters.forges.github.comments import Comments, first_line
from reconciler.adapters.forges.github.people import People
from reconciler.domain.conversations import Permission
from reconciler.domain.notices import Comment
from reconciler.errors import PermanentActError
from tests.cases import each

COMMENT = Comment(number=7, key="status", body="all is well")


class Thread:
    """One pull request's comments in memory: pairs of author and text, numbered from 1 in the order they were written."""

    def __init__(self, *said: tuple[str, str | None], status: int | None = None) -> None:
        self.said = dict(enumerate(said, start=1))
        self.status = status
        issue = SimpleNamespace(get_comments=self.listed, create_comment=self.create)
        repository = SimpleNamespace(get_issue=lambda _: issue)
        self.connection: Any = SimpleNamespace(repository=repository, own=lambda user: user == "perennial")

    def listed(self) -> list[Any]:
        if self.status is not None:
            raise GithubException(self.status, {"message": "no"})
        return [self.shown(number) for number in reversed(self.said)]

    def shown(self, number: int) -> Any:
        user, body = self.said[number]
        edit = lambda text: self.said.__setitem__(number, (user, text))  # noqa: E731
        return SimpleNamespace(id=number, user=user, body=body, edit=edit, delete=lambda: self.said.pop(number))

    def create(self, text: str) -> None:
        self.said[len(self.said) + 1] = ("perennial", text)

    def ensure(self, comment: Comment = COMMENT) -> bool:
        return Comments(self.connection).ensure(comment)


def permission(answer: Any) -> Permission:
    def answered(_: str) -> Any:
        if isinstance(answer, int):
            raise GithubException(answer, {"message": "no"})
        return answer

    connection: Any = SimpleNamespace(repository=SimpleNamespace(get_collaborator_permission=answered))
    return People(connection).permission("ann")


@each(
    ("answer", "found"),
    [
        ("admin", Permission.ADMIN),
        ("read", Permission.READ),
        ("ADMIN", Permission.NONE),
        ("admin ", Permission.NONE),
        ("owner", Permission.NONE),
        ("", Permission.NONE),
        (None, Permission.NONE),
        (404, Permission.NONE),
    ],
)
def test_a_permission_is_one_of_the_known_words_or_none(answer: Any, found: Permission) -> None:
    assert permission(answer) is found


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_refusal_is_not_taken_for_a_person_without_permission(status: int) -> None:
    with pytest.raises(GithubException):
        permission(status)


def test_a_comment_is_written_once_and_changed_in_place() -> None:
    thread = Thread(("ann", "hello"))
    assert (thread.ensure(), thread.ensure()) == (True, False)
    assert thread.ensure(Comment(number=7, key="status", body="all is lost"))
    assert thread.said == {1: ("ann", "hello"), 2: ("perennial", f"{COMMENT.mark}\nall is lost")}


def test_doubles_are_removed_and_the_oldest_stays() -> None:
    thread = Thread(("perennial", f"{COMMENT.mark}\nold"), ("perennial", COMMENT.text), ("perennial", f"{COMMENT.mark}\r\nx"))
    assert thread.ensure()
    assert thread.said == {1: ("perennial", COMMENT.text)}
    assert not thread.ensure()


@each(
    ("author", "text"),
    [
        ("eve", COMMENT.text),
        ("perennial", "<!-- perennial:status2 -->\nanother key"),
        ("perennial", f"> {COMMENT.text}"),
        ("perennial", f"\n{COMMENT.text}"),
        ("perennial", None),
    ],
)
def test_what_only_looks_like_it_is_left_alone(author: str, text: str | None) -> None:
    thread = Thread((author, text))
    assert thread.ensure()
    assert thread.said == {1: (author, text), 2: ("perennial", COMMENT.text)}


def test_an_unknown_number_is_told_and_another_refusal_goes_through() -> None:
    with pytest.raises(PermanentActError, match="no pull request #7"):
        Thread(status=404).ensure()
    with pytest.raises(GithubException):
        Thread(status=403).ensure()


@each(("body", "line"), [(None, ""), ("", ""), ("a\r\nb", "a"), ("a\u2028b\nc", "a\u2028b"), (" a", " a")])
def test_the_first_line_ends_at_a_line_break_only(body: str | None, line: str) -> None:
    comment: Any = SimpleNamespace(body=body)
    assert first_line(comment) == line
