"""HTML as text, well made and not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inbox.markup import plain


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain words", "plain words"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<p>salt&nbsp;&amp;&#32;pepper</p>", "salt & pepper"),
        ("a\n   b\t c", "a b c"),
        ("<script>var a = '<p>no</p>';</script>yes", "yes"),
        ("<style>p{}</style><p>yes</p><!-- no --><p>too</p>", "yes\ntoo"),
        ("<head><title>no</title><body>yes", "yes"),
        ("<template><p>no</p></template>yes", "yes"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<![if gt IE 8]>yes<![endif]>", "yes"),
        ("<![wat[ hello &amp; bye", "<![wat[ hello & bye"),
        ("<p unclosed", "<p unclosed"),
        ("<script>never ends <p>yes</p>", "never ends\nyes"),
        ("<!-- never ends <p>yes</p>", "never ends\nyes"),
        ("<!--[if mso]><p>no</p><![endif]--><p>yes</p>", "yes"),
        ("<HEAD><TITLE>no</TITLE><BODY>yes</BODY>", "yes"),
        ("<img alt=\"a > b\" src='data:,<p>'>yes<p title=it's>too", "yes\ntoo"),
        ("<table><tr><td>Order</td><td>48213</td></tr></table>", "Order 48213"),
        ("ケトル<wbr>から<b>煙</b>", "ケトルから煙"),
    ],
)
def test_what_a_person_would_read(source, text):
    assert plain(source) == text


@pytest.mark.parametrize("piece", ["<a", "<!--", "<script>", '<a " " "', "<a '\"", "<p>x", "&#", "<head>", "<a \"<a '"])
def test_a_page_made_to_keep_us_busy_does_not(piece):
    began = time.process_time()
    plain(piece * (300_000 // len(piece)))
    assert time.process_time() - began < 5


@given(st.text(alphabet=st.sampled_from(list("<>!/[]-&;#x \n\"'=apscriptbodyheadé煙")), max_size=80))
def test_nothing_raises_and_no_line_is_blank(source):
    assert all(line.strip() for line in plain(source).split("\n") if plain(source))
