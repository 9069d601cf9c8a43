from hypothesis import given
from hypothesis import strategies as st

from articles.pages import blocks


@given(
    st.lists(
        st.text(alphabet=st.sampled_from("가a. \u00a0\n\u3164\u200b<&"), max_size=6)
        | st.sampled_from(["&amp;", "&quot;둘&quot;", "&nbsp;", "a  b", "<br>"]),
        max_size=4,
    )
)
def test_paragraphs_found_without_a_parser_are_those_that_the_parser_finds(texts):
    markup = "\n".join(f"<p>{text}</p>" for text in texts)
    if found := blocks.paragraphs(markup):
        root = blocks.parse(markup)
        assert root is not None
        assert found == [block.text for block in blocks.blocks_of(root)]


def test_markup_of_plain_paragraphs_needs_no_parser():
    assert blocks.paragraphs("<p>하나 &amp; 둘</p>\n<p> </p><p>셋</p>") == ["하나 & 둘", "셋"]


def test_other_markup_is_left_to_the_parser():
    for markup in ("", "글", "<p>하나</p>둘", "<p class='a'>하나</p>", "<p>하나<br>둘</p>", "<P>하나</P>"):
        assert blocks.paragraphs(markup) == []
