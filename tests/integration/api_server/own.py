"""An API server of our own on loopback, with etcd and nothing else: it keeps objects, and nobody runs what they ask for."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

TOKEN = "of-a-test"
KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{{name: own, cluster: {{server: "https://127.0.0.1:{port}", certificate-authority: {authority}}}}}]
users: [{{name: own, user: {{token: {token}}}}}]
contexts: [{{name: own, context: {{cluster: own, user: own}}}}]
current-context: own
"""


def programs(assets: str) -> tuple[str, str] | None:
    """etcd and kube-apiserver, from the folder where `setup-envtest` puts them, or from the PATH; None without both."""
    found = [shutil.which(name, path=assets or None) or shutil.which(name) for name in ("etcd", "kube-apiserver")]
    return (found[0], found[1]) if found[0] and found[1] else None


@contextmanager
def own_server(etcd: str, kube_apiserver: str, folder: Path) -> Iterator[Path]:
    """The kubeconfig of one that is ready; it ends with the context."""
    store, peers, port = (free_port() for _ in range(3))
    key, tokens, kubeconfig = folder / "key.pem", folder / "tokens.csv", folder / "kubeconfig"
    subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
    tokens.write_text(f'{TOKEN},test,test,"system:masters"\n')
    urls = {"listen-client-urls": store, "advertise-client-urls": store, "listen-peer-urls": peers}
    urls |= {"initial-advertise-peer-urls": peers}
    storing = [etcd, f"--data-dir={folder / 'etcd'}", f"--initial-cluster=default=http://127.0.0.1:{peers}"]
    serving = [kube_apiserver, f"--etcd-servers=http://127.0.0.1:{store}", f"--secure-port={port}", "--bind-address=127.0.0.1"]
    serving += [f"--cert-dir={folder / 'certificates'}", f"--token-auth-file={tokens}", "--authorization-mode=RBAC"]
    serving += [f"--service-account-{use}-file={key}" for use in ("key", "signing-key")]
    serving += ["--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/16"]
    with ExitStack() as running:
        running.enter_context(process([*storing, *(f"--{name}=http://127.0.0.1:{of}" for name, of in urls.items())], folder))
        running.enter_context(process(serving, folder))
        authority = folder / "certificates/apiserver.crt"
        kubeconfig.write_text(KUBECONFIG.format(port=port, authority=authority, token=TOKEN))
        wait_until_ready(kubeconfig)
        yield kubeconfig


@contextmanager
def process(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / f"{Path(command[0]).name}.log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield
        finally:
            running.kill()
            running.wait()


def wait_until_ready(kubeconfig: Path) -> None:
    command = ["kubectl", f"--kubeconfig={kubeconfig}", "get", "--raw=/readyz"]
    until = time.monotonic() + 90
    while (said := subprocess.run(command, capture_output=True, text=True, check=False)).stdout != "ok":
        assert time.monotonic() < until, said.stderr
        time.sleep(0.5)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
