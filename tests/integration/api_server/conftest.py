"""An API server to apply manifests to: the one that PERENNIAL_TEST_KUBECONFIG names, or one of our own where its programs are.

It is not the one that KUBECONFIG names: nobody's own cluster is to be filled by a test run.
"""

import os
import re
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator

import pytest
import yaml

from tests.integration.api_server.own import own_server, programs
from tests.integration.api_server.server import ApiServer
from tests.integration.test_kubernetes import definitions

APPROVAL = {"api-approved.kubernetes.io": "unapproved, for a test"}


@pytest.fixture(scope="session")
def kubeconfig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a server that may be filled."""
    named = os.environ.get("PERENNIAL_TEST_KUBECONFIG", "")  # noqa: TID251 (which cluster may be filled is the machine's business)
    found = programs(os.environ.get("KUBEBUILDER_ASSETS", ""))  # noqa: TID251 (as is where programs are)
    if not shutil.which("kubectl") or not (named or found):
        pytest.skip("no kubectl, or neither PERENNIAL_TEST_KUBECONFIG nor etcd and kube-apiserver (KUBEBUILDER_ASSETS)")
    if named or not found:
        yield named
        return
    with own_server(*found, tmp_path_factory.mktemp("server")) as own:
        yield str(own)


@pytest.fixture(scope="session")
def api(kubeconfig: str) -> Iterator[ApiServer]:
    """With all definitions installed."""
    command = ["kubectl", "proxy", "--port=0", f"--kubeconfig={kubeconfig}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as proxy:
        try:
            port = re.search(r":(\d+)", proxy.stdout.readline())[1]
            server = ApiServer(url=f"http://127.0.0.1:{port}")
            install(server)
            yield server
        finally:
            proxy.kill()


def install(server: ApiServer) -> None:
    """The custom kinds; those of the Gateway API are of a group that wants an approval."""
    texts = [yaml.load(text, yaml.CSafeLoader) for text in definitions()]
    for definition in filter(None, texts):
        definition["metadata"].setdefault("annotations", {}).update(APPROVAL)
        server.apply(definition)
    for definition in filter(None, texts):
        until = time.monotonic() + 30
        while not established(server.get(definition)):
            assert time.monotonic() < until, definition["metadata"]["name"]
            time.sleep(0.1)


def established(definition: dict) -> bool:
    conditions = definition.get("status", {}).get("conditions")
    return any(one["type"] == "Established" and one["status"] == "True" for one in conditions or ())


@pytest.fixture
def namespace(api: ApiServer) -> Iterator[str]:
    """A new one in which pods must be of the strictest standard, and whoever makes others is warned."""
    name = f"perennial-test-{uuid.uuid4().hex[:10]}"
    modes = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": modes}}
    api.apply(made)
    for account in ("default", "model-reader"):
        api.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": account}}, name)
    api.warnings.clear()
    yield name
    api.delete(made)
