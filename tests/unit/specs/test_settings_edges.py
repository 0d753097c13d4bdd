"""Edges of what people write in the settings and in `spec.serve`, and the texts that stand below the fields."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from reconciler.rules.fields import Written
from reconciler.specs.described import Described, described_fields
from reconciler.specs.noise import NoiseSettings
from reconciler.specs.serving import STRATEGIES, Router, Runtime, Serve, able
from reconciler.specs.settings import Settings
from tests.cases import each

PLACES = ["s3://bucket/models", "/mnt/models", "models", "oci://registry.example.com:5000/team/models", "memory://x"]
NO_PLACES = [
    "",
    "s3://key:secret@bucket",
    "s3://bucket?key=secret",
    "oci://registry",
    "oci://registry:65536/x",
    "oci://registry/UPPER",
    "oci:/registry/x",
    "a b",
]
MIDNIGHT = datetime(2013, 3, 1, tzinfo=UTC)  # a Friday


class Base(Written):
    """The base."""

    first_name: str = ""
    """Of
    two lines."""
    plain: int = 0
    taken: Annotated[int, Field(description="its own")] = 0
    """Not this one."""
    given: int = 0
    """The base's."""


class Heir(Base):
    """Says one thing anew."""

    given: int = 1
    """The heir's."""
    "a text that belongs to no field"


def test_the_text_below_a_field_is_its_own_and_an_heir_may_say_it_anew() -> None:
    texts = {"first_name": "Of\ntwo lines.", "taken": "Not this one."}
    assert described_fields(Base) == texts | {"given": "The base's."}
    assert described_fields(Heir) == texts | {"given": "The heir's."}
    assert described_fields(BaseModel) == {}


def test_a_schema_tells_the_texts_by_alias_and_keeps_a_description_that_is_there() -> None:
    properties = Heir.model_json_schema(schema_generator=Described)["properties"]
    told = {name: field.get("description") for name, field in properties.items()}
    assert told == {"firstName": "Of\ntwo lines.", "plain": None, "taken": "its own", "given": "The heir's."}


@each(("hour", "quiet"), [(21, None), (22, 30), (24, 30), (29, 30), (30, None)])
def test_quiet_hours_hold_their_beginning_and_not_their_end(hour: int, quiet: int | None) -> None:
    noise = NoiseSettings.model_validate({"quietHours": [{"from": "22:00", "until": "06:00"}]})
    assert noise.quiet_until(MIDNIGHT + timedelta(hours=hour)) == (quiet and MIDNIGHT + timedelta(hours=quiet))


def test_of_quiet_hours_that_overlap_the_last_to_end_counts_and_of_none_there_is_no_end() -> None:
    written = [{"from": "08:00", "until": "12:00"}, {"from": "09:00", "until": "10:00"}, {"from": "11:00", "until": "13:00"}]
    noise = NoiseSettings.model_validate({"quietHours": written})
    ends = [noise.quiet_until(MIDNIGHT + timedelta(hours=hour, minutes=30)) for hour in (9, 11, 13)]
    assert ends == [MIDNIGHT + timedelta(hours=12), MIDNIGHT + timedelta(hours=13), None]
    assert NoiseSettings().quiet_until(MIDNIGHT) is None


@each("value", [0, -1, True, "3", 2.0, float("nan")])
def test_a_limit_is_a_whole_number_from_one(value: object) -> None:
    with pytest.raises(ValidationError):
        NoiseSettings.model_validate({"openPullRequests": value})


@each(
    "written",
    [
        {"hosts": ["localhost"]},
        {"hosts": ["a.b\n"]},
        {"hosts": ["a..b"]},
        {"hosts": ["-a.b"]},
        {"hosts": ["A.b"]},
        {"hosts": ["é.b"]},
        {"hosts": ["a." * 126 + "ab"]},
        {"gateway": "a/b/c"},
        {"gateway": "/a"},
        {"gateway": "a" * 64},
        {"port": 80},
        {"replicas": True},
        {"resources": {"cpu": "0.5"}},
        {"resources": {"cpu": "٣"}},
        {"resources": {"memory": "512M"}},
        {"runtime": "Deployment"},
        {"autoscaling": {"cpu": 50}},
        {"callers": ["a", "B"]},
        {"imagee": "x"},
    ],
)
def test_what_kubernetes_would_not_take_is_refused(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Serve.model_validate(written)
    (error,) = caught.value.errors()
    assert error["loc"][0] == next(iter(written))


def test_the_longest_that_kubernetes_takes_is_taken() -> None:
    host, gateway = "a." * 125 + "abc", "a" * 63 + "/" + "b" * 63
    serve = Serve.model_validate({"hosts": [host], "gateway": gateway, "replicas": 0, "port": 65535})
    assert (len(host), serve.hosts, serve.gateway) == (253, (host,), gateway)


def test_every_runtime_that_is_listed_can_do_a_rollout_and_an_unknown_one_is_done_by_none() -> None:
    assert able("direct") == tuple(STRATEGIES)
    assert able("bandit") == (
        (Runtime.DEPLOYMENT, Router.ISTIO),
        (Runtime.DEPLOYMENT, Router.GATEWAY),
        (Runtime.KSERVE, Router.NONE),
    )
    assert able("Direct") == able("") == ()


def test_an_environment_that_is_not_written_has_a_namespace_of_its_name() -> None:
    settings = Settings.model_validate({"environments": {"production": {"namespace": "live"}}})
    assert [settings.environment(name).namespace for name in ("production", "staging")] == ["live", "staging"]
    assert settings.environment("staging").cluster == "https://kubernetes.default.svc"
    with pytest.raises(ValidationError):
        settings.environment("No Name")


@each(
    "written",
    [
        {"forge": {"repository": "acme/models/more"}},
        {"forge": {"repository": "acme/models\n"}},
        {"forge": {"remote": "--upload-pack=x"}},
        {"forge": {"url": "file:///etc"}},
        {"prometheus": "p:9090"},
        {"signing": {"identities": [{"identity": "a@b", "issuer": "http://i"}]}},
        {"environments": {"Up": {"namespace": "a"}}},
        {"repositoryurl": "x"},
    ],
)
def test_settings_that_could_mean_something_else_are_refused(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(written)


@each("place", PLACES)
def test_packages_go_to_any_address(place: str) -> None:
    assert Settings.model_validate({"packages": place}).packages == place


@each("place", NO_PLACES)
def test_an_address_without_a_repository_or_with_credentials_is_refused(place: str) -> None:
    with pytest.raises(ValidationError, match="expected oci://<registry>/<repository>, or an address without @"):
        Settings.model_validate({"packages": place})
