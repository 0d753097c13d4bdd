import pytest
import yaml

from reconciler.errors import InvalidSpecsError
from reconciler.render.manifests import render_environment
from tests.builders import a_model, a_release, shipped_templates, specs_of
from tests.cases import each

ARGOCD = ["README.md", "application.yaml", "applicationset.yaml", "project.yaml"]
DEPLOYMENT = "templates/deployment/deployment.yaml.j2"


def released(*models, **changes):
    return specs_of(*models, releases={"flight-delay": {"production": a_release(**changes)}})


def deployment(specs):
    return yaml.load(render_environment(specs, "production")["manifests/flight-delay/deployment.yaml"], yaml.CSafeLoader)


def with_template(text: str):
    files = shipped_templates() | {DEPLOYMENT: text.encode()}
    return specs_of(releases={"flight-delay": {"production": a_release()}}, files=files)


def test_files_are_sorted_and_only_those_of_the_environment():
    assert list(render_environment(released(), "staging")) == sorted([*ARGOCD, "manifests/.gitkeep"])
    assert list(render_environment(released(), "production")) == [
        *ARGOCD[:-1],
        "manifests/flight-delay/configmap.yaml",
        "manifests/flight-delay/deployment.yaml",
        "manifests/flight-delay/networkpolicy.yaml",
        "manifests/flight-delay/poddisruptionbudget.yaml",
        "manifests/flight-delay/service.yaml",
        *ARGOCD[-1:],
    ]


def test_another_release_rolls_the_pods():
    one, other = (deployment(released(version=version))["spec"] for version in ("1.0.0", "1.0.1"))
    assert one["selector"] == other["selector"]
    assert one["template"]["metadata"]["annotations"] != other["template"]["metadata"]["annotations"]


def test_the_reference_is_what_the_release_says():
    release = a_release()
    made = yaml.safe_load(render_environment(released(), "production")["manifests/flight-delay/configmap.yaml"])
    assert made["data"]["digest"] == release.digest == made["metadata"]["annotations"]["perennial/digest"]
    assert made["data"]["artifactSha256"] == release.build.artifact.sha256
    assert made["data"]["asOf"] == "2013-05-22T12:00:00Z"


def test_the_model_says_how_it_is_served():
    serve = {"image": "registry/x:1", "port": 9999, "replicas": 0, "resources": {"cpu": "2", "memory": "1Gi"}}
    spec = deployment(released(a_model(serve=serve)))["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    assert (spec["replicas"], container["image"], container["ports"][0]["containerPort"]) == (0, "registry/x:1", 9999)
    assert container["resources"]["limits"] == {"cpu": "2", "memory": "1Gi"} == container["resources"]["requests"]


def test_the_longest_names_fit():
    name = "m" * 52
    specs = specs_of(a_model(name, environments=[name]), releases={name: {name: a_release(environment=name, model=name)}})
    for path, text in render_environment(specs, name).items():
        if path.endswith(".yaml"):
            assert len(yaml.load(text, yaml.CSafeLoader)["metadata"]["name"]) <= 63


@each(
    ("text", "line", "said"),
    [
        ("a: 1\nb: {{ model }}-b", 2, "does not print YAML"),
        ("kind: [", 2, "does not print YAML"),
        ("- a", 1, "one object with apiVersion, kind and metadata"),
        ("kind: A\n---\nkind: B", 2, "does not print YAML"),
    ],
)
def test_a_template_that_prints_no_manifest_is_refused(text, line, said):
    with pytest.raises(InvalidSpecsError) as caught:
        render_environment(with_template(text), "production")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("rendered manifests/flight-delay/deployment.yaml", line)
    assert said in problem.message


def test_a_template_that_is_gone_is_reported():
    files = {path: content for path, content in shipped_templates().items() if path != DEPLOYMENT}
    with pytest.raises(InvalidSpecsError) as caught:
        render_environment(specs_of(releases={"flight-delay": {"production": a_release()}}, files=files), "production")
    assert "does not exist" in str(caught.value.problems[0])
