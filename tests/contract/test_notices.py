"""What every forge that shows notices promises: telling twice is telling once, and the newest word stands."""

from dataclasses import replace

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


@pytest.fixture
def notices() -> Notices:
    return FakeNotices()


def test_a_status_is_written_once_and_again_when_it_changes(notices: Notices) -> None:
    passed = replace(STATUS, state=StatusState.SUCCESS, description="5 of 5 gates say YES")
    other = replace(STATUS, context="perennial/data")
    assert [notices.status(one) for one in (STATUS, STATUS, other, passed, passed, STATUS)] == [
        True,
        False,
        True,
        True,
        False,
        True,
    ]


def test_each_commit_has_statuses_of_its_own(notices: Notices) -> None:
    assert notices.status(STATUS)
    assert notices.status(replace(STATUS, revision=Revision("2" * 40)))
    assert not notices.status(STATUS)


def test_a_check_is_one_for_each_name_and_commit(notices: Notices) -> None:
    fewer = replace(CHECK, annotations=())
    assert [notices.check(one) for one in (CHECK, CHECK, fewer, fewer, CHECK)] == [True, False, True, False, True]


def test_a_deployment_is_one_and_its_state_goes_on(notices: Notices) -> None:
    done = replace(DEPLOYED, state=DeploymentState.SUCCESS)
    assert [notices.deployment(one) for one in (DEPLOYED, DEPLOYED, done, done)] == [True, False, True, False]
    assert notices.deployment(replace(done, model="busy-departure"))
    assert not notices.deployment(done)


def test_the_dashboard_is_one_issue(notices: Notices) -> None:
    changed = replace(DASHBOARD, body="flight-delay is due.\n")
    assert [notices.dashboard(one) for one in (DASHBOARD, DASHBOARD, changed, changed)] == [True, False, True, False]
