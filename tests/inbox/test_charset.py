"""Bytes of mail as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inbox.charset import decoded

WAVES = {"～": "〜", "∥": "‖", "－": "−", "￠": "¢", "￡": "£", "￢": "¬"}
"""Six signs that Windows takes for their wide sisters."""


def test_every_pair_of_the_standard_reads_as_the_standard_has_it():
    for high in range(0x21, 0x7F):
        for low in range(0x21, 0x7F):
            data = b"\x1b$B" + bytes([high, low]) + b"\x1b(B"
            try:
                meant = data.decode("iso2022_jp")
            except UnicodeDecodeError:
                continue
            found = decoded(data, "iso-2022-jp")
            assert WAVES.get(found, found) == meant


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("한국어".encode("euc-kr"), "ks_c_5601-1987", "한국어"),
        ("简体字".encode("gbk"), "GB2312", "简体字"),
        ("zażółć".encode("iso-8859-2"), "iso-8859-2", "zażółć"),
        ("煙".encode("utf-16"), "utf-16", "煙"),
        ("煙".encode("utf-7"), "utf-7", "煙"),
        ("森".encode("cp932"), None, "森"),
        (b"a\x1b$B;", "iso-2022-jp", "a;"),
        (b"\x1b$B1l\nabc", None, "煙\nabc"),
        (b"\xff\xfe\xfd", "utf-8", "ÿþý"),
        (b"a\x81", "utf-8", "a\ufffd"),
        (b"", "utf-8", ""),
    ],
)
def test_text_of_other_places_and_broken_text(data, declared, text):
    assert decoded(data, declared) == text


@given(st.text(max_size=40), st.sampled_from([None, "", "us-ascii", "utf-8", "x-unknown", "iso-8859-1", "shift_jis"]))
def test_utf_8_is_read_whatever_it_declares(text, declared):
    if "\x1b" not in text:
        assert decoded(text.encode("utf-8"), declared) == text


@given(
    st.binary(max_size=40),
    st.sampled_from([None, "utf-8", "utf-16", "idna", "zlib", "iso-2022-jp", "shift_jis", "\x00"]),
)
def test_no_bytes_and_no_declaration_raise(data, declared):
    assert isinstance(decoded(data, declared), str)
