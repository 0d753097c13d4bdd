"""What is written to GitHub beyond what every forge promises."""

from dataclasses import replace

import pytest

from reconciler.domain.notices import Comment, Dashboard, Status, StatusState
from reconciler.errors import ConflictError, PermanentActError
from tests.contract.test_notices import CHECK, DASHBOARD, STATUS
from tests.forges import BRANCH, Forge, github_forge
from tests.github.answers import RefusedError
from tests.integration.github.conftest import asked
from tests.repositories import AT

SAID = Comment(number=1, key="state", body="Waiting for ann.")


def test_proposing_again_asks_much_less_and_writes_nothing(forge: Forge) -> None:
    forge.push(BRANCH)
    more = {"labels": ("perennial",), "reviewers": ("ann", "acme/ml"), "draft": True}
    forge.propose(**more)
    asked(forge)
    forge.propose(**more)
    assert [line for line in asked(forge) if not line.startswith("GET")] == []


def test_reviewers_are_asked_once_even_when_they_withdraw(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose(reviewers=("ann", "acme/ml", "perennial[bot]"))
    pull = forge.server.world.pulls[1]
    assert (pull.reviewers, pull.teams) == (["ann"], ["ml"])
    pull.reviewers.clear()
    pull.issue.updated = forge.server.world.tick()
    forge.propose(reviewers=("ann", "acme/ml", "bob"))
    assert pull.reviewers == ["bob"]


def test_a_reviewer_who_cannot_be_asked_is_told_of_and_stops_neither_the_others_nor_the_proposal(forge: Forge) -> None:
    forge.push(BRANCH)
    assert forge.propose(reviewers=("ann", "nobody", "acme/ml")).number == 1
    pull = forge.server.world.pulls[1]
    assert (pull.reviewers, pull.teams) == (["ann"], ["ml"])
    assert forge.said(1) == ["GitHub does not let me ask for a review by nobody. They may have no access to this repository."]


def test_names_in_other_letters_are_the_same_people(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose(reviewers=("Ann", "Acme/ML"))
    asked(forge)
    forge.propose(reviewers=("ANN", "acme/ml"))
    assert [line for line in asked(forge) if not line.startswith("GET")] == []
    assert len(forge.server.world.issues[1].events) == 2


def test_where_drafts_are_not_to_be_had_the_pull_request_is_none(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_drafts(call: object) -> None:
        if getattr(call, "body").get("draft"):  # noqa: B009 - any call
            raise RefusedError(422, "Draft pull requests are not supported in this repository.")

    def without_changes(call: object) -> None:
        raise RefusedError(403, "Resource not accessible")

    refuse(monkeypatch, forge, "POST", "/pulls", without_drafts)
    refuse(monkeypatch, forge, "POST", "/graphql", without_changes)
    forge.push(BRANCH)
    assert not forge.propose(draft=True).draft
    assert len(forge.server.world.pulls) == 1


def refuse(monkeypatch: pytest.MonkeyPatch, forge: Forge, method: str, end: str, check: object) -> None:
    """Let the server run the check before its handler of that route."""
    from tests.github import routing

    for index, (known, template, pattern, handler) in enumerate(routing.ROUTES):
        if (known, template.removeprefix("/repos/{owner}/{repo}")) == (method, end):

            def checked(call: object, handler: object = handler) -> object:
                check(call)  # type: ignore[operator]
                return handler(call)  # type: ignore[operator]

            routes = list(routing.ROUTES)
            routes[index] = (known, template, pattern, checked)  # type: ignore[assignment]
            monkeypatch.setattr(routing, "ROUTES", routes)
            return
    raise AssertionError(f"no route {method} {end}")


def test_nothing_new_is_nothing_to_propose(forge: Forge) -> None:
    world = forge.server.world
    world.git.references.create("refs/heads/same", world.tip("main"))
    with pytest.raises(PermanentActError, match="same has nothing that main has not"):
        forge.propose("same")


def test_rules_that_people_made_are_not_a_conflict(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose()
    forge.server.world.protected = True
    with pytest.raises(PermanentActError, match=r"#1 may not be merged yet: .* approving review") as caught:
        forge.forge.merge(1, tip, AT)
    assert caught.value.help == "perennial pr view 1"
    forge.server.world.protected = False
    assert forge.forge.merge(1, tip, AT, by="Ann\nEvil: yes").merged
    message = forge.server.world.git[forge.server.world.tip("main")].message
    assert message == f"Merge pull request #1 from {BRANCH}\n\nPromote\n\nMerged-by: Ann Evil: yes"


def test_a_branch_that_must_be_on_top_of_its_base_is_to_be_rebuilt(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose()
    forge.server.world.strict = True
    forge.clash("elsewhere")
    with pytest.raises(ConflictError, match=r"#1 cannot be merged into main: .*out of date") as caught:
        forge.forge.merge(1, tip, AT)
    assert "rebuilds the branch" in caught.value.help


def test_a_draft_is_not_merged(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose(draft=True)
    with pytest.raises(PermanentActError, match="may not be merged yet"):
        forge.forge.merge(1, tip, AT)


def test_a_repository_without_merge_commits_is_told(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    forge.propose()
    forge.server.world.merge_commits = False
    with pytest.raises(PermanentActError, match="#1 cannot be merged: acme/models allows no merge commits") as caught:
        forge.forge.merge(1, tip, AT)
    assert "allow merge commits" in caught.value.help


def test_a_branch_that_is_used_again_is_not_deleted_with_the_old_pull_request(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose()
    old = forge.server.world.tip(BRANCH)
    forge.forge.close(1, "no", AT)
    forge.server.world.git.references.create(f"refs/heads/{BRANCH}", old)
    forge.propose()
    forge.forge.close(1, "no", AT)
    assert forge.tip(BRANCH) == old
    with pytest.raises(ConflictError, match="#1 was closed"):
        forge.forge.merge(1, old, AT)


def test_only_our_own_comment_is_changed_and_doubles_of_it_go(forge: Forge) -> None:
    forge.push(BRANCH)
    forge.propose()
    world = forge.server.world
    world.say(1, "mallory", SAID.text)
    assert forge.forge.comment(SAID, AT)
    world.say(1, "perennial[bot]", SAID.text)
    assert forge.forge.comment(SAID, AT)
    assert not forge.forge.comment(SAID, AT)
    assert [one.author for one in world.comments.values()] == ["mallory", "perennial[bot]"]


def test_a_dashboard_that_there_are_two_of_is_one_again_and_a_namesake_stays(forge: Forge) -> None:
    world = forge.server.world
    world.open_issue("ann", DASHBOARD.title, "Mine.")
    forge.forge.dashboard(DASHBOARD)
    world.open_issue("perennial[bot]", DASHBOARD.title, "Old.")
    assert forge.forge.dashboard(DASHBOARD)
    assert [(one.author, one.state) for one in world.issues.values()] == [
        ("ann", "open"),
        ("perennial[bot]", "open"),
        ("perennial[bot]", "closed"),
    ]
    world.issues[2].state = "closed"
    assert forge.forge.dashboard(replace(DASHBOARD, body="x" * 70_000))
    assert len(world.issues[4].body) == 65_000


def test_annotations_come_fifty_at_a_time_and_go_on_where_they_were(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    report = replace(CHECK, revision=tip, annotations=CHECK.annotations * 120)
    assert forge.forge.check(report)
    (run,) = forge.server.world.checks.values()
    assert (run["status"], run["conclusion"], len(run["annotations"])) == ("completed", "failure", 120)
    assert run["annotations"][0]["path"] == "policies/gates/standard.yaml"
    run.update(status="in_progress", conclusion=None, annotations=run["annotations"][:50])
    asked(forge)
    assert forge.forge.check(report)
    assert [line.split(" ")[0] for line in asked(forge)] == ["GET", "PATCH", "PATCH"]
    assert (run["status"], len(run["annotations"])) == ("completed", 120)


def test_a_person_whose_report_stands_writes_nothing_and_is_refused_nothing(forge: Forge) -> None:
    report = replace(CHECK, revision=forge.push(BRANCH))
    person = github_forge(forge.server.url, token="github_pat_ann")
    assert person.check(report)
    asked(forge)
    assert not person.check(report)
    assert [line for line in asked(forge) if not line.startswith("GET") or line.endswith(" 403")] == []


def test_a_persons_token_says_a_status_instead_of_a_check(forge: Forge) -> None:
    tip = forge.push(BRANCH)
    ann = github_forge(forge.server.url, token="github_pat_ann")
    assert [ann.check(replace(CHECK, revision=tip)) for _ in range(2)] == [True, False]
    (status,) = forge.server.world.statuses
    assert (status["context"], status["state"], status["description"]) == (CHECK.name, "failure", CHECK.title)


def test_a_long_description_is_shortened_and_still_compared(forge: Forge) -> None:
    status = replace(STATUS, revision=forge.push(BRANCH), description="x" * 200)
    assert [forge.forge.status(status) for _ in range(2)] == [True, False]
    assert forge.server.world.statuses[0]["description"] == "x" * 139 + "…"


def test_a_commit_that_github_has_not_is_told(forge: Forge) -> None:
    status = Status(revision=STATUS.revision, context="c", state=StatusState.SUCCESS, description="d")
    with pytest.raises(PermanentActError, match="cannot set the status c of 111111111111 in acme/models: GitHub answers 422"):
        forge.forge.status(status)


def test_switched_off_issues_are_told(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    def off(call: object) -> None:
        raise RefusedError(410, "Issues are disabled for this repo")

    refuse(monkeypatch, forge, "GET", "/issues", off)
    with pytest.raises(PermanentActError, match="dashboard of acme/models: GitHub answers 410") as caught:
        forge.forge.dashboard(Dashboard(title="Perennial dashboard", body="b"))
    assert "switch Issues on" in caught.value.help
