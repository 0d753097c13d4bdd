"""Step 1 of the flow, LOAD: the files of a revision to Specs, or every problem in all of them at once. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from reconciler.domain.names import Digest
from reconciler.domain.releases import HoldNote, Release
from reconciler.errors import InvalidSpecsError, Problem
from reconciler.rules.fields import Written
from reconciler.specs.check import check
from reconciler.specs.checks.environments import check_environments
from reconciler.specs.checks.serving import check_prometheus
from reconciler.specs.complaints import complaints, plain_path
from reconciler.specs.document import Document, Text
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.places import PYPROJECT, Place, home_of, misplaced, place_of
from reconciler.specs.schemas import SCHEMAS, schema_of
from reconciler.specs.settings import Settings
from reconciler.specs.specs import Specs
from reconciler.specs.syntax import Data, parse
from reconciler.specs.toml import read_settings

_KINDS: Mapping[str, str] = {
    get_args(kind.model_fields["kind"].annotation)[0]: schema for schema, kind in SCHEMAS.items() if schema != "params"
}
"""The word after `kind:` to its schema."""


def load_specs(files: Mapping[str, bytes]) -> Specs:
    """Read, validate and cross-check everything that people and promotions wrote.

    `files` maps paths from the repository's root to contents; what is no spec is only carried along.
    Raises InvalidSpecsError with every Problem found.
    """
    problems: list[Problem] = []
    documents: list[Document[Any]] = []
    for path in sorted(files):
        if why := misplaced(path):
            problems.append(Problem(file=path, line=1, column=1, field="", message=why, hint=_where_to(path)))
        elif place := place_of(path):
            try:
                documents.append(read_document(place, files[path]))
            except InvalidSpecsError as error:
                problems += error.problems
    settings = Settings()
    try:
        settings = read_settings(files.get(PYPROJECT, b""))
    except InvalidSpecsError as error:
        problems += error.problems
    loaded = Loaded.of(documents, files)
    problems += [*check(loaded), *check_environments(loaded, settings), *check_prometheus(loaded, settings)]
    if problems:
        raise InvalidSpecsError(problems)
    return _specs(loaded, settings)


def read_document(place: Place, content: bytes) -> Document[Any]:
    """One file and the spec in it. Raises InvalidSpecsError with every problem of that file."""
    string, data = parse(place.path, content)
    text = Text(place=place, text=string, data=data)
    if place.schema != "params" and (wrong := list(_wrong_kind(text))):
        raise InvalidSpecsError(wrong)
    return Document(place=place, text=string, data=data, spec=_spec(text))


def _spec(text: Text, *, again: bool = True) -> Written:
    """The spec that the data says. JSON Schema calls 2000.0 (or 2e3) an integer, so we read it as one where one is wanted."""
    try:
        return text.place.kind.model_validate(text.data, by_alias=True, by_name=False)
    except ValidationError as error:
        if again and _make_whole(text.data, error):
            return _spec(text, again=False)
        raise InvalidSpecsError(complaints(text, schema_of(text.place.kind), error)) from None


def _make_whole(data: Data, error: ValidationError) -> bool:
    """Turn floats without a fraction into integers where these are wanted; whether there was one."""
    wanted = [one for one in error.errors(include_url=False) if one["type"] == "int_type" and isinstance(one["input"], float)]
    whole = [one for one in wanted if one["input"].is_integer()]
    for one in whole:
        *parents, last = plain_path(data, one["loc"], one["type"])
        parent = data
        for part in parents:
            parent = parent[part]
        parent[last] = int(one["input"])
    return bool(whole)


def _wrong_kind(text: Text) -> Iterator[Problem]:
    """A spec of one kind at the place of another says nothing that could be checked."""
    wanted = next(word for word, schema in _KINDS.items() if schema == text.place.schema)
    kind = text.data.get("kind", wanted)
    if kind == wanted:
        return
    if isinstance(kind, str) and kind in _KINDS:
        yield text.problem(("kind",), f"expected {wanted} here, got {kind}", f"move the file to {home_of(_KINDS[kind])}")
    else:
        yield text.problem(("kind",), f"expected {wanted} here, got {shown(kind)}", did_you_mean(kind, [wanted]))


def _where_to(path: str) -> str:
    """Where specs of this folder live."""
    homes = [home_of(schema) for schema in SCHEMAS if schema != "params"]
    here = [home for home in homes if home.startswith(path.partition("/")[0])]
    return f"specs here are {', '.join(sorted(here))}"


def _specs(loaded: Loaded, settings: Settings) -> Specs:
    """The value that everything after LOAD works with. `loaded` is valid as a whole."""
    return Specs(
        models=_by_name(loaded.models),
        datasets=_by_name(loaded.datasets),
        retrain=_by_name(loaded.retrain),
        gates=_by_name(loaded.gates),
        rollouts=_by_name(loaded.rollouts),
        releases=_releases(loaded),
        holds={document.place.model: HoldNote(**dict(document.spec.spec)) for document in loaded.holds},
        quarantine={
            document.place.model: {Digest(one.digest): one.reason for one in document.spec.spec.digests}
            for document in loaded.quarantine
        },
        overrides={document.place.model: document.spec.override() for document in loaded.overrides},
        parameters=dict(sorted(loaded.parameters.spec.models.items())) if loaded.parameters else {},
        settings=settings,
        files=loaded.files,
    )


def _by_name(documents: Mapping[str, Document[Any]]) -> dict[str, Any]:
    """Specs by name, sorted."""
    return {name: documents[name].spec for name in sorted(documents)}


def _releases(loaded: Loaded) -> dict[str, dict[str, Release]]:
    """Releases by model and environment, in the order of their paths."""
    result: dict[str, dict[str, Release]] = {}
    for document in loaded.releases:
        result.setdefault(document.place.model, {})[document.place.name] = document.spec.release()
    return result
