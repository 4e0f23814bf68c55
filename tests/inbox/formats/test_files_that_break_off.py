"""A download that broke off: wherever that was, what came before is read, and what was begun is told."""

from __future__ import annotations

import pytest

from engine.inbox import app_store, chatwoot, google_business, sprout, talkwalker, zendesk

EXPORTS = [
    (app_store, "app_store_feed.json"),
    (app_store, "app_store_page.json"),
    (chatwoot, "chatwoot_conversations.json"),
    (chatwoot, "chatwoot_events.ndjson"),
    (chatwoot, "chatwoot_messages.json"),
    (google_business, "google_business_page.json"),
    (sprout, "sprout_page.json"),
    (talkwalker, "talkwalker_page.json"),
    (talkwalker, "talkwalker_stream.ndjson"),
    (zendesk, "zendesk_export.ndjson"),
    (zendesk, "zendesk_page.json"),
]


@pytest.mark.parametrize(("module", "name"), EXPORTS, ids=[name for _, name in EXPORTS])
def test_wherever_a_file_breaks_off_what_came_before_is_read(export, module, name):
    whole = export(module, name)
    text = whole.documents[0].text
    for cut in range(1, len(text), 3):
        read = export(module, {name: text[:cut]})
        before = [one.fields["id"] for one in whole.found if one.end <= cut]
        assert [one for one in read.column("id") if one in before] == before
        assert len(read.found) <= len(whole.found)
        if any(one.start + 1 < cut < one.end for one in whole.found):
            assert read.broken


@pytest.mark.parametrize(("module", "name"), EXPORTS, ids=[name for _, name in EXPORTS])
def test_no_other_format_takes_it_for_its_own(export, module, name):
    text = export(module, name).documents[0].text
    takers = {one.NAME for one, _ in EXPORTS if one.looks_like(name, text[: 1 << 16])}
    assert takers == {module.NAME}
