"""The very text that `plan`, `explain`, `reconcile`, `status` and the demo's end show."""

from dataclasses import replace

from reconciler.domain.decisions import Hold, Promote, Retrain, Rung, Withdraw
from reconciler.domain.events import Event, EventKind
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.names import short
from reconciler.domain.outcomes import Outcome, Status, StepOutcome
from reconciler.domain.proofs import Proof
from reconciler.domain.steps import Close, Propose, Publish, Record, Tag, Train
from reconciler.domain.world import World
from reconciler.plan.decide import decide
from reconciler.plan.plan import Plan
from reconciler.plan.whereabouts import whereabouts
from reconciler.report.explain_text import OnItsWay, explain_json, explain_text
from reconciler.report.outcome_text import outcome_json, outcome_text
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_text import plan_text
from reconciler.report.status_text import status_json, status_of, status_text
from tests.builders import DAY, NOW, PROVEN, a_candidate, a_fingerprint, a_release, a_revision, an_open_change, facts
from tests.unit.plan.chains import HOUR, SOAKED, a_chain, soaking

HEAD = a_revision()
DIGEST = a_candidate().build.digest
GATES = Judgement(
    rule="gates",
    answer=Answer.YES,
    code="allPassed",
    message="2 of 2 gates say YES",
    parts=(
        yes("dataQuality", "expectationsMet", "0 of 12 expectations failed"),
        yes("beatsLive", "blessed", "rocAuc 0.7 live, 0.72 candidate on 10000 rows; gain +0.02, lower bound +0.0118"),
    ),
)
TRIGGERS = Judgement(
    rule="any",
    answer=Answer.UNKNOWN,
    code="noneFires",
    message="0 of 2 triggers fire, 1 cannot tell",
    parts=(
        no("newLabels", "tooFew", "1,200 new labels, 20,000 wanted", remedy="18,800 more labels"),
        unknown("performance", "immature", "rocAuc of 0 mature rows, 200 wanted", remedy="wait until labels are known"),
    ),
)
COOLDOWN = no("cooldown", "coolingDown", "last trained 2013-05-31, cooldown 2d", remedy="wait until 2013-06-02")
PROMOTED = Event(
    id="promoted/production/1",
    at=NOW - 10 * DAY,
    model="flight-delay",
    kind=EventKind.PROMOTED,
    message="production runs 1.0.0",
    details={"metric": "rocAuc", "before": 0.6781, "after": 0.7012},
)
TRAIN = Train(
    model="zebra",
    as_of=NOW,
    base=HEAD,
    branch="perennial/zebra/candidate",
    replaces=None,
    files={"params.yaml": "models: {}\n"},
    made_from=a_fingerprint(),
    reason="newLabels",
)
PROPOSE = Propose(
    model="flight-delay",
    environment="staging",
    digest=DIGEST,
    base=HEAD,
    branch="perennial/flight-delay/staging",
    replaces=None,
    files={"models/flight-delay/releases/staging.yaml": "spec\n", "params.yaml": "models: {}\n"},
    commit_message="Promote",
    title="Promote flight-delay 1.1.0 to staging",
    body="body",
    event=replace(PROMOTED, id="proposed/3", kind=EventKind.PROPOSED, details={}),
)
PLAN = Plan(
    revision=HEAD,
    at=NOW,
    decisions=(
        Promote(
            model="flight-delay",
            environment="staging",
            digest=DIGEST,
            code="gatesPassed",
            message=f"{short(DIGEST)} passed all gates: 2 of 2 gates say YES",
            judgements=(GATES, TRIGGERS),
            rung=Rung.CANDIDATE_WAITS,
        ),
        Hold(
            model="held",
            code="held",
            message="held by operations until 2013-07-01: strike \x1b[31mred\u202e",
            judgements=(TRIGGERS, COOLDOWN),
            rung=Rung.HELD_BY_A_PERSON,
        ),
        Withdraw(
            model="old", number=7, code="overtaken", message="pull request #7 proposes another digest", rung=Rung.CHANGE_IS_OPEN
        ),
        Retrain(model="zebra", as_of=NOW, code="newLabels", message="21,000 new labels, 20,000 wanted", rung=Rung.RETRAIN_IS_DUE),
    ),
    steps=(
        Record(event=PROMOTED),
        Tag(model="flight-delay", name="flight-delay@v1.0.0", target=HEAD, message="flight-delay 1.0.0", at=NOW),
        Publish(
            environment="production",
            branch="env/production",
            replaces=HEAD,
            files={"README.md": "what\n", "application.yaml": "kind: Application\n"},
            message="Render production",
        ),
        PROPOSE,
        Close(model="old", number=7, comment="Closed by Perennial: overtaken."),
        TRAIN,
    ),
)
OUTCOME = Outcome(
    steps=(
        StepOutcome(step=PROPOSE, status=Status.DONE, message="opened #8"),
        StepOutcome(step=TRAIN, status=Status.FAILED, message="stage train ended with 1", exit_code=5),
        StepOutcome(step=PLAN.steps[4], status=Status.SKIPPED, message=""),
    )
)
DOUBT = Proof(statement=None, links=(no("statement", "noStatement", "there is no models/old/evidence/1.provenance.json"),))
WORLD = World(
    head=HEAD,
    at=NOW,
    models={
        "flight-delay": facts(candidate=a_candidate(), changes=(an_open_change(8),)),
        "held": facts(model="held", releases={}),
        "old": facts(
            proofs={"staging": PROVEN, "production": DOUBT},
            model="old",
            releases={"staging": a_release(environment="staging"), "production": a_release()},
        ),
        "zebra": facts(model="zebra"),
    },
    environments={},
    branches={},
)


def test_a_plan_is_shown_as_expected(golden):
    made = {
        "plan.txt": plan_text(PLAN, present={"params.yaml"}),
        "plan.json": plan_json(PLAN),
        "narrow.txt": plan_text(PLAN, width=60),
        "nothing.txt": plan_text(Plan(revision=HEAD, at=NOW, decisions=(), steps=())),
        "explain.txt": explain_text(PLAN.decisions[1]),
        "explain.json": explain_json(PLAN.decisions[1]),
    }
    golden("plan/every-decision", made)


def test_what_became_of_a_plan_is_shown_as_expected(golden):
    made = {
        "outcome.txt": outcome_text(OUTCOME),
        "outcome.json": outcome_json(OUTCOME),
        "nothing.txt": outcome_text(Outcome(steps=())),
    }
    golden("plan/outcome", made)


def test_a_chain_of_environments_is_shown_as_expected(golden):
    frozen = {"from": "2013-05-30", "until": "2013-06-03", "reason": "Fair"}
    situation = a_chain(soaking(13 * HOUR, newer=a_candidate()), [SOAKED[0], {"name": "production", "freeze": [frozen]}])
    decision, chain = decide(situation), whereabouts(situation)
    world = World(head=HEAD, at=NOW, models={"flight-delay": situation.facts}, environments={}, branches={})
    status = status_of(world, Plan(revision=HEAD, at=NOW, decisions=(decision,), steps=()), {"flight-delay": chain})
    texts = {"status.txt": status_text(status), "explain.txt": explain_text(decision, OnItsWay(chain=chain))}
    golden(
        "plan/chain", {**texts, "status.json": status_json(status), "explain.json": explain_json(decision, OnItsWay(chain=chain))}
    )


def test_where_models_stand_is_shown_as_expected(golden):
    status = status_of(WORLD, PLAN)
    golden("plan/status", {"status.txt": status_text(status), "status.json": status_json(status)})
