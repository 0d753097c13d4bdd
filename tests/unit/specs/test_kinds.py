"""What the kinds mean: defaults, order, and what the ports are told."""

import pytest
from pydantic import ValidationError

from reconciler.domain.data import FileFormat, FileSource, PythonSource, SqlSource
from reconciler.specs.dataset import module_path
from reconciler.specs.model import Model, Observation, Task
from reconciler.specs.parameters import RunParameters
from reconciler.specs.release import ReleaseSpec
from reconciler.specs.settings import EnvironmentSettings, Settings
from reconciler.specs.training import Estimator
from tests.builders import a_dataset, a_model
from tests.cases import each
from tests.specs import a_release_document


@each(
    ("written", "source"),
    [
        (
            {"type": "file", "path": "a.csv", "format": "csv"},
            FileSource(path="a.csv", format=FileFormat.CSV, separator=",", time_format=None),
        ),
        (
            {"type": "file", "path": "s3://b/*.parquet", "format": "parquet"},
            FileSource(path="s3://b/*.parquet", format=FileFormat.PARQUET),
        ),
        (
            {"type": "file", "path": "a.csv", "format": "csv", "separator": "\t", "timeFormat": "%d/%m/%Y"},
            FileSource(path="a.csv", format=FileFormat.CSV, separator="\t", time_format="%d/%m/%Y"),
        ),
        ({"type": "sql", "url": "${URL}", "query": "flights"}, SqlSource(url="${URL}", query="flights")),
        ({"type": "python", "function": "datasets.a.b:rows"}, PythonSource(function="datasets.a.b:rows")),
    ],
)
def test_a_source_is_what_the_port_is_told(written, source):
    assert a_dataset(source=written).spec.source.source() == source


@each(
    "written",
    [
        {"type": "file", "path": "", "format": "csv"},
        {"type": "file", "path": "a", "format": "xlsx"},
        {"type": "file", "path": "a", "format": "csv", "separator": ""},
        {"type": "file", "path": "a", "format": "csv", "separator": ",,"},
        {"type": "file", "path": "a", "format": "csv", "separator": "\n"},
        {"type": "file", "path": "a", "format": "csv", "timeFormat": "ISO"},
        {"type": "sql", "url": "x", "query": ""},
        {"type": "sql", "url": "x"},
        {"type": "python", "function": "os.system('id'):x"},
        {"type": "python", "function": "datasets.flights"},
        {"type": "python", "function": "datasets..a:b"},
        {"type": "python", "function": "../a:b"},
        {"type": "python", "function": "a:b:c"},
        {"type": "http"},
        {},
    ],
)
def test_another_source_is_refused(written):
    with pytest.raises(ValidationError):
        a_dataset(source=written)


@pytest.mark.parametrize(
    ("function", "path"),
    [("datasets.flights:flights", "datasets/flights.py"), ("a:b", "a.py"), ("a.b.c:d", "a/b/c.py")],
)
def test_a_function_is_in_the_file_of_its_module(function, path):
    assert module_path(function) == path


def test_columns_are_found_by_name():
    dataset = a_dataset()
    assert dataset.column("distance").minimum == 0
    assert dataset.column("Distance") is None


def test_a_model_has_defaults_that_a_small_team_can_live_with():
    spec = a_model().spec
    assert spec.training.estimator is Estimator.HIST_GRADIENT_BOOSTING
    assert spec.training.window is None
    assert spec.observe is Observation.SCORE
    assert (spec.serve.replicas, spec.serve.port, spec.serve.resources.cpu, spec.serve.resources.memory) == (
        1,
        8080,
        "500m",
        "512Mi",
    )
    assert spec.bootstrap == 2000


@pytest.mark.parametrize(("environments", "champion"), [(["production"], "production"), (["staging", "canary", "live"], "live")])
def test_the_champion_is_the_last_environments(environments, champion):
    assert a_model(environments=environments).champion_environment == champion


@each(
    "changes",
    [
        {"bootstrap": 1999},
        {"environments": []},
        {"metrics": []},
        {"task": "ranking"},
        {"observe": "guess"},
        {"training": {}},
        {"training": {"holdout": "14d", "estimator": "svm"}},
        {"serve": {"port": 80}},
        {"serve": {"replicas": -1}},
        {"serve": {"resources": {"cpu": "half"}}},
        {"serve": {"resources": {"memory": "512"}}},
        {"target": {"atLeast": "15"}},
        {"target": {"classes": [{"name": ""}]}},
        {"features": ["distance"]},
        {"dataset": "../flights"},
    ],
)
def test_a_model_that_could_not_be_kept_fresh_is_refused(changes):
    with pytest.raises(ValidationError):
        a_model(**changes)


def test_features_are_told_numbers_first():
    assert a_model(features={"categorical": ["b"], "numeric": ["a", "c"]}).spec.features.names == ("a", "c", "b")


def test_a_model_is_written_back_as_people_write_it():
    model = a_model(target={"classes": [{"name": "early", "below": 0}, {"name": "late"}]}, task="multiclass")
    told = model.model_dump(mode="json", by_alias=True)
    assert told["spec"]["training"]["holdout"] == "14d"
    assert Model.model_validate(told) == model
    assert model.spec.task is Task.MULTICLASS


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_a_seed_is_what_numpy_takes(seed):
    assert RunParameters.model_validate({"dataset": "d", "asOf": "2013-03-01", "seed": seed}).seed == seed


@each(
    "written",
    [
        {"asOf": "2013-03-01"},
        {"dataset": "d"},
        {"dataset": "d", "asOf": "2013-03-01", "seed": 2**32},
        {"dataset": "d", "asOf": "2013-03-01", "seed": -1},
        {"dataset": "d", "asOf": "2013-03-01", "champion": "latest"},
        {"dataset": "d", "asOf": "2013-03-01", "champion": "sha256:" + "A" * 64},
        {"dataset": "d", "asOf": "2013-03-01", "as_of": "2013-03-01"},
    ],
)
def test_other_parameters_are_refused(written):
    with pytest.raises(ValidationError):
        RunParameters.model_validate(written, by_alias=True, by_name=False)


def test_a_release_becomes_the_domains_with_all_its_parts():
    document = a_release_document()
    release = ReleaseSpec.model_validate(document).release()
    assert (release.environment, release.version, release.build.model) == ("production", "1.0.0", "flight-delay")
    assert release.build.data.train_rows == 1000
    assert release.build.data.holdout_until > release.build.data.holdout_from > release.build.data.train_until
    assert release.build.made_from.differences(release.build.made_from) == ()
    assert release.digest == document["spec"]["digest"]


def test_an_environment_has_its_own_name_as_namespace_unless_told():
    settings = Settings(environments={"production": EnvironmentSettings(namespace="live", cluster="https://10.0.0.1")})
    assert settings.environment("production").namespace == "live"
    assert settings.environment("staging") == EnvironmentSettings(namespace="staging")
    assert settings.environment("staging").cluster == "https://kubernetes.default.svc"
