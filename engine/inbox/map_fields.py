"""What a column map says of one field, checked: `{column: Kind, values: {in: inbound}}` -> a `Column`.

The language is documented in `engine.inbox.mapping`. Whatever a map cannot say is an error that names the map and the
field, with the nearest right word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from engine.inbox.piece import EXTRA, Column, InboxError
from engine.inbox.times import is_style
from engine.language.suggest import nearest
from engine.message import FIELD, Kind

KEYS = (
    "column", "largest", "value", "values", "otherwise", "pattern", "decode", "entities", "times", "split", "where",
    "made_of", "optional",
)  # fmt: skip
"""What can be said of a field."""

Said = Mapping[object, object]


def column_of(name: str, field: object, given: object) -> tuple[Column, bool]:
    """A field of a map, and whether its columns may be missing.

    Args:
        name: the map, for people.
        field: what it calls the field.
        given: a column's name, or what it says of it.

    Raises:
        InboxError: no message has such a field, or a map cannot say that of it.
    """
    if not isinstance(field, str) or (field not in FIELD and not (field.startswith(EXTRA) and field != EXTRA)):
        raise InboxError(f"The column map {name} has a field {field!r} that no message has{near(str(field), FIELD)}")
    if isinstance(given, str):
        return Column(field, given), False
    if not isinstance(given, dict):
        raise InboxError(f"The column map {name} gives `{field}` neither a column's name nor `{{column: ...}}`.")
    known(name, given, KEYS, f"`{field}`")
    here = f"The column map {name}"
    places = _places(here, field, given)
    words = _words(here, field, given)
    constant, otherwise = _one_word(given, "value"), _one_word(given, "otherwise")
    if otherwise is not None and not words:
        raise InboxError(f"{here} has an `otherwise` for `{field}` without the `values` that it is beside.")
    _closed(here, field, [*(ours for _, ours in words), *(one for one in (constant, otherwise) if one is not None)])
    source = places[0][0] if places else None
    column = Column(
        field,
        source,
        constant,
        words,
        entities=_yes(here, field, given, "entities"),
        places=() if places == ((source,),) else places,
        largest="largest" in given,
        otherwise=otherwise,
        pattern=_pattern(here, field, given),
        decoded=_decoded(here, field, given),
        times=_times(here, field, given),
        split=_split(here, field, given),
        where=_where(here, field, given),
        made_of=_made_of(here, field, given),
    )
    return column, _yes(here, field, given, "optional")


def known(name: str, given: Said, keys: tuple[str, ...], what: str) -> None:
    """See that a map says nothing unknown.

    Raises:
        InboxError: it does.
    """
    for key in given:
        if key not in keys:
            raise InboxError(
                f"The column map {name} says {key!r} of {what}; it can say {', '.join(keys)}{near(str(key), keys)}"
            )


def near(word: str, those: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: a question for the nearest known one, if there is one.

    >>> near("txt", ["text", "id"]), near("txt", ["id"])
    ('; did you mean `text`?', '.')
    """
    found = nearest(word, those)
    return f"; did you mean `{found}`?" if found else "."


def names_of(given: object) -> tuple[str, ...] | None:
    """One name or a list of names; None when it is neither.

    >>> names_of("Id"), names_of(["Id", 7]), names_of([]), names_of({"a": 1})
    (('Id',), ('Id', '7'), None, None)
    """
    some = given if isinstance(given, list) else [given]
    good = some and all(isinstance(one, str | int) and not isinstance(one, bool) and str(one) for one in some)
    return tuple(str(one) for one in some) if good else None


def _places(here: str, field: str, given: Said) -> tuple[tuple[str, ...], ...]:
    sources = [key for key in ("column", "largest") if given.get(key) is not None]
    if len(sources) + (given.get("value") is not None) != 1 and not (not sources and given.get("made_of")):
        raise InboxError(
            f"{here} must give `{field}` either a `column` or a `value` (or `largest`: columns with numbers)."
        )
    if not sources:
        return ()
    [key] = sources
    said = given[key]
    places = [names_of(one) for one in (said if isinstance(said, list) else [said])]
    if not places or any(one is None for one in places):
        raise InboxError(f"{here} gives `{field}` a `{key}` that is neither a column's name nor a list of names.")
    return tuple(one for one in places if one is not None)


def _words(here: str, field: str, given: Said) -> tuple[tuple[str, str], ...]:
    values = given.get("values") or {}
    if not isinstance(values, dict):
        raise InboxError(f"{here} has `values` for `{field}` that are no list of `theirs: ours`.")
    return tuple((_word(theirs), _word(ours)) for theirs, ours in values.items())


def _one_word(given: Said, key: str) -> str | None:
    return _word(given[key]) if key in given and (key == "otherwise" or given[key] is not None) else None


def _word(value: object) -> str:
    """A word as a cell would have it; nothing is no word, so unknown."""
    return "" if value is None else ("true" if value else "false") if isinstance(value, bool) else str(value)


def _closed(here: str, field: str, words: list[str]) -> None:
    one = FIELD.get(field)
    for word in words if one is not None and one.closed else ():
        if word and one is not None and word not in one.words:
            can = ", ".join(one.words)
            raise InboxError(f"{here} makes `{field}` {word!r}; it can be {can}{near(word, one.words)}")


def _yes(here: str, field: str, given: Said, key: str) -> bool:
    said = given.get(key, False)
    if not isinstance(said, bool):
        raise InboxError(f"{here} says `{key}: {said}` of `{field}`; it can be true or false.")
    return said


def _pattern(here: str, field: str, given: Said) -> str | None:
    pattern = given.get("pattern")
    if pattern is None:
        return None
    try:
        if not isinstance(pattern, str):
            raise InboxError(f"{here} has a `pattern` for `{field}` that is no text; put it between single quotes.")
        groups = len(pl.Series([""], dtype=pl.String).str.extract_groups(pattern).struct.fields)
    except pl.exceptions.PolarsError as error:
        said = str(error).split("error: ")[-1].splitlines()[0].strip()
        raise InboxError(f"{here} has a `pattern` for `{field}` that is no regular expression: {said}.") from None
    if groups != 1:
        raise InboxError(
            f"{here} has a `pattern` for `{field}` with {groups} groups; it needs one, around the part that counts, "
            "like 'reviewId=([^&]+)'."
        )
    return pattern


def _decoded(here: str, field: str, given: Said) -> bool:
    if given.get("decode") not in (None, "url"):
        raise InboxError(f"{here} says `decode: {given['decode']}` of `{field}`; it can be url.")
    return given.get("decode") == "url"


def _times(here: str, field: str, given: Said) -> tuple[str, ...]:
    if given.get("times") is None:
        return ()
    styles = names_of(given["times"])
    if styles is None:
        raise InboxError(f"{here} has `times` for `{field}` that are no list of styles like '%d/%m/%Y %H:%M'.")
    if field in FIELD and FIELD[field].kind is not Kind.TIME:
        raise InboxError(f"{here} has `times` for `{field}`, which is no time.")
    for style in styles:
        if not is_style(style):
            raise InboxError(
                f"{here} has a style of times {style!r} for `{field}` that says no day and time; write one like "
                "'%d/%m/%Y %H:%M' (%d day, %m month, %b Jan, %Y 2026, %y 26, %H hour, %I %p hour with AM or PM, %M minute)."
            )
    return styles


def _split(here: str, field: str, given: Said) -> str | None:
    split = given.get("split")
    if split is not None and (not isinstance(split, str) or not split):
        raise InboxError(f'{here} has a `split` for `{field}` that is no text; put it between quotes, like "|".')
    if split is not None and field in FIELD and FIELD[field].kind is not Kind.LIST:
        raise InboxError(f"{here} has a `split` for `{field}`, which is no list.")
    return split


def _where(here: str, field: str, given: Said) -> tuple[str, tuple[str, ...]] | None:
    where = given.get("where")
    if where is None:
        return None
    if isinstance(where, dict) and len(where) == 1:
        [(source, words)] = where.items()
        some = words if isinstance(words, list) else [words]
        if isinstance(source, str) and some and not any(isinstance(one, dict | list) for one in some):
            return source, tuple(_word(one).strip().lower() for one in some)
    raise InboxError(
        f"{here} has a `where` for `{field}` that is not `{{column: word}}` or `{{column: [word, word]}}`."
    )


def _made_of(here: str, field: str, given: Said) -> tuple[str, ...]:
    if given.get("made_of") is None:
        return ()
    if field != "id":
        raise InboxError(f"{here} has `made_of` for `{field}`; only an `id` can be made.")
    found = names_of(given["made_of"])
    if found is None:
        raise InboxError(f"{here} has `made_of` for `id` that is no list of columns.")
    return found
