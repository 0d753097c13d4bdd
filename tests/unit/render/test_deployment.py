"""What of a release reaches the cluster, and where Argo CD finds it."""

import re
from dataclasses import replace

import pytest
import yaml

from reconciler.render.argocd import go_literal, render_argocd
from reconciler.render.environment import load_templates
from reconciler.render.models import render_model, render_models
from reconciler.specs.settings import EnvironmentSettings, Settings
from tests.builders import a_model, a_release, a_revision, shipped_templates, specs_of
from tests.golden.served import CASES
from tests.proofs import proof_files

TEMPLATES = load_templates(shipped_templates())
MODEL_TEMPLATES = [text for path, text in shipped_templates().items() if "/argocd/" not in path]
KINDS = ("configmap", "deployment", "networkpolicy", "poddisruptionbudget", "service")


def manifests(*models, environment="production", **releases):
    specs = specs_of(*models, releases={name.replace("_", "-"): {"production": one} for name, one in releases.items()})
    return render_models(TEMPLATES, specs, environment)


def application(**settings):
    return argocd(**settings)["application"]


def argocd(**settings):
    files = render_argocd(TEMPLATES, specs_of(settings=Settings(**settings)), "production")
    return {path.removesuffix(".yaml"): yaml.load(text, yaml.CSafeLoader) for path, text in files.items()}


def test_every_model_with_a_release_there_has_its_five_objects():
    files = manifests(a_model(), a_model("zebra"), flight_delay=a_release(), zebra=a_release("zebra", model="zebra"))
    assert list(files) == [f"manifests/{name}/{kind}.yaml" for name in ("flight-delay", "zebra") for kind in KINDS]


def test_a_release_of_another_environment_or_of_a_model_that_is_gone_is_left_out():
    assert manifests(flight_delay=a_release(), environment="staging") == {}
    assert manifests(gone=a_release("gone", model="gone")) == {}


def test_the_digests_in_all_objects_are_one():
    release = a_release()
    texts = manifests(flight_delay=release)
    assert {yaml.load(text, yaml.CSafeLoader)["metadata"]["annotations"]["perennial/digest"] for text in texts.values()} == {
        release.digest
    }
    pod = yaml.load(texts["manifests/flight-delay/deployment.yaml"], yaml.CSafeLoader)["spec"]["template"]
    assert pod["metadata"]["annotations"]["perennial/digest"] == release.digest


def test_selectors_agree_so_that_the_service_finds_the_pods():
    texts = {
        path.rpartition("/")[2]: yaml.load(text, yaml.CSafeLoader) for path, text in manifests(flight_delay=a_release()).items()
    }
    labels = texts["deployment.yaml"]["spec"]["template"]["metadata"]["labels"]
    for selector in (texts["service.yaml"]["spec"]["selector"], texts["deployment.yaml"]["spec"]["selector"]["matchLabels"]):
        assert selector.items() <= labels.items()
        assert not any("version" in key for key in selector)
    (port,) = texts["service.yaml"]["spec"]["ports"]
    (container,) = texts["deployment.yaml"]["spec"]["template"]["spec"]["containers"]
    assert port["targetPort"] in [one["name"] for one in container["ports"]]
    (volume, _) = texts["deployment.yaml"]["spec"]["template"]["spec"]["volumes"]
    assert volume["configMap"]["name"] == texts["configmap.yaml"]["metadata"]["name"]


@pytest.mark.parametrize(
    "change",
    [{"word": "other"}, {"version": "1.0.1"}, {"environment": "production", "made_from": a_release(word="x").build.made_from}],
    ids=["other bytes", "another version", "the same"],
)
def test_pods_roll_exactly_when_the_reference_changes(change):
    def annotation(release):
        text = manifests(flight_delay=release)["manifests/flight-delay/deployment.yaml"]
        return yaml.load(text, yaml.CSafeLoader)["spec"]["template"]["metadata"]["annotations"]["perennial/reference"]

    assert (annotation(a_release()) == annotation(a_release(**change))) is ("environment" in change)


def test_values_of_the_config_map_are_text():
    data = yaml.safe_load(manifests(flight_delay=a_release())["manifests/flight-delay/configmap.yaml"])["data"]
    assert all(isinstance(value, str) for value in data.values())
    assert data["artifactSize"] == "1000"
    assert list(data) == sorted(data)


def test_argo_cd_syncs_the_environments_branch_to_its_place():
    target = EnvironmentSettings(namespace="live", cluster="https://k.example.com")
    made = application(repository_url="ssh://git/x.git", argocd_namespace="gitops", environments={"production": target})
    assert made["metadata"]["namespace"] == "gitops"
    assert made["spec"]["source"]["repoURL"] == "ssh://git/x.git"
    assert made["spec"]["source"]["targetRevision"] == "env/production"
    assert made["spec"]["destination"] == {"server": "https://k.example.com", "namespace": "live"}


def test_without_settings_an_environment_is_a_namespace_of_its_own_name():
    made = application()
    assert made["spec"]["destination"] == {"server": "https://kubernetes.default.svc", "namespace": "production"}
    assert made["metadata"]["name"] == "perennial-production"


def test_an_empty_branch_deletes_nothing_and_a_removed_model_is_pruned():
    automated = application()["spec"]["syncPolicy"]["automated"]
    assert (automated["prune"], automated["allowEmpty"]) == (True, False)


def test_what_is_ignored_is_not_respected_when_a_route_is_applied():
    """Argo CD would take all routes from a model that moves to Argo Rollouts."""
    assert not any(option.startswith("RespectIgnore") for option in application()["spec"]["syncPolicy"]["syncOptions"])


def test_an_application_set_makes_one_application_per_model_of_the_same_rights():
    target = EnvironmentSettings(namespace="live", cluster="https://k.example.com")
    made = argocd(repository_url="ssh://git/x.git", environments={"production": target})
    whole, each, project = made["application"], made["applicationset"]["spec"]["template"], made["project"]
    assert each["metadata"]["name"] == "{{.path.basename}}.production"
    assert each["spec"]["source"]["path"] == "{{.path.path}}"
    assert each["spec"]["project"] == whole["spec"]["project"] == project["metadata"]["name"]
    for key in ("destination", "syncPolicy", "ignoreDifferences"):
        assert each["spec"][key] == whole["spec"][key]
    assert project["spec"]["destinations"] == [whole["spec"]["destination"]]
    assert project["spec"]["sourceRepos"] == ["ssh://git/x.git"]


def test_go_reads_no_orders_in_what_people_wrote():
    made = argocd(repository_url="https://g/{{.path}}.git")
    assert made["application"]["spec"]["source"]["repoURL"] == "https://g/{{.path}}.git"
    assert made["applicationset"]["spec"]["template"]["spec"]["source"]["repoURL"] == 'https://g/{{"{{"}}.path}}.git'
    assert go_literal("plain") == "plain"


def test_the_project_admits_every_kind_that_is_rendered():
    whitelist = {(one["group"], one["kind"]) for one in argocd()["project"]["spec"]["namespaceResourceWhitelist"]}
    found = re.findall(r"^apiVersion: (?:(.*)/)?.*\nkind: (.*)$", "\n".join(map(bytes.decode, MODEL_TEMPLATES)), re.MULTILINE)
    assert whitelist == set(found)


def test_manifests_name_the_commit_that_the_statement_names():
    release = a_release()
    specs = specs_of(releases={"flight-delay": {"production": release}})
    proven = replace(specs, files={**specs.files, **proof_files(release)})
    for made, commit in ((specs, None), (proven, a_revision("base"))):
        texts = render_models(TEMPLATES, made, "production").values()
        assert {yaml.load(text, yaml.CSafeLoader)["metadata"]["annotations"].get("perennial/commit") for text in texts} == {
            commit
        }


@pytest.mark.parametrize("case", ["deployment-istio-canary-full", "deployment-gateway-canary-full"])
def test_requests_come_when_the_pods_of_a_new_release_are_ready(case):
    """Argo CD applies wave by wave, and goes on when the one before is healthy."""
    files = {
        path.rpartition("/")[2]: yaml.load(text, yaml.CSafeLoader) for path, text in render_model(TEMPLATES, CASES[case]).items()
    }
    waves = {name: one["metadata"]["annotations"].get("argocd.argoproj.io/sync-wave") for name, one in files.items()}
    late = {name.partition("-")[0].partition(".")[0] for name, wave in waves.items() if wave == "1"}
    assert late == {"httproute" if "gateway" in case else "virtualservice", "horizontalpodautoscaler"}
    assert set(waves.values()) == {"1", None}


@pytest.mark.parametrize("case", ["rollout-istio-canary-full", "deployment-none-direct-full", "kserve-none-canary-full"])
def test_what_waits_by_itself_has_no_waves(case):
    assert not any("sync-wave" in text for text in render_model(TEMPLATES, CASES[case]).values())


def test_every_release_has_a_service_that_finds_its_pods_only():
    files = {
        path.rpartition("/")[2]: yaml.load(text, yaml.CSafeLoader)
        for path, text in render_model(TEMPLATES, CASES["deployment-istio-canary"]).items()
    }
    routed = [one["destination"]["host"] for one in files["virtualservice.yaml"]["spec"]["http"][0]["route"]]
    parts = {name: files[f"service-{name.rpartition('-')[2]}.yaml"]["spec"]["selector"]["perennial/release"] for name in routed}
    assert [f"flight-delay-{part}" for part in parts.values()] == routed
    for part in parts.values():
        assert files[f"deployment-{part}.yaml"]["spec"]["template"]["metadata"]["labels"]["perennial/release"] == part
    assert "perennial/release" not in files["service.yaml"]["spec"]["selector"]
