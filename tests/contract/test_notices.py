"""What every forge that shows notices promises: telling twice is telling once, and the newest word stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reconciler.adapters.fakes.notices import FakeNotices
from reconciler.domain.names import Revision
from reconciler.domain.notices import (
    Annotation,
    CheckReport,
    Conclusion,
    Dashboard,
    DeploymentRecord,
    DeploymentState,
    Level,
    Status,
    StatusState,
)
from reconciler.ports import Notices
from tests.forges import a_github, an_emulated
from tests.github.emulator import emulator

TIP = Revision("1" * 40)
STATUS = Status(revision=TIP, context="perennial/gates", state=StatusState.PENDING, description="2 of 5 gates are judged")
CHECK = CheckReport(
    revision=TIP,
    name="perennial/gates",
    conclusion=Conclusion.FAILURE,
    title="1 of 5 gates says NO",
    summary="| gate | says |\n",
    annotations=(Annotation(path="policies/gates/standard.yaml", line=7, level=Level.FAILURE, message="NO: 3 of 5"),),
)
DEPLOYED = DeploymentRecord(
    environment="production", revision=TIP, model="flight-delay", version="1.1.0", state=DeploymentState.IN_PROGRESS
)
DASHBOARD = Dashboard(title="Perennial dashboard", body="All is fresh.\n")


@dataclass(frozen=True)
class Shown:
    """Where notices are shown, and two commits that it has."""

    notices: Notices
    tip: Revision
    other: Revision

    def status(self, status: Status) -> bool:
        return self.notices.status(replace(status, revision=self.tip))

    def check(self, report: CheckReport) -> bool:
        return self.notices.check(replace(report, revision=self.tip))

    def deployment(self, record: DeploymentRecord) -> bool:
        return self.notices.deployment(replace(record, revision=self.tip))


@pytest.fixture(scope="module")
def emulate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulator(tmp_path_factory.mktemp("emulate")) as url:
        yield url


@pytest.fixture(params=["fake", "github", "emulate"])
def shown(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shown]:
    match request.param:
        case "fake":
            yield Shown(FakeNotices(), TIP, Revision("2" * 40))
        case "github":
            with a_github(tmp_path / "repo") as forge:
                yield Shown(forge.forge, forge.push("one"), forge.push("two"))
        case _:
            if any(word in request.function.__name__ for word in ("status", "deployment", "check")):
                pytest.skip("emulate 0.12.2 has no deployments, and no statuses, which a person's token says instead of checks")
            forge = an_emulated(request.getfixturevalue("emulate"))
            yield Shown(forge.forge, forge.push("one"), forge.push("two"))


def test_a_status_is_written_once_and_again_when_it_changes(shown: Shown) -> None:
    passed = replace(STATUS, state=StatusState.SUCCESS, description="5 of 5 gates say YES")
    other = replace(STATUS, context="perennial/data")
    story = [(STATUS, True), (STATUS, False), (other, True), (passed, True), (passed, False), (STATUS, True)]
    assert [shown.status(status) for status, _ in story] == [written for _, written in story]


def test_a_status_may_have_an_address(shown: Shown) -> None:
    linked = replace(STATUS, url="https://ci.example.com/7")
    assert [shown.status(one) for one in (STATUS, linked, linked, STATUS)] == [True, True, False, True]


def test_each_commit_has_statuses_of_its_own(shown: Shown) -> None:
    assert shown.status(STATUS)
    assert shown.notices.status(replace(STATUS, revision=shown.other))
    assert not shown.status(STATUS)


def test_a_check_is_one_for_each_name_and_commit(shown: Shown) -> None:
    fewer = replace(CHECK, annotations=())
    assert [shown.check(one) for one in (CHECK, CHECK, fewer, fewer, CHECK)] == [True, False, True, False, True]


def test_a_deployment_is_one_and_its_state_goes_on(shown: Shown) -> None:
    done = replace(DEPLOYED, state=DeploymentState.SUCCESS)
    assert [shown.deployment(one) for one in (DEPLOYED, DEPLOYED, done, done)] == [True, False, True, False]
    assert shown.deployment(replace(done, model="busy-departure"))
    assert shown.deployment(replace(done, version="1.2.0"))
    assert not shown.deployment(done)


def test_the_dashboard_is_one_issue(shown: Shown) -> None:
    changed = replace(DASHBOARD, body="flight-delay is due.\n")
    assert [shown.notices.dashboard(one) for one in (DASHBOARD, DASHBOARD, changed, changed)] == [True, False, True, False]
