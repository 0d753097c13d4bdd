"""Comments that ask for something: whose they are, what they may do, and which have an answer."""

from datetime import datetime

import pytest

from reconciler.domain.conversations import CommentCommand, Permission
from reconciler.domain.notices import Comment
from tests.forges import BRANCH, Forge
from tests.github.world import BEGAN
from tests.integration.github.conftest import asked
from tests.repositories import AT


@pytest.fixture
def proposed(forge: Forge) -> Forge:
    forge.push(BRANCH)
    forge.propose()
    return forge


def commands(forge: Forge, since: datetime = BEGAN) -> tuple[CommentCommand, ...]:
    return forge.forge.commands(since)


def test_the_permission_is_what_github_says_and_not_what_the_comment_says(proposed: Forge) -> None:
    world = proposed.server.world
    for person in ("ann", "bob", "carol", "mallory", "", "ghost", "../collaborators/ann"):
        world.say(1, person, "/perennial retry\n\nplease")
    found = {one.author: (one.permission, one.permission.may_write) for one in commands(proposed)}
    assert found == {
        "ann": (Permission.ADMIN, True),
        "bob": (Permission.WRITE, True),
        "carol": (Permission.READ, False),
        "mallory": (Permission.NONE, False),
        "ghost": (Permission.NONE, False),
        "../collaborators/ann": (Permission.NONE, False),
    }
    world.people["bob"] = "read"
    assert {one.author for one in commands(proposed) if one.permission.may_write} == {"ann"}


def test_what_was_said_is_kept_in_order_with_its_words(proposed: Forge) -> None:
    world = proposed.server.world
    first = world.say(1, "ann", "/perennial hold the data looks odd")
    world.say(1, "ann", "I like it. /perennial rollback")
    world.say(1, "ann", "/perennialrollback")
    second = world.say(1, "bob", "  /perennial explain\r\nthanks")
    told = commands(proposed)
    assert [(one.id, one.words, one.at) for one in told] == [
        (str(first.id), ("hold", "the", "data", "looks", "odd"), first.created),
        (str(second.id), ("explain",), second.created),
    ]
    assert [one.id for one in commands(proposed, since=second.created)] == [str(second.id)]


def test_what_has_an_answer_of_our_own_is_not_told_again(proposed: Forge) -> None:
    world = proposed.server.world
    world.say(1, "ann", "/perennial explain")
    (command,) = commands(proposed)
    world.say(1, "mallory", f"<!-- perennial:{command.answer_key} -->\nNothing to see here.")
    assert commands(proposed) == (command,), "anybody may write the mark"
    proposed.forge.comment(Comment(number=1, key=command.answer_key, body="Because."), AT)
    assert commands(proposed) == ()


def test_our_own_comments_and_those_elsewhere_are_no_commands(proposed: Forge) -> None:
    world = proposed.server.world
    world.say(1, "perennial[bot]", "/perennial rollback")
    world.open_issue("ann", "Something else", "")
    world.say(2, "ann", "/perennial rollback")
    assert commands(proposed) == ()


def test_without_commands_nobody_is_asked_about(proposed: Forge) -> None:
    proposed.server.world.say(1, "ann", "Looks good.")
    commands(proposed)
    asked(proposed)
    commands(proposed)
    assert [line for line in asked(proposed) if not line.endswith("304")] == []
