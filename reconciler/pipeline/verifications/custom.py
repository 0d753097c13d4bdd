"""Measurement `custom`: what a team's own checks say of the finished package, each in a process of its own within its limits."""

import json
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Opinion
from reconciler.domain.programs import Program, Ran
from reconciler.domain.training import Limits, Resource
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import SAMPLES
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evidence_json import EVALUATION, VALIDATION
from reconciler.pipeline.package import PACKAGE
from reconciler.pipeline.verifications.opinions import opinion_of, plain
from reconciler.rules.gates.custom import Custom

_ASK = Path(__file__).parents[1] / "probes" / "opinion.py"
_TOO_MUCH = {Resource.TIME: "timedOut", Resource.MEMORY: "tooMuchMemory"}


def custom(context: StageContext) -> Known[dict[str, Known[Opinion]]]:
    """By the key of the check. A check that fails, says nonsense or takes too much is Missing, and takes no other along."""
    checks = {gate.key: gate for gate in context.gates if isinstance(gate, Custom)}
    return {key: _attempt(context, checks[key]) for key in sorted(checks)} if checks else NOT_MEASURED


def _attempt(context: StageContext, check: Custom) -> Known[Opinion]:
    try:
        return _asked(context, check)
    except ReconcilerError as error:
        return Missing(code="cannotBeMeasured", why=plain(error.message))


def _asked(context: StageContext, check: Custom) -> Known[Opinion]:
    with TemporaryDirectory(prefix="perennial-check-") as scratch:
        folder = Path(scratch)
        given, task, answer = folder / "given.json", folder / "task.json", folder / "answer.json"
        given.write_text(json.dumps(_given(context), allow_nan=False), encoding="utf-8")
        task.write_text(json.dumps({"given": str(given), "answer": str(answer), **_what(context, check)}), encoding="utf-8")
        ran = _run(context, check, task, {"PERENNIAL_GIVEN": given, "PERENNIAL_PACKAGE": context.path(PACKAGE)})
        if ran.exceeded:
            return Missing(code=_TOO_MUCH[ran.exceeded.resource], why=str(ran.exceeded))
        if ran.failure or not answer.is_file():
            return Missing(code="failed", why=plain(ran.failure or "it ended without a word"))
        return _heard(json.loads(answer.read_text(encoding="utf-8")), ran)


def _run(context: StageContext, check: Custom, task: Path, variables: Mapping[str, Path]) -> Ran:
    if context.programs is None:
        raise ReconcilerError("nothing here runs programs, so checks cannot be asked")
    return context.programs.run(
        Program(
            command=(sys.executable, "-P", str(_ASK), str(task)),
            directory=context.root,
            variables={name: str(path.absolute()) for name, path in variables.items()},
            limits=Limits(seconds=check.timeout.total_seconds(), memory=check.memory),
            called=f"the check {check.name}",
        )
    )


def _what(context: StageContext, check: Custom) -> Mapping[str, Any]:
    if check.function is None:
        return {"command": list(check.command or ())}
    module, name = check.function.split(":")
    path = context.root / (module.replace(".", "/") + ".py")
    if not path.is_file():
        raise ReconcilerError(f"there is no file {module.replace('.', '/')}.py for {check.function}")
    return {"module": str(path), "function": name}


def _given(context: StageContext) -> Mapping[str, Any]:
    """What a check may look at: where the package is, what was found out so far, and sample rows with their answers."""
    path = context.path(PACKAGE).absolute()
    with zipfile.ZipFile(path) as archive:
        samples = json.loads(archive.read(SAMPLES))
    found = {name: context.path(name) for name in (VALIDATION, EVALUATION)}
    evidence = {name.removesuffix(".json"): json.loads(file.read_text("utf-8")) for name, file in found.items() if file.is_file()}
    champion = context.champion.digest if context.champion else None
    return {"model": context.model.name, "package": str(path), "champion": champion, "evidence": evidence, "samples": samples}


def _heard(answer: Mapping[str, Any], ran: Ran) -> Known[Opinion]:
    if "failure" in answer:
        return Missing(code="failed", why=plain(str(answer["failure"])))
    if answer.get("code"):
        last = (ran.said.strip().splitlines() or ["it said nothing on stderr"])[-1]
        return Missing(code="failed", why=plain(f"it exited with {answer['code']}: {last}"))
    if answer["more"]:
        return Missing(code="garbled", why=f"it said more than {len(answer['said']):,} characters")
    return opinion_of(answer["said"])
