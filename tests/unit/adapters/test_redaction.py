"""What other programs say is shown without secrets, places and control characters."""

from pathlib import Path

from reconciler.adapters.redaction import redact
from tests.cases import each

ENVIRONMENT = {
    "SERVICE_TOKEN": "s3cr3t-value",
    "AWS_SECRET_ACCESS_KEY": "abc/def+123",
    "SHORT_TOKEN": "abc",
    "EDITOR": "emacs-nox",
}


@each(
    ("text", "shown"),
    [
        ("token s3cr3t-value!", "token ***!"),
        ("key abc/def+123.", "key ***."),
        ("alphabet of emacs-nox", "alphabet of emacs-nox"),
        ("https://ann:hunter22@example.com/x", "https://***@example.com/x"),
        ("https://ghtoken@example.com/x", "https://***@example.com/x"),
        ("postgresql+psycopg://u:p@h/db", "postgresql+psycopg://***@h/db"),
        ("mail ann@example.com", "mail ann@example.com"),
        ("ghp_0123456789abcdef in a log", "*** in a log"),
        ("the token expired, the password must be changed", "the token expired, the password must be changed"),
        ("password=hunter22, then", "password=***, then"),
        ("Authorization: Bearer abcdefgh", "Authorization: Bearer ***"),
        ("\x1b[31mred\x1b[0m\x07\r\nnext\rline", "red\nnext\nline"),
    ],
)
def test_secrets_and_control_characters_go(text: str, shown: str) -> None:
    assert redact(text, ENVIRONMENT, {}) == shown


def test_the_longest_place_wins_and_neighbours_stay() -> None:
    places = {Path("/home/ann"): "~", Path("/home/ann/repo"): "<checkout>", Path("/"): "root"}
    text = "/home/ann/repo/x /home/ann/repository /home/ann/y /home/anna"
    assert redact(text, {}, places) == "<checkout>/x ~/repository ~/y /home/anna"


def test_a_secret_inside_another_leaves_nothing_behind() -> None:
    assert redact("longer-secret", {"A_TOKEN": "secret", "B_TOKEN": "longer-secret"}, {}) == "***"
