"""A body that is too long loses whole parts, and what is left is whole."""

from markdown_it import MarkdownIt

from reconciler.render.fit import BODY_LIMIT, fit
from tests.cases import each

REST = "All of it is elsewhere."
FOLDED = "<details>\n<summary>{title}</summary>\n\n```diff\n## no heading\n{text}\n```\n\n</details>\n"
NESTED = "<details>\n<summary>x</summary>\n\n````text\n```\n{}\n````\n\n</details>\n"


def lines(size: int) -> str:
    return "\n".join("x" * 99 for _ in range(size // 100))


def headings(body: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(body)
    return [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]


def is_whole(body: str) -> bool:
    """No code block and nothing folded stays open; all HTML is whole."""
    tokens = MarkdownIt("commonmark").parse(body)
    html = "".join(token.content for token in tokens if token.type == "html_block")
    fences = [token for token in tokens if token.type == "fence"]
    return html.count("<details>") == html.count("</details>") and all(body.count(one.markup) % 2 == 0 for one in fences)


def test_what_fits_is_left_alone():
    body = "## one\n\ntext\n"
    assert fit(body, REST) == body


def test_the_last_parts_go_first_and_are_named():
    body = f"## one\n\n{lines(20_000)}\n\n## two\n\n{lines(25_000)}\n\n## three\n\n{lines(20_000)}\n\n## four\n\nshort\n"
    fitted = fit(body, REST)
    assert len(fitted) <= BODY_LIMIT
    assert headings(fitted) == ["one", "two", "four"]
    assert fitted.endswith(f"Left out, or cut: three. {REST}\n")


def test_what_is_folded_goes_alone_or_with_its_heading():
    small, large = FOLDED.format(title="small", text="s"), FOLDED.format(title="large", text=lines(25_000))
    body = f"## one\n\n{lines(25_000)}\n\n## two\n\n{small}\n{large}\n{large}\n## three\n\n{lines(20_000)}\n\n{small}\n## four\n"
    fitted = fit(body, REST)
    assert headings(fitted) == ["one", "two", "four"]
    assert fitted.count("<summary>small</summary>") == 1
    assert fitted.count("<summary>large</summary>") == 1
    assert fitted.endswith(f"Left out, or cut: large, three, small. {REST}\n")
    assert is_whole(fitted)


@each("size", [59_000, 70_000, 200_000])
@each("shape", ["## one\n\n{}\n\n## two\n", NESTED])
def test_a_part_that_is_too_long_by_itself_is_cut_at_a_line_and_closed(shape, size):
    fitted = fit(shape.format(lines(size)) + "x" * 3000, REST)
    assert len(fitted) <= BODY_LIMIT
    assert fitted.count("x" * 99) > 500
    assert is_whole(fitted)


def test_more_names_than_there_is_room_for_are_cut():
    body = "".join(f"## {'n' * 90} {number}\n\n{lines(1000)}\n\n" for number in range(300))
    fitted = fit(body, REST)
    assert len(fitted) <= BODY_LIMIT
    assert fitted.endswith(f"{REST}\n")
