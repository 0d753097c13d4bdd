"""What `weights_text` writes is read back; what only looks like it is nothing, so that the next pass writes it anew."""

import json

from reconciler.render.served import Arm
from reconciler.render.weights import ANNOTATION, weights_in, weights_text
from tests.builders import a_release
from tests.cases import each

ONE, TWO = a_release("one"), a_release("two")
MODEL = "flight-delay"


def manifest(text):
    return json.dumps({"metadata": {"annotations": {ANNOTATION: text}}})  # JSON is YAML, too


def read(text, name="httproute.yaml"):
    return dict(weights_in({f"manifests/{MODEL}/{name}": manifest(text)}, MODEL))


@each("weights", [(100, 0), (95, 5), (0, 100), (1, 99)])
def test_what_is_written_is_read_back_in_its_order(weights):
    arms = [Arm(release=release, weight=weight) for release, weight in zip((TWO, ONE), weights, strict=True)]
    assert list(read(weights_text(arms)).items()) == [(arm.release.digest, arm.weight) for arm in arms]


@each(
    "text",
    [
        "{one}=-5",
        "{one}=101",
        "{one}=1_0",
        "{one}=05",
        "{one}=\u0665",
        "{one}=5 ",
        "{one}=5  {two}=95",
        "{one}=5\n",
        "{one}=95 {one}=5",
        "{one}=95 candidate=5",
        "{one}",
        "x{one}=5",
        "",
    ],
)
def test_what_only_looks_like_it_is_nothing_as_a_whole(text):
    assert read(text.format(one=ONE.digest, two=TWO.digest)) == {}


def test_a_file_that_cannot_be_read_does_not_hide_the_one_that_can():
    files = {
        f"manifests/{MODEL}/virtualservice.yaml": "[",
        f"manifests/{MODEL}/inferenceservice.yaml": manifest(f"{ONE.digest}=100"),
    }
    assert weights_in(files, MODEL) == {ONE.digest: 100}


def test_other_files_and_other_models_say_nothing():
    said = manifest(f"{ONE.digest}=100")
    assert weights_in({f"manifests/{MODEL}/service.yaml": said, "manifests/zebra/httproute.yaml": said}, MODEL) == {}
