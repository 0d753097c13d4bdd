"""The chain of environments: names or more about each, every mistake at its place, and who must agree where."""

from typing import Any

from reconciler.domain.tiers import Tier
from reconciler.specs.environments import SoakProof
from reconciler.specs.load import load_specs
from tests.builders import a_model
from tests.cases import each
from tests.specs import ROOT, a_repository, edited, problems

MODEL = "models/flight-delay/model.yaml"
HOLD = (
    "apiVersion: perennial/v1\nkind: Hold\nmetadata: {name: flight-delay}\n"
    "spec: {reason: Fair, owner: ada, environments: ENVIRONMENTS}\n"
)


def test_names_are_the_short_form() -> None:
    short, long = (a_model(environments=chain) for chain in (["staging", "production"], [{"name": "staging"}, "production"]))
    assert short.spec.chain == long.spec.chain
    assert short.spec.environments == ("staging", "production")
    assert not short.spec.environment("staging").pins_candidate


def test_a_soak_pins_what_soaks_unless_told_otherwise() -> None:
    def pins(**more: Any) -> bool:
        return a_model(environments=[{"name": "staging", **more}, "production"]).spec.environment("staging").pins_candidate

    assert pins(soak="24h")
    assert pins(soak="24h", pinCandidate=True)
    assert not pins(soak="24h", pinCandidate=False)
    assert a_model(environments=[{"name": "a", "soak": "1h", "require": "time"}, "b"]).spec.chain[0].require is SoakProof.TIME


@each(
    ("chain", "said", "hint"),
    [
        ("[{name: staging, soak: 24}, production]", "environments[0].soak: expected a duration such as 30m, 12h, 7d or 2w", ""),
        ("[{name: staging, sook: 24h}, production]", "environments[0].sook: unknown key", 'did you mean "soak"?'),
        ("[{soak: 24h}, production]", "environments[0].name: is missing", "a name of at most 52"),
        ("[staging, 7]", "environments[1]: expected a name of at most 52", ""),
        ("[]", "environments: expected a list of at least 1 item", ""),
        ("[staging, {name: staging}]", "environments[1]: the environment \"staging\" stands twice", ""),
        (
            "[staging, {name: production, soak: 24h}]",
            "environments[1].soak: nothing comes after production, so nothing would wait for its soak",
            "give it to the environment before",
        ),
        ("[{name: staging, require: time}, production]", "environments[0].require: is about a soak, and staging has", "add soak"),
        ("[{name: staging, soak: 1h, require: tiem}, production]", "expected one of healthy, time", 'did you mean "time"?'),
        ("[{name: staging, minimumRows: 9}, production]", "environments[0].minimumRows: is about a soak", "add soak"),
        ("[{name: staging, soak: 1h, minimumRows: 0}, production]", "expected a whole number of at least 1, got 0", ""),
        ("[{name: staging, pinCandidate: true}, production]", "environments[0].pinCandidate: is about a soak", "add soak"),
        (
            "[staging, {name: production, freeze: [{from: 2013-12-20, until: 2013-12-01, reason: Fair}]}]",
            "environments[1].freeze[0]: expected from before until, got 2013-12-20 and 2013-12-01",
            "",
        ),
        (
            '[staging, {name: production, freeze: [{hours: {from: "22:00", until: "22:00"}, reason: Fair}]}]',
            "environments[1].freeze[0].hours: expected from and until to differ",
            "",
        ),
        (
            '[staging, {name: production, freeze: [{cron: "0 1 * * *", lasts: 1h, timezone: Berlin, reason: Fair}]}]',
            "environments[1].freeze[0].timezone: expected an IANA time zone",
            "",
        ),
        ("[staging, {name: production, approvals: {count: 0}}]", "approvals.count: tier standard needs", "at least 1"),
        (
            "[staging, {name: production, approvals: {count: 0, owners: [ada]}}]",
            "approvals.count: 0 approvals are asked for, and one of 1 owners must approve",
            "at least 1",
        ),
        ("[staging, {name: production, approvals: {owners: [ada, ada]}}]", 'owners[1]: the owner "ada" stands twice', ""),
        (
            "[staging, {name: production, pin: {release: v1.3, reason: x, owner: ada}}]",
            "environments[1].pin.release: expected a version such as 1.4.0, or a digest",
            "",
        ),
    ],
)  # fmt: skip
def test_every_mistake_is_told_at_its_place(chain: str, said: str, hint: str) -> None:
    line = next(number for number, text in enumerate(ROOT[MODEL].splitlines(), 1) if "environments:" in text)
    (problem,) = problems(edited(MODEL, "[staging, production]", chain))
    assert problem.startswith(f"{MODEL}:{line}:")
    assert said in problem
    assert hint in problem


def test_a_hold_names_environments_of_its_model() -> None:
    path = "models/flight-delay/hold.yaml"
    (problem,) = problems(a_repository(**{path: HOLD.replace("ENVIRONMENTS", "[prodction]")}))
    assert problem.startswith(f'{path}:4:49 spec.environments[0]: model flight-delay has no environment "prodction"')
    assert 'did you mean "production"?' in problem
    specs = load_specs(a_repository(**{path: HOLD.replace("ENVIRONMENTS", "[production]")}))
    assert specs.holds["flight-delay"].environments == ("production",)


def test_a_freeze_of_all_models_is_a_setting() -> None:
    window = '{from = "2013-12-20", until = "2014-01-02", reason = "Fair", environments = ["production"]}'
    table = f"[tool.perennial]\nfreeze = [\n  {window},\n]\n"
    settings = load_specs(a_repository(**{"pyproject.toml": table})).settings
    assert [len(settings.frozen_in(name)) for name in ("staging", "production")] == [0, 1]
    (problem,) = problems(a_repository(**{"pyproject.toml": table.replace("production", "prod")}))
    assert problem.startswith('pyproject.toml:2:1 tool.perennial.freeze[0].environments: no model has an environment "prod"')
    (problem,) = problems(a_repository(**{"pyproject.toml": table.replace("2014-01-02", "2013-01-02")}))
    assert problem.startswith("pyproject.toml:2:1 tool.perennial.freeze[0]: expected from before until")


@each(
    ("tier", "approvals", "told"),
    [
        ("low", None, "nobody, while all gates say YES by themselves: then it merges itself"),
        ("low", {"owners": ["ada"]}, "1 approval, one of ada"),
        ("low", {"count": 2}, "2 approvals"),
        ("standard", {"owners": ["ada", "eve"], "count": 2}, "2 approvals, one of ada or eve"),
        ("high", None, "1 approval, one of grace"),
        ("high", {"count": 2}, "2 approvals, one of grace"),
        ("high", {"owners": ["ada"]}, "1 approval, one of ada"),
    ],
)
def test_who_must_agree_is_asked_of_the_environment_first(tier: str, approvals: Any, told: str) -> None:
    chain = ["staging", {"name": "production", **({"approvals": approvals} if approvals else {})}]
    model = a_model(tier=tier, environments=chain, promotion={"owners": ["grace"]})
    assert model.told_approvals("production") == told
    assert model.promotion_to("staging") == model.spec.promotion
    assert model.needs_owner("staging") is (Tier(tier) is Tier.HIGH)
