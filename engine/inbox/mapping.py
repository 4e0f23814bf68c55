"""A column map: the file that says which column of an export is which field of a message (`--map FILE.yaml`).

```yaml
format: csv            # csv, tsv, jsonl or parquet; optional, the file's own look decides
zone: Asia/Tokyo       # of times without a zone; optional, --tz goes before it
columns:               # message field: the column it comes from
  id: Ticket
  text: {column: Body, entities: true}         # &amp; in the source stands for &
  direction: {column: Kind, values: {in: inbound, out: outbound}}
  channel: {value: email}                      # the same in every row
  extra.plan: Plan                             # a further column for conditions
```

A field is any field of a message or `extra.NAME`. A column is named exactly as in the export's header; in JSONL and
Parquet a dotted name reaches into objects (`author.public_metrics.followers_count`). Words under `values` are
compared without case and outer spaces; a word that is not there is kept as it is. Columns that the map does not name
are kept under `extra.`, as without a map.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from engine.inbox.names import extra_name
from engine.inbox.piece import EXTRA, Column, InboxError
from engine.language.suggest import nearest
from engine.message import FIELD

FORMATS = ("csv", "tsv", "jsonl", "parquet")
_KEYS = ("format", "zone", "columns")
_SHOWN = 40
_COLUMN_KEYS = ("column", "value", "values", "entities")


@dataclass(frozen=True, slots=True)
class Map:
    """A column map that was read. `format` and `zone` are None where it does not say."""

    columns: tuple[Column, ...]
    format: str | None = None
    zone: str | None = None


def load_map(path: Path, shown: str | None = None) -> Map:
    """Read a map file.

    Raises:
        InboxError: it is not there, no YAML, or says something that a map cannot say.
    """
    name = shown or str(path)
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InboxError(f"The column map {name} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise InboxError(f"The column map {name} is not UTF-8 text.") from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise InboxError(f"The column map {name} is not valid YAML{where}.") from None
    if not isinstance(found, dict) or not isinstance(found.get("columns"), dict) or not found["columns"]:
        raise InboxError(f"The column map {name} has no `columns:` that say which column is which field.")
    _known(name, found, _KEYS, "a map")
    chosen = found.get("format")
    if chosen is not None and chosen not in FORMATS:
        raise InboxError(f"The column map {name} has the format {chosen!r}; it can be {', '.join(FORMATS)}.")
    zone = found.get("zone")
    if zone is not None and not isinstance(zone, str):
        raise InboxError(f"The column map {name} has a `zone:` that is no name; write one like Asia/Tokyo.")
    columns = tuple(_column(name, field, given) for field, given in found["columns"].items())
    return Map(columns, chosen, zone)


def _column(name: str, field: object, given: object) -> Column:
    if not isinstance(field, str) or (field not in FIELD and not (field.startswith(EXTRA) and field != EXTRA)):
        raise InboxError(f"The column map {name} has a field {field!r} that no message has{_near(str(field), FIELD)}.")
    if isinstance(given, str):
        return Column(field, given)
    if not isinstance(given, dict):
        raise InboxError(f"The column map {name} gives `{field}` neither a column's name nor `{{column: ...}}`.")
    _known(name, given, _COLUMN_KEYS, f"`{field}`")
    source, constant, values = given.get("column"), given.get("value"), given.get("values") or {}
    if (source is None) == (constant is None):
        raise InboxError(f"The column map {name} must give `{field}` either a `column` or a `value`.")
    if not isinstance(values, dict):
        raise InboxError(f"The column map {name} has `values` for `{field}` that are no list of `theirs: ours`.")
    words = tuple((_word(theirs), _word(ours)) for theirs, ours in values.items())
    _closed(name, field, [ours for _, ours in words] + ([] if constant is None else [_word(constant)]))
    return Column(
        field,
        None if source is None else str(source),
        None if constant is None else _word(constant),
        words,
        entities=given.get("entities") is True,
    )


def _closed(name: str, field: str, words: list[str]) -> None:
    known = FIELD.get(field)
    if known is not None and known.closed:
        for word in words:
            if word not in known.words:
                can = ", ".join(known.words)
                raise InboxError(
                    f"The column map {name} makes `{field}` {word!r}; it can be {can}{_near(word, known.words)}."
                )


def _word(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _known(name: str, given: dict[object, object], keys: tuple[str, ...], what: str) -> None:
    for key in given:
        if key not in keys:
            raise InboxError(
                f"The column map {name} says {key!r} of {what}; it can say {', '.join(keys)}{_near(str(key), keys)}."
            )


def _near(word: str, known: Iterable[str]) -> str:
    found = nearest(word, known)
    return f"; did you mean `{found}`?" if found else ""


def applied(found: Map, header: tuple[str, ...], name: str) -> tuple[Column, ...]:
    """The map's columns, checked against a header, and the header's other columns as extras.

    Raises:
        InboxError: the map names a column that the file does not have.
    """
    for one in found.columns:
        if one.source is not None and one.source not in header:
            near = nearest(one.source, header)
            hint = f"; did you mean `{near}`?" if near else ""
            raise InboxError(
                f"{name} has no column {one.source!r}, which the map gives `{one.field}`{hint}. {listed(header)}"
            )
    fields = {one.field for one in found.columns}
    sources = {one.source for one in found.columns}
    rest = [Column(extra_name(one), one) for one in header if one.strip() and one not in sources]
    return (*found.columns, *(one for one in rest if one.field not in fields))


def listed(header: tuple[str, ...]) -> str:
    """The columns that a file has, as a sentence."""
    shown = ", ".join(f"`{one}`" for one in header[:_SHOWN] if one.strip())
    return f"It has the columns {shown}{' and more' if len(header) > _SHOWN else ''}."
