"""The very text that `audit` and `audit --verify` show."""

from dataclasses import replace
from datetime import timedelta

from reconciler.audit.reproduce import Reproduction
from reconciler.audit.story import Audit, Commit, Proposal, Stay, Story, Version
from reconciler.audit.verify import Verification, VerifiedVersion
from reconciler.domain.events import EventKind
from reconciler.domain.judgements import no, unknown, yes
from reconciler.domain.releases import HoldNote, digest_of
from reconciler.report.audit_text import audit_json, audit_text
from reconciler.report.reproduce_text import reproduce_json, reproduce_text
from reconciler.report.verify_text import verify_json, verify_text
from tests.builders import DAY, NOW, a_build, a_release, a_revision, an_event
from tests.proofs import GATES

RELEASE = a_release("candidate", version="1.1.0")
MERGE = Commit(revision=a_revision("merge"), by="Ann Lee <ann@example.com>", at=NOW, subject="Merge pull request #3")
REVERT = replace(MERGE, revision=a_revision("revert"), by="Bob \x1b[31mred\u202e", at=NOW + DAY)
ASKED = an_event(id="1", kind=EventKind.REQUESTED, at=NOW - DAY, message="Cora asks for a retrain: new airports", details={})
ASIDE = an_event(
    id="2", kind=EventKind.OVERRIDDEN, at=NOW - DAY, message="Cora sets freeze aside until 2013-07-01: late", details={}
)
STAGING = Stay(environment="staging", since=NOW, until=None, rolled_back=False, commit=MERGE, rendered=True)
STORY = Story(
    model="flight-delay",
    version="1.1.0",
    digest=RELEASE.digest,
    requests=(ASKED,),
    overrides=(ASIDE,),
    trained_at=NOW - timedelta(hours=2),
    reason="manual: Cora asked on 2013-05-31: new airports",
    build=a_build("candidate"),
    seed=7,
    base=replace(MERGE, revision=a_revision("base"), subject="Lower the cut"),
    compared_with="1.0.0",
    gates=GATES,
    refused="",
    declined="",
    proposals=(
        Proposal(environment="staging", at=NOW, number=3, state="merged", approved_by=("Dora", "Ed")),
        Proposal(environment="production", at=NOW, number=None, state="not known to the forge"),
    ),
    stays=(
        STAGING,
        replace(STAGING, environment="production", until=NOW + DAY, rendered=False),
        replace(STAGING, environment="production", since=NOW + 2 * DAY, rolled_back=True, commit=REVERT, rendered=False),
        replace(STAGING, environment="production", since=NOW + 3 * DAY, until=NOW + 4 * DAY, commit=None),
    ),
)
REFUSED = replace(STORY, version=None, requests=(), overrides=(), gates=None, base=None, build=None, proposals=(), stays=())
VERSIONS = (
    Version(version="1.0.0", digest=digest_of("1"), at=NOW - 9 * DAY, reason="firstRelease: nothing", fate="ran in production"),
    Version(version=None, digest=digest_of("2"), at=NOW - DAY, reason="dataDrift: a lot", fate="refused: floor: " + "x" * 80),
    Version(version="1.1.0", digest=RELEASE.digest, at=NOW, reason="manual: asked", fate="runs in staging"),
)
HOLD = (HoldNote(reason="look first", owner="ann", until=NOW + DAY), MERGE)
AUDIT = Audit(model="flight-delay", running={"staging": "1.1.0"}, hold=HOLD, story=STORY, versions=VERSIONS, broken="")
BROKEN = replace(
    AUDIT,
    hold=None,
    story=replace(REFUSED, refused="floor: rocAuc 0.5"),
    broken="perennial/ledger flight-delay.jsonl:7: altered: it is not written as Perennial writes it",
)
NOTHING = Audit(model="new", running={}, hold=None, story=None, versions=(), broken="")

HELD = (
    yes("release", "whole", "models/flight-delay/releases/staging.yaml: its digest is that of its parts"),
    yes("tags", "agree", "all"),
)
GOOD = Verification(
    model="flight-delay",
    links=(yes("ledger", "whole", "5 lines, each chained to the one before"),),
    versions=(VerifiedVersion(version="1.1.0", digest=RELEASE.digest, environments=("staging",), links=HELD),),
)
LOST = unknown("artifact", "notHere", "runs/flight-delay/model.zip is not in DVC's cache on this machine", remedy="dvc pull")
BAD = no("signature", "wrongSignature", "the signature is not one of signing/perennial.pub's key over this \x1b[2Jstatement")
UNSEEN = replace(GOOD, versions=(replace(GOOD.versions[0], links=(*HELD, LOST)),))
WRONG = replace(
    GOOD,
    model="other",
    versions=(
        replace(GOOD.versions[0], links=(LOST, BAD)),
        replace(GOOD.versions[0], version="1.0.0", environments=(), links=HELD),
    ),
)


def test_the_story_of_a_version_is_told_as_expected(golden):
    made = {
        "story.txt": audit_text(AUDIT),
        "story.json": audit_json(AUDIT),
        "alone.txt": audit_text(AUDIT, versions=False, width=70),
        "refused.txt": audit_text(BROKEN, versions=False),
        "nothing.txt": audit_text(NOTHING),
    }
    golden("audit/story", made)


PARTS = (yes("data", "same", "a6247e1c0f75"), no("artifact", "differs", "released was 0f102b631ab1, made again is 9d3f1a77c0de"))
OTHER = unknown(
    "environment",
    "otherEnvironment",
    "it was made in another environment than this one (e1f5730245fc): python 3.11.7 then, 3.12.1 here",
    remedy="in a virtual environment of its own: git show 751bbc009e4c:requirements/lock.txt > lock.txt; pip install -r lock.txt",
)
MADE = Reproduction(
    model="flight-delay", version="1.1.0", digest=RELEASE.digest, rows="read again from the source", parts=(PARTS[0],)
)


def test_what_was_made_again_is_told_as_expected(golden):
    made = {
        "same.txt": reproduce_text(MADE),
        "same.json": reproduce_json(MADE),
        "other.txt": reproduce_text(
            replace(MADE, rows="from DVC's cache, because the source gives other rows by now", parts=PARTS)
        ),
        "cannot.txt": reproduce_text(replace(MADE, rows="", parts=(OTHER,))),
        "nothing.txt": reproduce_text(replace(MADE, rows="", parts=())),
    }
    golden("audit/reproduce", made)


def test_what_was_verified_is_told_as_expected(golden):
    made = {
        "whole.txt": verify_text([GOOD]),
        "unseen.txt": verify_text([UNSEEN]),
        "broken.txt": verify_text([GOOD, UNSEEN, WRONG]),
        "broken.json": verify_json([GOOD, WRONG]),
        "nothing.txt": verify_text([Verification(model="new", links=GOOD.links, versions=())]),
    }
    golden("audit/verify", made)
