"""The same inputs give the same package, byte for byte, in a new process with another hash seed and another number of threads."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
import hashlib, sys
from pathlib import Path
from reconciler.pipeline import evaluate, package, train
from tests.runs import a_context, take_snapshot

kinds = {"histGradientBoosting": {"max_iter": 5}, "randomForest": {"n_estimators": 3}, "logisticRegression": {}}
for name, parameters in kinds.items():
    root = Path(sys.argv[1]) / name
    context = a_context(root, training={"holdout": "14d", "estimator": name, "parameters": parameters})
    take_snapshot(context)
    train.train(context)
    evaluate.evaluate(context)
    package.package(context)
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        print(path.relative_to(root), hashlib.sha256(path.read_bytes()).hexdigest())
"""


def run(folder: Path, seed: str) -> str:
    folder.mkdir()
    variables = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SCRIPT, str(folder)]
    return subprocess.run(command, env=variables, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_the_same_inputs_give_the_same_bytes_in_a_new_process(tmp_path: Path) -> None:
    first, second = run(tmp_path / "first", "1"), run(tmp_path / "second", "2")
    assert first == second
    assert first.count("model.zip") == 3
