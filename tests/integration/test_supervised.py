"""Stages run under supervision: how they end is told, and nothing of them is left running, whoever is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.adapters.training.process import Ended, run_supervised
from reconciler.domain.training import Exceeded, Limits, Resource
from reconciler.errors import PermanentActError
from tests.processes import assert_gone, wait_for
from tests.repositories import ENVIRONMENT

MINUTE = Limits(seconds=60)
HUNDRED = Limits(seconds=60, memory=100 << 20)


def run(folder: Path, code: str, limits: Limits = MINUTE, **environment: str) -> Ended:
    with (folder / "kept").open("wb") as kept:
        return run_supervised(
            [sys.executable, "-c", code],
            directory=folder,
            environment=ENVIRONMENT | environment,
            log=folder / "log",
            limits=limits,
            keep=(kept.fileno(),),
        )


def exceeded(ended: Ended) -> Exceeded:
    assert ended.code is None
    assert ended.exceeded
    return ended.exceeded


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("pass", Ended(code=0)),
        ("raise SystemExit(7)", Ended(code=7)),
        ("raise SystemExit(255)", Ended(code=255)),
        ("import os; os.kill(os.getpid(), 9)", Ended(code=-9)),
        ("import os; os.abort()", Ended(code=-6)),
        ("import os, signal; os.killpg(0, signal.SIGKILL)", Ended(code=None)),
        ("import os; os.kill(os.getppid(), 9); import time; time.sleep(60)", Ended(code=None)),
    ],
    ids=["well", "with a code", "with the highest", "killed", "aborted", "its whole group killed", "its supervisor killed"],
)
def test_how_it_ended(tmp_path: Path, code: str, ended: Ended) -> None:
    assert run(tmp_path, code) == ended


def test_output_of_both_kinds_comes_in_order_and_nothing_is_asked(tmp_path: Path) -> None:
    code = "import sys\nprint('out', flush=True)\nprint('err', file=sys.stderr, flush=True)\nprint(repr(sys.stdin.read()))"
    run(tmp_path, code)

    assert (tmp_path / "log").read_text() == "out\nerr\n''\n"


def test_it_sees_only_the_environment_that_it_is_given(tmp_path: Path) -> None:
    run(tmp_path, "import os\nprint(os.environ.get('MINE'), os.environ.get('PYTEST_CURRENT_TEST'), os.getcwd())", MINE="x")

    assert (tmp_path / "log").read_text() == f"x None {tmp_path}\n"


def test_output_without_end_does_not_block_it(tmp_path: Path) -> None:
    assert run(tmp_path, "for _ in range(20_000): print('x' * 100)") == Ended(code=0)
    assert (tmp_path / "log").stat().st_size == 20_000 * 101


def test_what_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    code = (
        "import subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\n"
        "open('pid.new', 'w').write(str(child.pid))\nimport os; os.rename('pid.new', 'pid')\ntime.sleep(600)"
    )

    over = exceeded(run(tmp_path, code, Limits(seconds=2)))
    assert (over.resource, over.allowed) == (Resource.TIME, 2)
    assert 2 <= over.used < 10
    assert_gone(int((tmp_path / "pid").read_text()))


ESCAPES = (  # into a session of its own, and its parent gone: no process group and no parent leads to it any more
    "import os, time\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        open('pid.new', 'w').write(str(os.getpid())); os.rename('pid.new', 'pid')\n"
    "        time.sleep(600)\n"
    "    os._exit(0)\n"
    "os.wait()\n"
    "while not os.path.exists('pid'): time.sleep(0.01)\n"
)


@pytest.mark.parametrize(
    ("end", "limits"),
    [("", Limits(seconds=60)), ("time.sleep(600)", Limits(seconds=1.5)), ("x = bytearray(200 << 20)\ntime.sleep(600)", HUNDRED)],
    ids=["ended well", "too long", "too large"],
)
def test_what_leaves_the_session_is_found_and_killed(tmp_path: Path, end: str, limits: Limits) -> None:
    run(tmp_path, ESCAPES + end, limits)

    assert_gone(int((tmp_path / "pid").read_text()))


def test_what_allocates_without_end_is_ended_near_its_limit(tmp_path: Path) -> None:
    over = exceeded(run(tmp_path, "kept = []\nwhile True: kept.append(bytearray(1 << 20))", HUNDRED))

    assert (over.resource, over.allowed) == (Resource.MEMORY, 100 << 20)
    assert over.used > 100 << 20
    assert str(over).endswith("MiB of memory, 100 MiB are allowed")


def test_the_memory_of_all_processes_counts_together(tmp_path: Path) -> None:
    """Four of 40 MB each: none of them is too large."""
    child = "x = b'1' * (40 << 20); import time; time.sleep(600)"
    code = f"import subprocess, sys\na = [subprocess.Popen([sys.executable, '-c', {child!r}]) for _ in range(4)]\na[0].wait()"

    assert exceeded(run(tmp_path, code, HUNDRED)).resource is Resource.MEMORY


def test_memory_that_processes_share_is_counted_once(tmp_path: Path) -> None:
    """Five processes see the same 60 MB: 300 MB by a careless count, which the limit would not allow."""
    code = (
        "import os, time\nx = b'1' * (60 << 20)\nchildren = [os.fork() for _ in range(2)]\n"
        "children += [os.fork()]\ntime.sleep(0.8)\n"
    )

    assert run(tmp_path, code, Limits(seconds=60, memory=200 << 20)) == Ended(code=0)


def test_a_memory_limit_that_cannot_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.adapters.training.process.COUNTED", tmp_path / "absent")

    with pytest.raises(PermanentActError, match="needs /proc, which this system lacks"):
        run(tmp_path, "pass", HUNDRED)
    assert run(tmp_path, "pass") == Ended(code=0)


def test_a_child_that_ignores_being_asked_is_killed_all_the_same(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, sys\nloop = 'import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)'\n"
        "child = subprocess.Popen([sys.executable, '-c', loop])\nopen('pid', 'w').write(str(child.pid))"
    )

    assert run(tmp_path, code) == Ended(code=0)
    assert_gone(int((tmp_path / "pid").read_text()))


def test_the_descriptor_that_is_kept_is_open_as_long_as_the_command_runs(tmp_path: Path) -> None:
    code = (
        "import os\nfolder = f'/proc/{os.getppid()}/fd/'\n"
        "print(any(os.path.realpath(folder + n).endswith('/kept') for n in os.listdir(folder)))"
    )
    run(tmp_path, code)

    assert (tmp_path / "log").read_text() == "True\n"


def test_a_folder_that_is_gone_cannot_be_started_in(tmp_path: Path) -> None:
    with pytest.raises(PermanentActError, match="cannot be started: No such file") as caught:
        run_supervised(["dvc"], directory=tmp_path / "gone", environment={}, log=tmp_path / "log", limits=MINUTE)

    assert caught.value.help == "perennial doctor"


ASKER = """
import os, sys
from pathlib import Path
from reconciler.adapters.training.process import run_supervised
from reconciler.domain.training import Limits
here = Path(sys.argv[1])
code = "import os, time; open('pid.new', 'w').write(str(os.getpid())); os.rename('pid.new', 'pid'); time.sleep(600)"
with open(here / "kept", "wb") as kept:
    run_supervised([sys.executable, "-c", code], directory=here, environment=dict(os.environ), log=here / "log",
                   limits=Limits(), keep=(kept.fileno(),))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=["killed", "asked to end", "interrupted"])
def test_when_the_asker_ends_the_command_ends(tmp_path: Path, how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", ASKER, str(tmp_path)], env=ENVIRONMENT, stderr=subprocess.DEVNULL) as asker:
        wait_for(tmp_path / "pid", asker)
        os.kill(asker.pid, how)
        asker.wait()

    assert_gone(int((tmp_path / "pid").read_text()))
