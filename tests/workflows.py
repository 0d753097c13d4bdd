"""The workflows as data, and a runner that is just able to run their steps: shell, environment files and plain expressions.

`python -m tests.workflows` prints each script once, ended by NUL, for shellcheck.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github/workflows"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def workflows(folder: Path = WORKFLOWS) -> dict[str, Any]:
    """Name to what the file says; the key `on` is read as YAML 1.1 reads it: True."""
    return {path.stem: yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*.yml"))}


def jobs(folder: Path = WORKFLOWS) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(workflow, job's id, job) of all."""
    for name, workflow in workflows(folder).items():
        for job_id, job in workflow["jobs"].items():
            yield name, job_id, job


def steps(folder: Path = WORKFLOWS) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where it stands, step) of all."""
    for name, job_id, job in jobs(folder):
        for number, step in enumerate(job["steps"]):
            yield f"{name}/{job_id}/{number}", step


@dataclass(kw_only=True)
class Runner:
    """Runs the shell steps of a job in `place`, as GitHub's runner would. `known` maps expressions to their values."""

    place: Path
    scratch: Path
    environment: Mapping[str, str]
    known: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    said: str = ""

    def run(self, workflow: str, job_id: str, codes: Mapping[str, int] | None = None) -> str:
        """All that the job said. A step that ends otherwise than `codes` says (by a word in it; else 0) fails the test."""
        job = workflows()[workflow]["jobs"][job_id]
        files = {
            name: self.scratch / name.lower() for name in ("GITHUB_PATH", "GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
        }
        for path in files.values():
            path.write_text("")
        self.said = ""
        for step in job["steps"]:
            if "run" in step:
                self._step(step, files, codes or {})
        self.outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        return self.said

    def value(self, text: object) -> str:
        """The text with its expressions replaced. Raises KeyError for one that is not known."""
        return _EXPRESSION.sub(lambda found: self.known[found[1]], str(text))

    def _step(self, step: Mapping[str, Any], files: Mapping[str, Path], codes: Mapping[str, int]) -> None:
        given = {name: self.value(text) for name, text in step.get("env", {}).items()}
        carried = dict(line.split("=", 1) for line in files["GITHUB_ENV"].read_text().splitlines())
        path = os.pathsep.join([*files["GITHUB_PATH"].read_text().split("\n")[-2::-1], self.environment["PATH"]])
        runner = {name: str(file) for name, file in files.items()} | {"RUNNER_TEMP": str(self.scratch)}
        script: str = step["run"]
        assert "${{" not in script
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.place,
            env={**self.environment, **runner, **carried, **given, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        wanted = next((code for word, code in codes.items() if word in script), 0)
        assert done.returncode == wanted, f"{script}\n{done.stdout}{done.stderr}"


if __name__ == "__main__":
    sys.stdout.write("".join(f"{script}\0" for script in dict.fromkeys(step["run"] for _, step in steps() if "run" in step)))
