"""`perennial init` in real repositories: put there once, brought up to date later, and from a wheel alone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from reconciler.adapters.shipped import shipped
from reconciler.cli import init_files
from tests.commands import Answer, perennial
from tests.repositories import git
from tests.runs import flights
from tests.teams import BIN, ROOT, environment

GATE = ".github/workflows/gate.yml"


def init(root: Path, *arguments: str) -> Answer:
    answer = perennial(None, "init", str(root), *arguments)
    assert answer.is_harmless
    return answer


def fates(answer: Answer) -> dict[str, str]:
    return {one["path"]: one["fate"] for one in answer.json["files"]}


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Set up for GitHub, and committed."""
    root = tmp_path / "team"
    answer = init(root, "--forge", "github", "--repository", "acme/models")
    assert answer.code == 0
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "Set up Perennial")
    return root


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Perennial whose workflow `gate` has another time limit, and whose pipeline a comment."""
    files = shipped()
    files[GATE] = files[GATE].replace("timeout-minutes: 60", "timeout-minutes: 90")
    files["dvc.yaml"] = f"# newer\n{files['dvc.yaml']}"
    monkeypatch.setattr(init_files, "shipped", lambda: files)


def test_a_new_repository_is_whole_and_says_so(team: Path) -> None:
    for command in (("validate",), ("schema", "--check")):
        assert perennial(team, *command).code == 0, command
    again = init(team, "-o", "json")
    assert set(fates(again).values()) == {"same"}
    assert git(team, "status", "--porcelain") == ""
    assert init(team, "--check").code == 0
    assert (team / GATE).read_bytes() == (ROOT / GATE).read_bytes()
    assert not (team / ".github/workflows/ci.yml").exists()
    assert 'repository = "acme/models"' in (team / "pyproject.toml").read_text()


def test_what_people_edited_stays_when_perennial_brings_something_newer(team: Path, newer: None) -> None:
    gate = team / GATE
    gate.write_text(gate.read_text().replace('python-version: "3.11"', 'python-version: "3.13"'))
    (team / "templates/card.md.j2").write_text("Ours.\n")
    (team / ".github/workflows/rollback.yml").unlink()

    before = gate.read_text()
    checked = init(team, "--check")
    assert (checked.code, gate.read_text()) == (10, before)
    assert "+    timeout-minutes: 90" in checked.out

    told = fates(init(team, "-o", "json"))
    assert (told[GATE], told["dvc.yaml"]) == ("merged", "updated")
    assert (told["templates/card.md.j2"], told[".github/workflows/rollback.yml"]) == ("kept", "gone")
    assert "timeout-minutes: 90" in gate.read_text()
    assert '"3.13"' in gate.read_text()
    assert (team / "templates/card.md.j2").read_text() == "Ours.\n"
    assert set(fates(init(team, "-o", "json")).values()) == {"same", "kept", "gone"}, "once is enough"


def test_when_both_changed_the_same_line_the_file_holds_both_and_the_command_says_so(team: Path, newer: None) -> None:
    gate = team / GATE
    gate.write_text(gate.read_text().replace("timeout-minutes: 60", "timeout-minutes: 5"))

    answer = init(team)

    assert (answer.code, "1 files hold both versions" in answer.err) == (1, True)
    text = gate.read_text()
    assert text.index("<<<<<<< yours") < text.index("minutes: 5\n") < text.index("minutes: 60") < text.index("minutes: 90")


def test_an_existing_repository_keeps_what_it_has(tmp_path: Path) -> None:
    root = tmp_path / "old"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(root))
    git(root, "remote", "add", "origin", "git@github.com:acme/old.git")
    theirs = {
        GATE: "name: ours\n",
        "Makefile": "all:\n\techo hi\n",
        ".gitignore": "/secrets\n",
        "pyproject.toml": '[project]\nname = "old"\n',
        ".github/CODEOWNERS": "* @boss\n",
    }
    for path, text in theirs.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    answer = init(root, "--forge", "github")

    assert answer.code == 0
    assert f"? {GATE}  was there before" in answer.out
    for path, text in theirs.items():
        assert (root / path).read_text().startswith(text), path
    assert (root / GATE).read_text() == theirs[GATE]
    assert 'repository = "acme/old"' in (root / "pyproject.toml").read_text()
    assert (root / "Makefile").read_text().endswith("\ninclude perennial.mk\n")


def test_the_owners_that_a_team_has_elsewhere_stay_in_force(tmp_path: Path) -> None:
    root = tmp_path / "old"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(root))
    (root / "CODEOWNERS").write_text("* @boss\n")

    assert init(root, "--forge", "github", "--repository", "acme/old").code == 0

    assert (root / "CODEOWNERS").read_text().startswith("* @boss\n\n# perennial:")
    assert not (root / ".github/CODEOWNERS").exists()


def test_where_it_must_not_write_it_does_not(team: Path, tmp_path: Path) -> None:
    (team / "sub").mkdir()
    assert "is within the repository" in init(team / "sub").err
    assert init(tmp_path / "none", "--check").code == 1
    assert not (tmp_path / "none").exists()
    assert init(tmp_path / "x", "--repository", 'a/b"\n[tool]').code == 2
    (team / ".perennial/init.json").write_text("[]")
    assert "cannot be understood" in init(team).err


def test_owners_follow_the_specs(team: Path) -> None:
    flights(300).write_csv(team / "flights.csv")
    made = ("--data", str(team / "flights.csv"), "--time", "scheduled", "--target", "arr_delay", "--label-delay", "1d")
    assert perennial(team, "new", "model", "alpha", *made, "--owner", "forecasting").code == 0

    init(team)

    assert "/models/alpha/ @acme/forecasting\n" in (team / ".github/CODEOWNERS").read_text()
    assert "alpha: {path: runs/alpha/model.zip" in (team / "dvc.yaml").read_text()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as others install it, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as package:
        package.extractall(folder / "site")
    return folder / "site"


def run(wheel: Path, place: Path, *arguments: str) -> str:
    """What the installed one says, which must have gone well."""
    variables = environment() | {"PYTHONPATH": str(wheel)}
    command = [str(BIN / "perennial"), *arguments]
    done = subprocess.run(command, cwd=place, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def with_a_model(wheel: Path, place: Path) -> Path:
    """A repository that the installed one made, with a model that it drafted."""
    run(wheel, place, "init", "team")
    flights(2400).write_csv(place / "team/flights.csv")
    made = ("--data", "team/flights.csv", "--time", "scheduled", "--target", "arr_delay", "--label-delay", "1d")
    run(wheel, place, "--repo", "team", "new", "model", "alpha", *made)
    git(place / "team", "add", ".")
    git(place / "team", "commit", "--quiet", "-m", "Add alpha")
    return place / "team"


def test_an_installed_perennial_brings_the_same_files(wheel: Path, tmp_path: Path) -> None:
    packed = wheel / "reconciler/shipped"
    assert sorted(path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()) == sorted(shipped())

    with_a_model(wheel, tmp_path)
    assert "RETRAIN" in run(wheel, tmp_path, "--repo", "team", "plan", "--as-of", "2013-04-11")


@pytest.mark.slow
def test_an_installed_perennial_trains_in_what_it_made(wheel: Path, tmp_path: Path) -> None:
    team = with_a_model(wheel, tmp_path)
    run(wheel, tmp_path, "--repo", "team", "reconcile", "--as-of", "2013-04-11")
    assert git(team, "branch", "--list", "perennial/alpha/candidate")
