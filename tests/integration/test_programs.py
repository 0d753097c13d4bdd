"""Models of the team's own programs: trained, evaluated, packaged, compared and asked like any other; what goes wrong is told."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reconciler.adapters.training.program import SupervisedPrograms
from reconciler.domain.names import Digest
from reconciler.domain.programs import Program, Ran
from reconciler.domain.training import Limits
from reconciler.errors import ObserveError, ReconcilerError
from reconciler.pipeline.archive import pack, sha256_of, unpack
from reconciler.pipeline.artifact import open_artifact
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.package import package
from reconciler.pipeline.repeat import repeat
from reconciler.pipeline.train import train
from tests.processes import assert_gone
from tests.programs import AWK_PREDICT, AWK_TRAIN, PREDICT, TRAIN, a_program, training
from tests.runs import START, FolderStore, flights, take_snapshot

SHELL = training("train.sh", "predict.sh", "sh")


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> StageContext:
    """A program's model, trained and packaged."""
    context = a_program(tmp_path_factory.mktemp("run"))
    take_snapshot(context)
    train(context)
    evaluate(context)
    (context.path("validation.json")).write_text('{"evaluated": 0, "failures": []}\n')
    package(context)
    return context


def test_it_is_measured_like_any_other(packaged: StageContext) -> None:
    metrics = json.loads(packaged.path("metrics.json").read_text())
    assert metrics["rocAuc"] > 0.6
    shown = json.loads(packaged.path("live/metrics.json").read_text())
    assert shown["program"] == {"carriers": 4.0, "seed": 0.0}
    importance = json.loads(packaged.path("outcomes.json").read_text())["importance"]
    assert set(importance) == {"distance", "carrier"}


def test_its_package_has_what_it_left_and_the_program_and_none_of_the_specs(packaged: StageContext) -> None:
    opened = open_artifact(packaged.path("model.zip"), programs=packaged.programs)
    assert sorted(opened.fitted) == [
        "model/shares.json",
        "program/models/flight-delay/predict.py",
        "program/models/flight-delay/train.py",
    ]


def test_the_packaged_model_answers_as_it_did_and_the_program_of_its_time_answers(packaged: StageContext) -> None:
    content = packaged.path("model.zip")
    (packaged.root / "models/flight-delay/predict.py").write_text("raise SystemExit('another time')")
    rows = flights(50, seed=5)
    answers = open_artifact(content, programs=packaged.programs).predict(rows)
    samples = json.loads(packaged.path("samples.json").read_text())
    again = open_artifact(content, programs=packaged.programs).predict(pl.DataFrame(samples["inputs"], infer_schema_length=None))
    np.testing.assert_array_equal(again, samples["predictions"])
    assert answers.shape == (50,)
    assert ((answers >= 0) & (answers <= 1)).all()
    assert open_artifact(content, programs=packaged.programs).predict(rows.head(0)).shape == (0,)
    with pytest.raises(ReconcilerError, match="answers by a program, and nothing here runs programs"):
        open_artifact(content).predict(rows)


def test_it_is_trained_to_the_same_bytes_again_and_compared_with_a_champion(packaged: StageContext, tmp_path: Path) -> None:
    build = read_build(packaged.path("candidate.json").read_text())
    store = FolderStore(files={Digest(build.artifact.sha256): packaged.path("model.zip")})
    context = replace(a_program(tmp_path, champion=build), artifacts=store)
    take_snapshot(context, holdout=flights(600, start=START + 1600 * (flights(2)["scheduled"][1] - START), seed=1))
    train(context)
    assert repeat(context) == repeat(context)
    assert "against" in evaluate(context)
    compared = json.loads(context.path("evaluation.json").read_text())["comparison"]
    assert compared["gains"]["rocAuc"]["gain"] == 0


def test_a_program_of_awk_is_a_regression(tmp_path: Path) -> None:
    files = {"train.sh": AWK_TRAIN, "predict.sh": AWK_PREDICT}
    context = a_program(tmp_path, files, SHELL, task="regression", target={}, metrics=["rmse", "mae"])
    take_snapshot(context)
    said = train(context)
    assert float(said.rpartition("mae ")[2]) < 17


def test_several_classes_are_asked_by_their_names(tmp_path: Path) -> None:
    train_it = "import os, pathlib\nout = pathlib.Path(os.environ['PERENNIAL_OUTPUT'])\n(out / 'model').mkdir()\n"
    train_it += "(out / 'metrics.json').write_text('{}')\nlines = open(os.environ['PERENNIAL_TRAIN']).read().splitlines()\n"
    train_it += "(out / 'model/classes').write_text(' '.join(sorted({line.rpartition(',')[2] for line in lines[1:]})))\n"
    ask = "import os\nassert open(os.environ['PERENNIAL_MODEL'] + '/classes').read() == 'early late'\n"
    ask += "n = len(open(os.environ['PERENNIAL_ROWS']).read().splitlines()) - 1\n"
    ask += "answers = open(os.environ['PERENNIAL_PREDICTIONS'], 'w')\n"
    ask += "answers.write('prediction:late,prediction:early\\n' + '0.3334,0.6666\\n' * n)\n"
    bands = {"classes": [{"name": "early", "below": 10}, {"name": "late"}]}
    context = a_program(tmp_path, {"train.py": train_it, "predict.py": ask}, task="multiclass", target=bands, metrics=["logLoss"])
    take_snapshot(context)
    train(context)


def test_a_package_whose_model_leads_out_of_its_folder_is_not_unpacked(packaged: StageContext, tmp_path: Path) -> None:
    for name in ("model/../../evil", "model//etc/evil", "model/a\\..\\evil"):
        files = {**unpack(packaged.path("model.zip").read_bytes(), "x"), name: b"evil"}
        del files["MANIFEST.json"]
        manifest = {"sha256": {one: sha256_of(content) for one, content in files.items()}}
        (tmp_path / "hostile.zip").write_bytes(pack({**files, "MANIFEST.json": json.dumps(manifest).encode()}))
        opened = open_artifact(tmp_path / "hostile.zip", programs=packaged.programs)
        with pytest.raises(ReconcilerError, match="leads out of the folder"):
            opened.predict(flights(5))


SPOILED = [
    ("import sys; print('no gpu'); sys.exit(3)", "exited with 3: no gpu"),
    ("{}['x']", "exited with 1: KeyError: 'x'"),
    ("import os; os.kill(os.getpid(), 9)", "was killed, perhaps for want of memory"),
    ("", "left no folder model/ in"),
    (TRAIN.replace("model.mkdir()", 'model.mkdir(); os.symlink("/etc/passwd", model / "link")'), "model/link is a link"),
    (TRAIN.replace('model / "shares.json"', 'given["OUTPUT"] / "other"'), "left model/ empty"),
    (TRAIN.replace("metrics.json", "numbers.json"), "left no metrics.json"),
    (TRAIN.replace('json.dumps({"carriers"', '"[" + json.dumps({"carriers"'), "metrics.json is not JSON"),
    (TRAIN.replace("len(shares)", "float('nan')"), "says carriers: nan, which is no finite number"),
    ("while True: pass", "ran for 3 s, 3 s are allowed"),
    ("x = []\nwhile True: x.append(bytearray(1 << 22))", "MiB of memory, 200 MiB are allowed"),
]


@pytest.mark.parametrize(("program", "message"), SPOILED)
def test_a_training_that_goes_wrong_tells_the_programs_last_words(
    tmp_path: Path, program: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.specs.training.Limits.of_run", lambda *_: Limits(seconds=3, memory=200 << 20))
    context = a_program(tmp_path, {"train.py": program, "predict.py": PREDICT})
    take_snapshot(context)
    with pytest.raises(ReconcilerError) as caught:
        train(context)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("raise ValueError('bad row')", "exited with 1: ValueError: bad row"),
        ("", "left no predictions in"),
        (PREDICT.replace('print("prediction"', 'print("score"'), "predictions lack prediction; they have score"),
        (PREDICT.replace("csv.DictReader(given)", "list(csv.DictReader(given))[1:]"), "answered 599 of 600 rows"),
        (PREDICT.replace("print(min", "print('x', min"), "are no numbers"),
        (PREDICT.replace("min(1, max(0,", "min(9, max(7,"), "are no shares between 0 and 1, the first is 7"),
        (PREDICT.replace("print(min", "print('' and min"), "600 of 600 predictions of the program are missing"),
    ],
    ids=["fails", "says nothing", "another column", "too few", "no numbers", "no shares", "missing"],
)
def test_predictions_that_go_wrong_are_told_with_both_numbers(tmp_path: Path, program: str, message: str) -> None:
    context = a_program(tmp_path, {"train.py": TRAIN, "predict.py": program})
    take_snapshot(context)
    with pytest.raises(ReconcilerError) as caught:
        train(context)
    assert message in caught.value.message


def test_a_program_that_says_try_later_is_one_that_cannot_see(tmp_path: Path) -> None:
    context = a_program(tmp_path, {"train.py": "raise SystemExit(75)", "predict.py": PREDICT})
    take_snapshot(context)
    with pytest.raises(ObserveError, match="exited with 75"):
        train(context)


class TestWhatItIsGiven:
    def run(self, tmp_path: Path, code: str, **environment: str) -> tuple[Ran, str]:
        said: list[str] = []
        here = tmp_path / "here"
        here.mkdir()
        programs = SupervisedPrograms({"PATH": os.environ["PATH"], **environment}, said.append)  # noqa: TID251 - to find programs
        command = ("python", "-c", code)
        ran = programs.run(Program(command=command, directory=here, variables={"MINE": "1"}, limits=Limits(seconds=30)))
        return ran, said[0].strip()

    def test_no_secret_and_no_home(self, tmp_path: Path) -> None:
        secrets = {"AWS_SECRET_ACCESS_KEY": "x", "SERVICE_TOKEN": "y", "HOME": "/root", "DVC_ROOT": "/z", "LC_ALL": "C"}
        _, said = self.run(tmp_path, "import os, json; print(json.dumps(dict(os.environ)))", **secrets)
        given: dict[str, Any] = json.loads(said)
        assert given.keys() - {"LC_CTYPE", "LC_ALL", "MINE"} == {
            "PATH",
            "PYTHONHASHSEED",
            "PYTHONDONTWRITEBYTECODE",
            "PYTHONUNBUFFERED",
            "HOME",
            "TMPDIR",
        }
        assert given["HOME"] != "/root"
        assert (given["MINE"], given["LC_ALL"]) == ("1", "C")

    def test_nothing_that_it_started_is_left_running(self, tmp_path: Path) -> None:
        ran, said = self.run(tmp_path, "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)")
        assert not ran.failure
        assert_gone(int(said))

    def test_a_program_that_is_not_there(self, tmp_path: Path) -> None:
        programs = SupervisedPrograms({"PATH": "/usr/bin:/bin"}, lambda _: None)
        ran = programs.run(Program(command=("no-such",), directory=tmp_path, variables={}, limits=Limits(seconds=30)))
        assert "no-such exited with 127" in ran.failure
        assert not ran.transient


def test_a_link_among_the_programs_files_is_refused(tmp_path: Path) -> None:
    context = a_program(tmp_path)
    (tmp_path / "models/flight-delay/data").symlink_to("/etc")
    take_snapshot(context)
    with pytest.raises(ReconcilerError, match="models/flight-delay/data is a link"):
        train(context)
