import pytest
from github import BadAttributeException, BadCredentialsException, GithubException

from reconciler.adapters.forges.github.credentials import AppKey, Token
from reconciler.adapters.forges.github.troubles import StrangeAnswerError, UnansweredError, doing, refusal, seeing
from reconciler.errors import ConflictError, ObserveError, PermanentActError, ReconcilerError, TransientActError
from tests.cases import each

INVALID = {"message": "Validation Failed", "errors": [{"resource": "PullRequest", "field": "head", "code": "invalid"}]}


@each(
    ("error", "act", "word", "help"),
    [
        (UnansweredError("no answer"), TransientActError, "no answer", "again"),
        (BadCredentialsException(401, {"message": "Bad credentials"}), PermanentActError, "401: Bad credentials", "TOKEN"),
        (GithubException(403, {"message": "Resource not accessible"}), PermanentActError, "403: Resource", "permission"),
        (
            GithubException(404, {"message": "Not Found"}),
            PermanentActError,
            "404: Not Found",
            "repository in [tool.perennial.forge]",
        ),
        (GithubException(410, {"message": "Issues are disabled"}), PermanentActError, "410: Issues", "switch Issues on"),
        (GithubException(422, INVALID), PermanentActError, "422: Validation Failed; PullRequest head invalid", "doctor"),
        (StrangeAnswerError("another address"), PermanentActError, "another address", "url in [tool.perennial.forge]"),
        (BadAttributeException(1, (str, str), None), PermanentActError, "", "url in [tool.perennial.forge]"),
    ],
)
def test_each_error_is_told_to_people(error: Exception, act: type[ReconcilerError], word: str, help: str) -> None:
    for context, kind in ((doing("close #7 of acme/models"), act), (seeing("the pull requests of acme/models"), ObserveError)):
        with pytest.raises(kind) as caught, context:
            raise error
        assert "acme/models" in caught.value.message
        assert word in caught.value.message
        assert help in caught.value.help or (kind is ObserveError and "again" in caught.value.help)
        assert caught.value.__cause__ is None


def test_our_own_errors_go_through() -> None:
    with pytest.raises(ConflictError), doing("merge"):
        raise ConflictError("moved")


@each(
    ("data", "said"),
    [
        (None, "GitHub answers 500: no reason"),
        ({"data": "<html>oops</html>"}, "GitHub answers 500: no reason"),
        ({"message": "a\x1b[31mb\nc"}, "GitHub answers 500: ab c"),
        ({"message": "no", "errors": "text"}, "GitHub answers 500: no; text"),
        ({"message": "no", "errors": ["one", {"message": "two"}, None]}, "GitHub answers 500: no; one; two"),
        ({"message": "your ghp_0123456789abcdef is bad"}, "GitHub answers 500: your *** is bad"),
        ({"message": "Authorization: token deadbeefdeadbeef"}, "GitHub answers 500: Authorization: token ***"),
    ],
)
def test_what_is_said_is_one_line_without_secrets(data: object, said: str) -> None:
    assert refusal(GithubException(500, data)) == said


def test_a_long_refusal_is_shortened() -> None:
    assert len(refusal(GithubException(500, {"message": "x" * 5000}))) == 300


def test_credentials_do_not_show_themselves() -> None:
    assert "secret" not in repr(AppKey(app="1", key="secret"))
    assert "secret" not in repr(Token(value="secret"))
