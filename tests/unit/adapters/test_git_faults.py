"""What git's complaints about a remote mean, and what is handed to it by its environment."""

from reconciler.adapters.git.faults import fault
from reconciler.adapters.git.ways import by_token, configured
from reconciler.errors import PermanentActError, TransientActError
from tests.cases import each

LASTING = {
    "fatal: '/x.git' does not appear to be a git repository": "git remote set-url origin URL",
    "fatal: Authentication failed for 'https://git.example.com/x.git/'": "perennial doctor",
    "fatal: could not read Username for 'https://git.example.com': terminal prompts disabled": "perennial doctor",
    "git@git.example.com: Permission denied (publickey).": "perennial doctor",
    "remote: Permission to acme/models.git denied to bob.": "perennial doctor",
    "remote: Repository not found.": "perennial doctor",
    "fatal: unable to access 'https://git.example.com/x.git/': The requested URL returned error: 403": "perennial doctor",
    "Host key verification failed.": "known_hosts",
    "fatal: the receiving end does not support --atomic push": "git 2.4",
    "remote: error: GH006: Protected branch update failed for refs/heads/main.": "Perennial's account",
    "!\t1c:refs/heads/main\t[remote rejected] (pre-receive hook declined)": "rules for pushes",
    "error: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'": "--delete BRANCH",
    "fatal: unable to access 'https://git.example.com/': SSL certificate problem": "http.sslCAInfo",
}
PASSING = [
    "fatal: unable to access 'https://git.example.com/': Could not resolve host: git.example.com",
    "fatal: unable to access 'https://git.example.com/': The requested URL returned error: 502",
    "fatal: the remote end hung up unexpectedly",
    "ssh: connect to host git.example.com port 22: Connection timed out",
    "!\t1c:refs/heads/main\t[remote rejected] (failed to update ref)",
    "",
]


@each("complaint", LASTING)
def test_what_stays_until_somebody_acts(complaint: str) -> None:
    error = fault(complaint, "the remote origin cannot be read", "origin")
    assert isinstance(error, PermanentActError)
    assert LASTING[complaint] in error.help


@each("complaint", PASSING)
def test_what_may_pass(complaint: str) -> None:
    error = fault(complaint, "the remote origin cannot be read", "origin")
    assert isinstance(error, TransientActError)
    assert error.help == "git ls-remote origin; then run again"


def test_of_many_lines_those_that_tell_something_are_told_once_on_one_line() -> None:
    complaint = "\n".join(
        [
            "To /srv/x.git",
            "remote: main is closed for today",
            "remote: main is closed for today",
            "error: failed to push some refs to '/srv/x.git'",
            "!\t1c:refs/heads/main\t[remote rejected] (pre-receive hook declined)",
            f"fatal: {'x' * 1000}",
        ]
    )
    message = fault(complaint, "refused", "origin").message
    assert message.startswith(
        "refused: main is closed for today; refs/heads/main [remote rejected] (pre-receive hook declined); xxx"
    )
    assert message.endswith("…")
    assert len(message) < 420


def test_settings_come_after_those_that_are_there() -> None:
    before = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c", "PATH": "/bin"}
    assert configured(before, [("d.e", "f")]) == before | {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_1": "d.e",
        "GIT_CONFIG_VALUE_1": "f",
    }
    assert configured({"GIT_CONFIG_COUNT": "many"}, []) == {"GIT_CONFIG_COUNT": "0"}


def test_a_token_is_asked_for_each_time_because_it_may_have_been_renewed() -> None:
    tokens = iter(["one", "two"])
    credentials = by_token("https://github.com/", lambda: next(tokens))
    headers = [value for _ in range(2) for _, value in credentials() if value]
    assert headers == ["Authorization: Basic eC1hY2Nlc3MtdG9rZW46b25l", "Authorization: Basic eC1hY2Nlc3MtdG9rZW46dHdv"]
