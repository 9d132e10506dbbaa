"""How texts with backslashes are stored on PostgreSQL, without a server."""

from hypothesis import given
from hypothesis import strategies as st

from headrace.metadata.postgres import MARK, hidden, shown

texts = st.text(st.sampled_from(["\\", MARK, "/", "a"]) | st.characters())


@given(texts)
def test_any_text_comes_back_and_is_stored_without_backslashes(text: str) -> None:
    assert "\\" not in hidden(text)
    assert shown(hidden(text)) == text


def test_a_text_without_backslashes_is_stored_as_it_is() -> None:
    assert hidden("C:/data ␤ 'x'") == "C:/data ␤ 'x'"
