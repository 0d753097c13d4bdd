"""What the commands of CI jobs make of text that others wrote: comments, events, settings with passwords."""

from reconciler.cli.comment import harmless
from reconciler.cli.login import secrets_in
from reconciler.cli.receive import alerts_in
from reconciler.domain.notices import LONGEST_BODY
from tests.cases import each


@each(
    ("text", "said"),
    [
        ("/perennial rollback alpha", "\\/perennial rollback alpha"),
        ("x\r/perennial hold", "x\n\\/perennial hold"),
        ("> /perennial hold", "> \\/perennial hold"),
        ("see /perennials and a/perennial", "see /perennials and a/perennial"),
        ("<!-- perennial:plan -->", "&lt;!-- perennial:plan -->"),
        ("/perennialize", "/perennialize"),
        ("plain", "plain"),
    ],
)
def test_a_comment_gives_no_orders_and_has_no_hidden_marks(text: str, said: str) -> None:
    assert harmless(text) == said


def test_a_comment_that_is_too_long_is_cut_and_says_so() -> None:
    said = harmless("x" * (LONGEST_BODY + 1))
    assert len(said) <= LONGEST_BODY
    assert said.endswith("it is too long for a comment.")


PAYLOAD = {"version": "4", "alerts": []}


@each(
    ("event", "found"),
    [
        (PAYLOAD, PAYLOAD),
        ({"client_payload": PAYLOAD}, PAYLOAD),
        ({"client_payload": {"dataset": "flights"}}, None),
        ({"client_payload": {"alerts": "all"}}, None),
        ({"schedule": "17 * * * *"}, None),
        ([], None),
        (None, None),
    ],
)
def test_the_alerts_of_an_event(event: object, found: object) -> None:
    assert alerts_in(event) == found


def test_every_setting_may_be_a_secret_and_the_longest_is_masked_first() -> None:
    text = '[\'remote "s3"\']\n    secret_access_key = "abc=defghi"\n    user = ann\n    password = abcdef\n    port = 22\n'
    assert secrets_in(text) == ["abc=defghi", "abcdef"]
