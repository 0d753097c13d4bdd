"""A Kubernetes API server as Argo CD uses it: server-side apply, with every field checked and every warning kept."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import requests

MANAGER = "argocd-controller"
CORE = {"v1": "api/v1"}


@dataclass
class ApiServer:
    """`url` takes requests as somebody who may do everything. `warnings` are what it said beside its answers."""

    url: str
    warnings: list[str] = field(default_factory=list)
    plurals: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def session(self) -> requests.Session:
        return requests.Session()

    def apply(self, thing: Mapping, namespace: str = "", text: str = "", **parameters: str) -> dict:
        """As it is stored; `text` is the object as somebody else wrote it, for the server to read.

        Raises AssertionError with what the server says when it refuses the object, or any field of it.
        """
        asked = {"fieldManager": MANAGER, "fieldValidation": "Strict", "force": "true"} | parameters
        kind = {"Content-Type": "application/apply-patch+yaml"}
        body = (text or json.dumps(thing)).encode()
        answer = self.session.patch(self._address(thing, namespace), data=body, params=asked, headers=kind, timeout=30)
        self._warned(answer)
        assert answer.ok, f"{thing['kind']}: {answer.json().get('message', answer.text)}"
        return answer.json()

    def set_status(self, thing: Mapping, namespace: str, status: Mapping) -> None:
        """As the controller of the kind would."""
        body = {"status": status}
        for address in (f"{self._address(thing, namespace)}/status", self._address(thing, namespace)):
            answer = self.session.patch(address, json=body, headers={"Content-Type": "application/merge-patch+json"}, timeout=30)
            if answer.status_code != 404:
                break
        assert answer.ok, answer.text

    def get(self, thing: Mapping, namespace: str = "") -> dict:
        return self.session.get(self._address(thing, namespace), timeout=30).json()

    def delete(self, thing: Mapping, namespace: str = "") -> None:
        answer = self.session.delete(self._address(thing, namespace), timeout=30)
        assert answer.status_code in {200, 202, 404}, answer.text

    def _warned(self, answer: requests.Response) -> None:
        if warning := answer.headers.get("Warning"):
            self.warnings.append(warning)

    def _address(self, thing: Mapping, namespace: str) -> str:
        plural = self._plural(thing["apiVersion"], thing["kind"])
        within = f"/namespaces/{namespace}" if namespace else ""
        return f"{self.url}/{_group(thing['apiVersion'])}{within}/{plural}/{thing['metadata']['name']}"

    def _plural(self, api_version: str, kind: str) -> str:
        """The word for the kind in addresses. What is asked for once is known; a kind that was just made takes a moment."""
        until = time.monotonic() + 30
        while kind not in self.plurals.get(api_version, {}):
            assert time.monotonic() < until, f"the server knows no {kind} in {api_version}"
            answer = self.session.get(f"{self.url}/{_group(api_version)}", timeout=30)
            if answer.ok:
                self.plurals[api_version] = {
                    one["kind"]: one["name"] for one in answer.json()["resources"] if "/" not in one["name"]
                }
        return self.plurals[api_version][kind]


def _group(api_version: str) -> str:
    return CORE.get(api_version, f"apis/{api_version}")
