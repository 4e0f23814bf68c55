"""Kaggle's "Customer Support on Twitter" (`twcs.csv`): posts of customers and of the brands that answered.

A CSV whose columns are said by `maps/twitter_support.yaml`, with the same words that a map of your own would use.
Direction is the column `inbound`; an unnamed first column (from pandas) is skipped; ids resaved as `3.0` are read as
`3`.
`response_tweet_id`, the ids of the answers, is kept as `extra.response_tweet_id` and joins threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.inbox import delimited
from engine.inbox.mapping import Map, load_map

NAME = "twitter-support"
ABOUT = 'Kaggle\'s "Customer Support on Twitter" (twcs.csv)'
COLUMNS = frozenset({"tweet_id", "inbound", "created_at", "text", "in_response_to_tweet_id"})
CHILDREN = "extra.response_tweet_id"

pieces = delimited.pieces
read = delimited.read


def looks_like(header: Sequence[str]) -> bool:
    """Whether a header is this export's.

    >>> looks_like(["", "tweet_id", "inbound", "created_at", "text", "in_response_to_tweet_id"])
    True
    """
    return set(header) >= COLUMNS


def column_map() -> Map:
    """The map that says its columns."""
    return load_map(Path(__file__).parent / "maps" / "twitter_support.yaml")
