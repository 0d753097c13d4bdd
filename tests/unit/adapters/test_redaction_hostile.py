"""Secrets that hide: in quotes, between control characters, at the end of a sentence, inside each other."""

from pathlib import Path

import pytest

from reconciler.adapters.redaction import redact, without_credentials
from tests.cases import each

SECRET = "hunter22-of-ann"


@each(
    "name",
    [
        "SERVICE_TOKEN",
        "service_token",
        "AWS_SECRET_ACCESS_KEY",
        "PGPASSWORD",
        "API_KEY",
        "APIKEY",
        "GCP_CREDENTIALS",
        "AZURE_STORAGE_CONNECTION_STRING",
        "PRIVATE_PEM",
        "MY_ACCESSKEY",
    ],
)
def test_values_of_variables_with_telling_names_go(name: str) -> None:
    assert redact(f"it is {SECRET}.", {name: SECRET}, {}) == "it is ***."


@each("name", ["HOME", "EDITOR", "USER", "PWD", "KEYBOARD", "PATH"])
def test_values_of_other_variables_stay(name: str) -> None:
    assert redact(f"it is {SECRET}.", {name: SECRET}, {}) == f"it is {SECRET}."


@pytest.mark.parametrize(
    "text",
    [
        f"\x1b[31m{SECRET[:4]}\x1b[0m{SECRET[4:]}",
        f"{SECRET[:4]}\x07{SECRET[4:]}",
        f"{SECRET[:4]}\u202e{SECRET[4:]}",
        f"{SECRET}{SECRET}",
        f"'{SECRET}'",
    ],
    ids=["coloured in the middle", "a bell inside", "a change of direction inside", "twice", "quoted"],
)
def test_a_secret_is_found_however_it_is_dressed(text: str) -> None:
    shown = redact(text, {"A_TOKEN": SECRET}, {})

    assert "***" in shown
    assert "hunter" not in shown
    assert "ann" not in shown


@each(
    ("text", "shown"),
    [
        ("postgresql://ann:p@ss@host/db", "postgresql://***@host/db"),
        ("s3://key:word@bucket/x and http://h/y", "s3://***@bucket/x and http://h/y"),
        ("http://h/y?mail=ann@example.com", "http://h/y?mail=ann@example.com"),
        ("git+ssh://git@github.com/x", "git+ssh://***@github.com/x"),
        ("http://a:b@one http://c:d@two", "http://***@one http://***@two"),
        ("://nothing@here", "://nothing@here"),
    ],
)
def test_user_and_password_of_a_url_go_and_the_rest_stays(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


@each(
    ("text", "shown"),
    [
        ('{"password": "hunter22"}', '{"password": "***"}'),
        ("{'api_key': 'abcd1234', 'x': 1}", "{'api_key': '***', 'x': 1}"),
        ('Authorization: "Bearer abc.def"', 'Authorization: "Bearer ***"'),
        ("token = abcdefgh; next", "token = ***; next"),
        ("access-key and token: abc", "access-key and token: abc"),
        ("secret santa", "secret santa"),
    ],
)
def test_what_is_written_as_a_secret_goes_with_or_without_quotes(text: str, shown: str) -> None:
    assert redact(text, {}, {}) == shown


@each("end", [".", ". Next", "...", ":3", "'", ",", ")", "/x", "\n"])
def test_a_place_goes_also_at_the_end_of_a_sentence(end: str) -> None:
    assert redact(f"in /home/ann{end}", {}, {Path("/home/ann"): "~"}) == f"in ~{end}"


@each("rest", ["a", "-old", ".old", "_2", "1"])
def test_a_neighbour_of_a_place_is_another_place(rest: str) -> None:
    assert redact(f"/home/ann{rest}", {}, {Path("/home/ann"): "~"}) == f"/home/ann{rest}"


def test_what_stands_for_a_place_is_text_and_no_pattern() -> None:
    assert redact("/data/x", {}, {Path("/data"): r"\1<\g<0>>"}) == r"\1<\g<0>>/x"


@each("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\x1b[2J", "\x1b[1;31m", "\x1b[?25l"])
def test_nothing_is_left_that_steers_a_terminal_or_turns_the_text(sign: str) -> None:
    assert redact(f"a{sign}b", {}, {}) == "ab"


@pytest.mark.parametrize(
    "text",
    ["", "tab\tand\nlines\n", "é 列 🙂", "a" * 100_000, "(((((" * 1000, "a.b" * 60_000, "a://" * 40_000],
    ids=["empty", "lines", "letters", "a long word", "brackets", "a word of dots", "many schemes"],
)
def test_plain_text_of_any_length_stays(text: str) -> None:
    assert redact(text, {"A_TOKEN": "not in it"}, {Path("/home/ann"): "~"}) == text


def test_an_empty_secret_replaces_nothing() -> None:
    assert redact("text", {"A_TOKEN": "", "B_TOKEN": "tex"}, {}) == "text"
