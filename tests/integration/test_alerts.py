"""Alert files as they lie about: in any order, broken, large, elsewhere; and from a real Alertmanager."""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import permutations
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from reconciler.adapters.alerts import LARGEST, FileAlerts
from reconciler.errors import ObserveError
from tests.payloads import AT, HOUR, notice, payload
from tests.prometheus import wait_for
from tests.unprivileged import as_nobody


def read(folder: Path, text: str | bytes, file: str = "a.json") -> list[tuple[str, bool]]:
    (folder / "a.json").write_bytes(text.encode() if isinstance(text, str) else text)
    return [(alert.name, alert.firing) for alert in FileAlerts(folder).read(file)]


def test_the_newest_state_does_not_depend_on_the_order_of_the_files(tmp_path: Path) -> None:
    story = [notice("A"), notice("A", ends=AT + HOUR), notice("A", starts=AT + 2 * HOUR), notice("A", starts=AT + 2 * HOUR)]
    for told, last in ((story, True), ([*story, notice("A", starts=AT + 2 * HOUR, ends=AT + 3 * HOUR)], False)):
        for order in permutations(told):
            for number, one in enumerate(order):
                (tmp_path / f"{number}.json").write_text(payload(one))
            assert [alert.firing for alert in FileAlerts(tmp_path).read("*.json")] == [last]


@pytest.mark.parametrize(
    "text",
    [
        payload(notice("A")),
        "\n\n" + payload(notice("A")) + "\n",
        payload(notice("A"), notice("A")),
        payload(notice("A")) + "\n" + payload(notice("A")) + "\n",
        payload(notice("A")) + payload(),
        "\ufeff" + payload(notice("A")),
        payload(notice("A") | {"startsAt": "2013-03-01T06:00:00.123456789+02:00"}),
        payload({key: value for key, value in notice("A").items() if key in ("status", "labels", "startsAt")}),
    ],
)
def test_a_payload_is_read_however_it_is_written(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == [("A", True)]


def test_a_receiver_may_append_thousands_of_payloads_to_one_file(tmp_path: Path) -> None:
    text = (payload(notice("A")) + "\n") * 9_000
    begin = time.monotonic()

    assert read(tmp_path, text) == [("A", True)]
    assert time.monotonic() - begin < 3
    with pytest.raises(ObserveError, match=r"a\.json:9001: not valid JSON"):
        read(tmp_path, text + "?")


@pytest.mark.parametrize("text", ["", "\n", payload()])
def test_nothing_in_a_file_is_no_alert(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html>", "a.json:1: not valid JSON: Expecting value"),
        (payload(notice("A")) + "\n\n" + payload()[:-1], "a.json:3: not valid JSON"),
        ("[]", "a.json:1: Input should be"),
        ("{}", "a.json:1: version: Field required"),
        (payload(version="3"), "a.json:1: version: Input should be '4'"),
        (payload() + "\n" + payload(notice("A") | {"status": "odd"}), "a.json:2: alerts.0.status: Input should be 'firing'"),
        (payload(notice("A"), {"status": "firing"}), "alerts.1.labels: Field required"),
        (payload(notice("A") | {"startsAt": "yesterday"}), "alerts.0.startsAt: "),
        (payload(notice("A") | {"startsAt": "2013-03-01T06:00:00"}), "alerts.0.startsAt: Input should have timezone"),
        (payload(notice("A") | {"labels": {"alertname": 5}}), "alerts.0.labels.alertname: Input should be a valid string"),
        ("[" * 200_000, "a.json:1: "),
        (b"\xff\xfe", "a.json: byte 1 is not UTF-8"),
        (b"\0" * 10, "a.json:1: not valid JSON"),
        (b" " * (LARGEST + 1), "a.json has 5,242,881 bytes, and at most 5,242,880 are read"),
    ],
)
def test_what_is_no_payload_is_an_error_with_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(ObserveError) as caught:
        read(tmp_path, text)

    assert caught.value.message.startswith(message) or message in caught.value.message


def link_to_file(folder: Path) -> str:
    (folder / "repo/link.json").symlink_to(folder / "a.json")
    return "link.json"


def link_to_folder(folder: Path) -> str:
    (folder / "repo/x").symlink_to(folder)
    return "x/*.json"


@pytest.mark.parametrize(
    "asked", [lambda _: "../a.json", lambda _: "../*.json", lambda _: "x/../../a.json", link_to_file, link_to_folder]
)
def test_a_path_out_of_the_repository_is_refused(tmp_path: Path, asked: Callable[[Path], str]) -> None:
    (tmp_path / "a.json").write_text(payload(notice("A")))
    (tmp_path / "repo").mkdir()
    with pytest.raises(ObserveError, match="leads out of the repository"):
        FileAlerts(tmp_path / "repo").read(asked(tmp_path))


@pytest.mark.parametrize("name", ["a.json", "*.json"])
def test_an_absolute_path_is_meant(tmp_path: Path, name: str) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "a.json").write_text(payload(notice("A")))

    assert len(FileAlerts(tmp_path / "repo").read(str(tmp_path / name))) == 1


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "alerts").mkdir()
    with pytest.raises(ObserveError, match="alerts/ is a folder") as caught:
        FileAlerts(tmp_path).read("alerts/")
    assert caught.value.help == "write alerts/*.json for all files in it"


def test_a_file_that_may_not_be_read_is_an_error() -> None:
    with as_nobody() as folder:
        (folder / "a.json").write_text(payload())
        (folder / "a.json").chmod(0)
        with pytest.raises(ObserveError, match=r"cannot read a\.json: Permission denied"):
            FileAlerts(folder).read("a.json")


class Webhook(BaseHTTPRequestHandler):
    """Puts every payload into a file of its own, as a receiver of a team would."""

    folder: Path

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        (self.folder / f"{time.time_ns()}.json").write_bytes(body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def alertmanager(tmp_path: Path) -> Iterator[str]:
    """A real one, which posts to a webhook that fills `tmp_path/alerts`."""
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        pytest.skip("no alertmanager on the PATH: apt-get install prometheus-alertmanager")
    (tmp_path / "alerts").mkdir()
    handler = type("Here", (Webhook,), {"folder": tmp_path / "alerts"})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as hook, socket.socket() as free:
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        receiver = f"{{name: perennial, webhook_configs: [{{url: 'http://127.0.0.1:{hook.server_port}/', send_resolved: true}}]}}"
        route = "{receiver: perennial, group_wait: 10ms, group_interval: 100ms, group_by: [alertname]}"
        (tmp_path / "alertmanager.yml").write_text(f"route: {route}\nreceivers: [{receiver}]\n")
        options = [f"--storage.path={tmp_path}/data", f"--web.listen-address={address}", "--cluster.listen-address="]
        with (tmp_path / "log").open("w") as log:
            server = subprocess.Popen(
                [program, f"--config.file={tmp_path}/alertmanager.yml", *options], stdout=log, stderr=log, cwd=tmp_path
            )
            try:
                wait_for(f"http://{address}/-/ready", tmp_path / "log")
                yield f"http://{address}"
            finally:
                server.kill()
                server.wait()
                hook.shutdown()


def post(address: str, *alerts: object) -> None:
    body = json.dumps(alerts).encode()
    with urlopen(Request(f"{address}/api/v2/alerts", body, {"Content-Type": "application/json"}), timeout=5):
        pass


def settled(folder: Path, wanted: dict[str, bool]) -> dict[str, bool]:
    """Name to state once they are as wanted, or as they are after 10 s."""
    found: dict[str, bool] = {}
    for _ in range(100):
        found = {alert.name: alert.firing for alert in FileAlerts(folder).read("alerts/*.json")}
        if found == wanted:
            break
        time.sleep(0.1)
    return found


def test_a_real_alertmanager_is_understood(alertmanager: str, tmp_path: Path) -> None:
    slow, wrong = {"alertname": "SlowAnswers", "model": "flight-delay"}, {"alertname": "WrongAnswers"}
    post(alertmanager, {"labels": slow}, {"labels": wrong})
    assert settled(tmp_path, {"SlowAnswers": True, "WrongAnswers": True}) == {"SlowAnswers": True, "WrongAnswers": True}
    seen = next(alert for alert in FileAlerts(tmp_path).read("alerts/*.json") if alert.name == "SlowAnswers")
    assert seen.labels == slow

    over = {"labels": slow, "startsAt": seen.starts_at.isoformat(), "endsAt": seen.starts_at.isoformat()}
    post(alertmanager, over)
    assert settled(tmp_path, {"SlowAnswers": False, "WrongAnswers": True}) == {"SlowAnswers": False, "WrongAnswers": True}
