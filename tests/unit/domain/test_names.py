"""Names of branches, tags and files: what git and DVC accept, never two things of one name."""

import re

from reconciler.domain import names
from reconciler.domain.names import (
    NAME_PATTERN,
    candidate_branch,
    card_path,
    environment_branch,
    evidence_path,
    hold_path,
    model_path,
    promotion_branch,
    quarantine_path,
    release_path,
    run_path,
    short,
    stage_tag,
    version_tag,
)
from reconciler.domain.releases import digest_of
from tests.cases import each

LONGEST = "a" * 52
DIGEST = digest_of("x")


@each(
    ("name", "text"),
    [
        (candidate_branch("m"), "perennial/m/candidate"),
        (promotion_branch("m", "staging"), "perennial/m/staging"),
        (environment_branch("staging"), "env/staging"),
        (version_tag("m", "1.2.3"), "m@v1.2.3"),
        (stage_tag("m", "production", 3), "m#production#3"),
        (model_path("m"), "models/m/model.yaml"),
        (release_path("m", "staging"), "models/m/releases/staging.yaml"),
        (card_path("m"), "models/m/CARD.md"),
        (hold_path("m"), "models/m/hold.yaml"),
        (quarantine_path("m"), "models/m/quarantine.yaml"),
        (run_path("m", "model.zip"), "runs/m/model.zip"),
        (evidence_path("m", DIGEST), f"models/m/evidence/{DIGEST[7:]}.json"),
    ],
)
def test_a_name_is_spelt_as_documented(name, text):
    assert name == text


@each("name", ["a", "ab", "a1", "flight-delay", "a-b-c", "x2-y", LONGEST, "a--b"])
def test_a_dns_label_that_starts_with_a_letter_is_a_name(name):
    assert re.fullmatch(NAME_PATTERN, name)


@each(
    "name",
    ["", "A", "1a", "-a", "a-", "a_b", "a.b", "a/b", "a b", "a\n", "ä", "../a", "a" * 53, "a\x00", "$(id)", "{{a}}", "a:b", "@"],
)
def test_what_a_service_could_not_be_called_is_no_name(name):
    assert not re.fullmatch(NAME_PATTERN, name)


@each(
    "ref",
    [
        f"refs/heads/{candidate_branch(LONGEST)}",
        f"refs/heads/{promotion_branch(LONGEST, LONGEST)}",
        f"refs/heads/{environment_branch('a--b')}",
        f"refs/heads/{names.LEDGER_BRANCH}",
        f"refs/tags/{version_tag('m', '0.10.0')}",
        f"refs/tags/{stage_tag('m', 'production', 12)}",
    ],
)
def test_git_accepts_the_name(ref):
    """The rules of `git check-ref-format`, as far as our names could break them."""
    assert not re.search(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/$|\.$", ref)
    assert not any(part.startswith(".") or part.endswith(".lock") for part in ref.split("/"))
    assert len(ref) < 250, "each ref is a file"


def test_no_two_functions_give_one_path():
    paths = [function("m") for function in (model_path, card_path, hold_path, quarantine_path)]
    paths += [release_path("m", "hold"), evidence_path("m", DIGEST), run_path("m", "model.yaml")]
    assert len({*paths}) == len(paths)


def test_an_evidence_path_is_the_same_with_and_without_the_algorithm():
    assert evidence_path("m", DIGEST) == evidence_path("m", DIGEST.removeprefix("sha256:"))
    assert ":" not in evidence_path("m", DIGEST), "a colon is no part of a file's name on every system"


@each(("digest", "said"), [(DIGEST, DIGEST[7:19]), ("abc", "abc"), ("", ""), ("sha256:", "")])
def test_twelve_digits_are_enough_for_people(digest, said):
    assert short(digest) == said


def test_environment_branches_are_outside_of_what_models_own():
    assert not environment_branch("m").startswith("perennial/")
    assert names.LEDGER_BRANCH == "perennial/ledger"
