"""Judgements: three answers, and combinations that keep what they were made from."""

import pytest

from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes


@pytest.mark.parametrize(("make", "answer"), [(yes, Answer.YES), (no, Answer.NO), (unknown, Answer.UNKNOWN)])
def test_each_answer_has_its_word(make, answer):
    said = make("floor", "code", "message", "remedy")
    assert said == Judgement(rule="floor", answer=answer, code="code", message="message", remedy="remedy")
    assert make("floor", "code", "message").remedy == ""
    assert said.parts == ()


def test_there_are_three_answers_and_no_fourth():
    assert [*Answer] == ["YES", "NO", "UNKNOWN"]
    with pytest.raises(ValueError, match="MAYBE"):
        Answer("MAYBE")


def combined(*parts: Judgement) -> Judgement:
    return Judgement(rule="any", answer=Answer.NO, code="noneFired", message="", parts=parts)


A, B, C = (no(word, word, word) for word in "abc")


@pytest.mark.parametrize(
    ("judgement", "rules"),
    [
        (A, "a"),
        (combined(A), "a"),
        (combined(A, B, C), "abc"),
        (combined(combined(C, B), A), "cba"),
        (combined(combined(combined(combined(B)))), "b"),
        (combined(A, A), "aa"),
    ],
    ids=["one rule", "a list of one", "a list", "nested, in the order of the YAML", "deeply nested", "the same rule twice"],
)
def test_leaves_are_the_single_rules_in_order(judgement, rules):
    assert "".join(leaf.rule for leaf in judgement.leaves()) == rules


def test_a_combination_is_no_leaf_itself():
    assert all(not leaf.parts for leaf in combined(A, combined(B)).leaves())
