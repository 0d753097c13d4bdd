"""Gate modelSize: bytes of the package against a bound, and against the live one's."""

from dataclasses import replace

from reconciler.domain.judgements import Answer
from reconciler.rules.gates.model_size import ModelSize
from tests.builders import NOW, a_build, a_candidate, a_release, facts
from tests.cases import each

MI = 1 << 20


def sized(word: str, size: int):
    build = a_build(word)
    return replace(build, artifact=replace(build.artifact, size=size))


def judged(size: int, live: int | None = None, **gate):
    release = a_release()
    releases = {} if live is None else {"production": replace(release, build=sized("champion", live))}
    seen = facts(candidate=a_candidate(build=sized("candidate", size)), releases=releases)
    return ModelSize.model_validate({"type": "modelSize"} | gate).judge(seen, NOW)


@each(
    ("size", "live", "gate", "answer", "code"),
    [
        (50 * MI, 1, {"atMost": "50Mi"}, Answer.YES, "sizeKept"),
        (50 * MI + 1, 50 * MI, {"atMost": "50Mi"}, Answer.NO, "tooLarge"),
        (20 * MI, 10 * MI, {}, Answer.YES, "sizeKept"),
        (20 * MI + 1, 10 * MI, {}, Answer.NO, "grewTooMuch"),
        (31, 20, {"atMostTimesLive": 1.5}, Answer.NO, "grewTooMuch"),
        (60 * MI, 10 * MI, {"atMost": "50Mi", "atMostTimesLive": 2}, Answer.NO, "tooLarge"),
        (40 * MI, 10 * MI, {"atMost": "50Mi", "atMostTimesLive": 2}, Answer.NO, "grewTooMuch"),
        (20, None, {}, Answer.YES, "noBaseline"),
        (60 * MI, None, {"atMost": "50Mi", "atMostTimesLive": 2}, Answer.NO, "tooLarge"),
        (0, 10, {}, Answer.UNKNOWN, "notMeasured"),
        (10, 0, {}, Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_a_package_keeps_its_bounds_or_it_is_no(size, live, gate, answer, code):
    judgement = judged(size, live, **gate)
    assert (judgement.answer, judgement.code) == (answer, code)
    assert judgement.answer is Answer.YES or judgement.remedy


def test_both_numbers_are_told():
    assert judged(60 * MI, 10 * MI, atMost="50Mi", atMostTimesLive=2).message == (
        "the package has 60 MiB, at most 50 MiB wanted; the package has 60 MiB, 6 times the 10 MiB of the live one; "
        "at most 2 times wanted"
    )


def test_without_a_candidate_nothing_is_known():
    assert ModelSize(type="modelSize").judge(facts(), NOW).answer is Answer.UNKNOWN
