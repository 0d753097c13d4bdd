"""Whatever stands in a field, even what validation would never let pass: a manifest has it there, and keeps its structure."""

from collections.abc import Callable
from dataclasses import replace

import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.render.environment import load_templates
from reconciler.render.models import RUNTIMES
from reconciler.render.served import Place, Served
from reconciler.render.strategy import Check, Units
from tests.builders import shipped_templates
from tests.examples import examples
from tests.golden.served import CASES
from tests.property.test_rendering import TEXT, leaves

TEMPLATES = load_templates(shipped_templates())
PLAIN = "plainplain"
DERIVED = {"perennial/reference", "app.kubernetes.io/version"}
"""A digest over what changed, and the nearest text that a label may have."""


def serving(field: str) -> Callable[[Served, str], Served]:
    return lambda served, text: replace(served, serve=served.serve.model_copy(update={field: text}))


def listed(field: str) -> Callable[[Served, str], Served]:
    return lambda served, text: replace(served, serve=served.serve.model_copy(update={field: ("one", text)}))


def known(field: str) -> Callable[[Served, str], Served]:
    return lambda served, text: replace(served, **{field: text})


def resources(field: str) -> Callable[[Served, str], Served]:
    def put(served: Served, text: str) -> Served:
        changed = served.serve.resources.model_copy(update={field: text})
        return replace(served, serve=served.serve.model_copy(update={"resources": changed}))

    return put


def built(part: str, field: str) -> Callable[[Served, str], Served]:
    def put(served: Served, text: str) -> Served:
        build = served.release.build
        changed = replace(build, **{part: replace(getattr(build, part), **{field: text})})
        return replace(served, underway=None, release=replace(served.release, build=changed))

    return put


def checked(field: str) -> Callable[[Served, str], Served]:
    texts = dict.fromkeys(("name", "query", "good", "bad"), "x")
    return lambda served, text: replace(
        served, strategy=replace(served.strategy, checks=(Check(**texts | {field: text}),)), underway=None
    )


def fetched_from(field: str) -> Callable[[Served, str], Served]:
    usual = Place(base="s3://models", account="reader", secret="login")
    base = "s3://" if field == "base" else ""
    return lambda served, text: replace(served, packages=replace(usual, **{field: base + text.rstrip("/")}))


FIELDS: dict[str, Callable[[Served, str], Served]] = {
    "image": serving("image"),
    "gateway": lambda served, text: serving("gateway")(served, text.replace("/", "\\")),
    "hosts": listed("hosts"),
    "callers": listed("callers"),
    **{f"resources.{field}": resources(field) for field in ("cpu", "memory")},
    "artifact.path": built("artifact", "path"),
    "artifact.md5": built("artifact", "md5"),
    "dataset": built("data", "dataset"),
    "version": lambda served, text: replace(served, underway=None, release=replace(served.release, version=text)),
    "environment": lambda served, text: replace(served, underway=None, release=replace(served.release, environment=text)),
    **{
        field: (lambda served, text, field=field: replace(served, **{field: text}))
        for field in ("namespace", "prometheus", "commit")
    },
    **{f"packages.{field}": fetched_from(field) for field in ("base", "account", "secret")},
    "segments": lambda served, text: replace(
        served, strategy=replace(served.strategy, units=Units(weight=25, segments=(text,)), mirror=0)
    ),
    **{f"checks.{field}": checked(field) for field in ("name", "query", "good", "bad")},
}


def parsed(served: Served) -> dict[tuple[object, ...], object]:
    files = RUNTIMES[served.serve.runtime](TEMPLATES, served)
    return dict(leaves({path: yaml.load(text, yaml.CSafeLoader) for path, text in files.items()}))


@examples(2)
@given(case=st.sampled_from(sorted(CASES)), field=st.sampled_from(sorted(FIELDS)), text=TEXT)
def test_a_manifest_has_the_text_where_it_belongs_and_keeps_its_structure(case, field, text):
    if field == "gateway":
        text = text.replace("/", "\\")
    plain, hostile = (parsed(FIELDS[field](CASES[case], value)) for value in (PLAIN, text))
    assert plain.keys() == hostile.keys()
    for path, value in plain.items():
        if path[-1] not in DERIVED:
            assert hostile[path] == (value.replace(PLAIN, text) if isinstance(value, str) else value)


def test_every_field_reaches_some_manifest():
    for field, put in FIELDS.items():
        every = (value for served in reversed(CASES.values()) for value in parsed(put(served, PLAIN)).values())
        assert any(PLAIN in str(value) for value in every), field
