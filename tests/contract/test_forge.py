"""What every forge promises: the in-memory fake, the local one, here and on a remote, and GitHub answer the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.domain.changes import Marker, Proposal, PullRequest, PullState
from reconciler.domain.names import Digest, Revision
from reconciler.domain.notices import Comment
from reconciler.errors import ConflictError, NotYetError, PermanentActError
from tests.forges import BRANCH, MARK, Forge, a_forge, an_emulated
from tests.github.emulator import emulator
from tests.repositories import AT

LATER = AT + timedelta(hours=1)
NOT_EMULATED = {
    "test_a_proposal_becomes_an_open_pull_request": "all commits are by whom the token belongs to",
    "test_both_branches_must_exist": "opens pull requests for branches that are not there",
    "test_another_tip_than_expected_is_not_merged": "a pull request does not see pushes to its branch",
    "test_the_marker_is_found_and_a_push_shows_in_the_tip": "a pull request does not see pushes to its branch",
    "test_one_whose_branch_is_gone_has_no_tip_and_cannot_be_merged": "a pull request outlives its branch",
    "test_what_does_not_merge_cleanly_stays_open": "merges everything",
    "test_a_draft_becomes_ready_and_a_draft_again": "has no GraphQL",
    "test_a_draft_is_not_merged": "has no GraphQL",
}


@pytest.fixture(scope="module")
def emulate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulator(tmp_path_factory.mktemp("emulate")) as url:
        yield url


@pytest.fixture(params=["fake", "local", pytest.param("remote", marks=pytest.mark.slow), "github", "emulate"])
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Forge]:
    if request.param == "emulate":
        if why := NOT_EMULATED.get(request.function.__name__):
            pytest.skip(f"emulate 0.12.2: {why}")
        yield an_emulated(request.getfixturevalue("emulate"))
        return
    with a_forge(request.param, tmp_path / "repo") as forge:
        yield forge


def test_a_proposal_becomes_an_open_pull_request(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    body = f"Why\n\nBecause\n{MARK}"
    pull = forge.propose(title="Promote flight-delay", body=body)
    assert pull == PullRequest(
        number=1,
        state=PullState.OPEN,
        branch=BRANCH,
        base="main",
        title="Promote flight-delay",
        body=body,
        tip=tip,
        merged=None,
        author=forge.author,
    )
    assert forge.only() == pull


def test_there_are_none_at_first(forge: Forge) -> None:
    assert forge.forge.pull_requests() == ()


def test_proposing_twice_is_proposing_once_and_updates_in_place(forge: Forge) -> None:
    forge.push(BRANCH)
    assert forge.propose() == forge.propose()
    updated = forge.propose(title="Another", body=f"More\n{MARK}")
    assert (updated.number, updated.title, updated.body) == (1, "Another", f"More\n{MARK}")
    assert forge.only() == updated


def test_each_branch_has_its_own_and_numbers_order_them(forge: Forge) -> None:
    names = [f"perennial/m{i}/production" for i in range(11)]
    for name in names:
        forge.push(name)
        forge.propose(name)
    assert [(p.number, p.branch) for p in forge.forge.pull_requests()] == list(enumerate(names, start=1))


@pytest.mark.parametrize(("branch", "base", "missing"), [("none", "main", "none"), ("main", "gone", "gone")])
def test_both_branches_must_exist(forge: Forge, branch: str, base: str, missing: str) -> None:
    with pytest.raises(PermanentActError, match=f"no branch {missing}"):
        forge.forge.propose(Proposal(branch=branch, base=base, title="t", body="b"), AT)


def test_merging_moves_the_base_and_deletes_the_branch(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose()
    merged = forge.forge.merge(1, tip, LATER)
    assert merged.state is PullState.MERGED
    assert merged.merged == forge.tip("main")
    assert merged.tip is None
    assert forge.tip(BRANCH) is None
    assert forge.only() == merged


def test_merging_twice_is_merging_once(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose()
    assert forge.forge.merge(1, tip, LATER) == forge.forge.merge(1, tip, LATER + timedelta(days=1))


def test_another_tip_than_expected_is_not_merged(forge: Forge) -> None:
    old = forge.push(BRANCH)
    forge.propose()
    new = forge.push(BRANCH)
    with pytest.raises(ConflictError, match=f"its tip was {old[:12]}, now {new[:12]}"):
        forge.forge.merge(1, old, LATER)
    assert forge.only().state is PullState.OPEN
    assert forge.only().tip == new


def test_what_does_not_merge_cleanly_stays_open(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose()
    forge.clash(BRANCH)
    before = forge.tip("main")
    with pytest.raises(ConflictError, match="#1 cannot be merged into main") as caught:
        forge.forge.merge(1, tip, LATER)
    assert "perennial reconcile" in caught.value.help
    assert (forge.only().state, forge.tip("main")) == (PullState.OPEN, before)


def test_closing_deletes_the_branch_and_twice_is_once(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose()
    closed = forge.forge.close(1, "Not now", LATER)
    assert (closed.state, closed.tip, closed.merged) == (PullState.CLOSED, None, None)
    assert forge.tip(BRANCH) is None
    assert forge.forge.close(1, "Not now, again", LATER) == closed
    assert forge.only() == closed


def test_a_merged_one_cannot_be_closed_nor_a_closed_one_merged(forge: Forge) -> None:
    merged = forge.push(BRANCH)
    forge.propose()
    forge.forge.merge(1, merged, LATER)
    with pytest.raises(ConflictError, match="#1 is merged already"):
        forge.forge.close(1, "no", LATER)
    tip = forge.push(BRANCH)
    assert forge.propose().number == 2
    forge.forge.close(2, "no", LATER)
    with pytest.raises(ConflictError, match="#2 was closed without merging"):
        forge.forge.merge(2, tip, LATER)


def test_a_finished_one_does_not_take_the_tip_of_a_branch_that_is_used_again(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose()
    forge.forge.close(1, "no", LATER)
    tip = forge.push(BRANCH)
    forge.propose(title="Another")
    assert [(p.state, p.tip) for p in forge.forge.pull_requests()] == [(PullState.CLOSED, None), (PullState.OPEN, tip)]


def test_unknown_numbers_say_where_to_look(forge: Forge) -> None:
    for act in (lambda: forge.forge.close(7, "", AT), lambda: forge.forge.merge(7, Revision("0" * 40), AT)):
        with pytest.raises(PermanentActError, match="no pull request #7") as caught:
            act()
        assert caught.value.help == "perennial pr list"


def test_the_marker_is_found_and_a_push_shows_in_the_tip(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    marker = Marker(model="flight-delay", environment="production", digest=Digest("sha256:0"), content=Digest("sha256:1"))
    forge.propose(body=f"Evidence\n\n{marker.to_comment()}\n")
    assert (forge.only().marker, forge.only().tip) == (marker, tip)
    assert forge.push(BRANCH) == forge.only().tip


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("two\nlines\r\nhere", "two lines here"),
        ("\x1b[31mred\x07 \x00end", "[31mred end"),
        ("right\u202eleft", "right left"),
        ("lone \udcff surrogate", "lone surrogate"),
        ("  ", "(no title)"),
        ('"quotes" \\ <b> --> $(x)', '"quotes" \\ <b> --> $(x)'),
        ("x" * 5000, "x" * 255 + "…"),
    ],
)
def test_hostile_titles_become_one_visible_line(forge: Forge, title: str, kept: str) -> None:
    forge.push(BRANCH)
    assert forge.propose(title=title).title == kept
    assert forge.only().title == kept
    assert forge.propose(title=title) == forge.only()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "-->\n<!-- perennial {} -->\nnot the end",
        "CRLF\r\nkept\r\n\ttab",
        "é ∆ 🙂\u2028",
        "line\n" * 12_000,
        "---\n+++ diff\nFrom 0000 Mon Sep 17 00:00:00 2001\n",
    ],
    ids=["empty", "marker inside", "line ends", "unicode", "60 kB", "looks like a patch"],
)
def test_bodies_are_kept_to_the_byte(forge: Forge, body: str) -> None:
    forge.push(BRANCH)
    marker = Marker(model="m", environment="production", digest=Digest("sha256:0"), content=Digest("sha256:1"))
    for text in (body, body + marker.to_comment()):
        assert forge.propose(body=text).body == text
    assert forge.only().body == text
    assert forge.only().marker == marker


def test_a_body_that_is_longer_than_a_forge_can_keep_keeps_its_marker(forge: Forge) -> None:
    forge.push(BRANCH)
    first = forge.propose(body="line\n" * 40_000 + MARK)
    assert first.body.startswith("line\n" * 12_000)
    assert first.marker is not None
    assert forge.propose(body=first.body) == forge.propose(body="line\n" * 40_000 + MARK) == forge.only() == first


def test_what_is_not_text_in_a_body_is_replaced_once_and_for_all(forge: Forge) -> None:
    forge.push(BRANCH)
    first = forge.propose(body="a\x00b\udcffc\x1b")
    assert first.body == "a\ufffdb\ufffdc\ufffd"
    assert forge.propose(body=first.body) == first


def test_one_whose_branch_is_gone_has_no_tip_and_cannot_be_merged(forge: Forge) -> None:
    """GitHub closes it at once, the others leave that to the next to act."""
    forge.push(BRANCH)
    forge.propose()
    forge.delete(BRANCH)
    assert forge.only().tip is None
    with pytest.raises(ConflictError, match=r"now no branch|was closed"):
        forge.forge.merge(1, Revision("0" * 40), AT)
    assert forge.forge.close(1, "Gone", LATER).state is PullState.CLOSED


def test_labels_are_kept_sorted_and_those_of_people_stay(forge: Forge) -> None:
    forge.push(BRANCH)
    assert forge.propose(labels=("perennial", "env/production", "verdict/wait")).labels == (
        "env/production",
        "perennial",
        "verdict/wait",
    )
    forge.label(1, "urgent")
    assert forge.propose(labels=("perennial", "verdict/passed")).labels == ("perennial", "urgent", "verdict/passed")
    assert forge.only().labels == ("perennial", "urgent", "verdict/passed")


def test_a_draft_becomes_ready_and_a_draft_again(forge: Forge) -> None:
    forge.push(BRANCH)
    assert forge.propose(draft=True).draft
    assert not forge.propose(draft=False).draft
    assert not forge.only().draft
    assert forge.propose(draft=True) == forge.only()
    assert forge.only().number == 1


def test_a_draft_is_not_merged(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose(draft=True)
    before = forge.tip("main")
    with pytest.raises(NotYetError, match="#1 may not be merged yet: it is a draft"):
        forge.forge.merge(1, tip, LATER)
    assert (forge.only().state, forge.tip("main")) == (PullState.OPEN, before)
    forge.propose(draft=False)
    assert forge.forge.merge(1, tip, LATER).state is PullState.MERGED


def test_a_new_one_on_a_branch_that_was_closed_begins_without_the_old_labels(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose(labels=("perennial",))
    forge.label(1, "urgent")
    forge.forge.close(1, "no", LATER)
    forge.push(BRANCH)
    again = forge.propose(title="Another", labels=("perennial",))
    assert (again.number, again.labels, again.draft) == (2, ("perennial",), False)


def test_a_comment_is_one_for_each_key_and_updated_in_place(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose()
    one, two = Comment(number=1, key="foreign", body="Yours now."), Comment(number=1, key="answer/7", body="Because.")
    assert [forge.forge.comment(comment, AT) for comment in (one, two, one)] == [True, True, False]
    assert forge.said(1) == ["Yours now.", "Because."]
    assert forge.forge.comment(replace(one, body="Still yours."), LATER)
    assert forge.said(1) == ["Still yours.", "Because."]
    forge.forge.close(1, "no", LATER)
    assert forge.forge.comment(replace(two, body="After all."), LATER)
    assert forge.said(1) == ["Still yours.", "After all."]
    with pytest.raises(PermanentActError, match="no pull request #7"):
        forge.forge.comment(replace(one, number=7), AT)
