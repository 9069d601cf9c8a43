from hypothesis import given
from hypothesis import strategies as st

from articles import storable
from articles.feeds import parse

# Any code point, lone surrogates and NUL included.
anything = st.text(st.characters(codec=None) | st.sampled_from("\x00\ud800\udfff"))


@given(anything)
def test_what_is_storable_is_utf_8_without_nul(value):
    assert b"\x00" not in storable.text(value).encode("utf-8")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_good_text_is_left_alone(value):
    assert storable.text(value) == value


@given(anything, anything)
def test_an_entry_is_cleaned_in_all_its_texts(one, other):
    entry = parse.Entry(one, other, one, None, None, (one, other), other, one, ())
    clean = storable.cleaned(entry)
    texts = (clean.id, clean.url, clean.title, clean.summary, clean.content, *clean.authors)
    assert all(storable.text(text) == text for text in texts)
    assert storable.cleaned(clean) is clean
