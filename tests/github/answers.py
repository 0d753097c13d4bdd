"""How the server answers: a body, a refusal, or a list of which a page is shown."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """A list, of which the server cuts the page that was asked for. `key`: where it is in the body, if it is not the body."""

    items: list[Any]
    key: str = ""


class RefusedError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str, *errors: dict[str, str]) -> None:
        body: dict[str, Any] = {"message": message, "documentation_url": "https://docs.github.com/rest"}
        if errors:
            body["errors"] = list(errors)
        self.answer = Answer(status, body)


def missing() -> RefusedError:
    return RefusedError(404, "Not Found")


def invalid(resource: str, field: str) -> RefusedError:
    return RefusedError(422, "Validation Failed", {"resource": resource, "field": field, "code": "invalid"})


def custom(resource: str, message: str) -> RefusedError:
    return RefusedError(422, "Validation Failed", {"resource": resource, "code": "custom", "message": message})
