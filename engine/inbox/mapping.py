"""A column map: the file that says which column of an export is which field of a message (`--map FILE.yaml`).

```yaml
format: csv            # csv, tsv, jsonl or parquet; optional, the file's own look decides
zone: Asia/Tokyo       # of times without a zone; optional, --tz goes before it
columns:               # message field: the column it comes from
  id: Ticket
  text: {column: [Body, Subject], entities: true}   # the first that has something; &amp; stands for &
  posted_at: {column: [[Date, Time]], times: ['%d/%m/%Y %H:%M']}   # both, with a space between; day first
  direction: {column: Kind, values: {in: inbound}, otherwise: outbound}
  likes: {largest: [X Likes, Facebook Likes], optional: true}   # skipped when no such column is there
  link: {column: Address, pattern: 'url=([^&]+)', decode: url}  # the part that counts
  author.id: {column: Contact, where: {Kind: in}}   # only in rows where Kind is `in`
  channel: {value: email}                           # the same in every row
  extra.plan: Plan                                  # a further column for conditions
```

A field is any field of a message or `extra.NAME`. A column is named as in the export's header (case, outer spaces, and
`_` or `-` for a space do not count); in JSONL and Parquet a dotted name reaches into objects
(`author.public_metrics.followers_count`). Words under `values` are compared without case and outer spaces; a word that is
not there is kept, and `null` makes a word unknown. Columns that the map does not name are kept under `extra.`.

The exports of products are maps too, in `maps/`. Such a map has a `name` (its `--format`), says what it is `about`, which
columns it `needs` to be recognised, and is `tolerant`: no column has to be there but those of `id` and `text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from engine.inbox.map_fields import column_of, known, names_of, near
from engine.inbox.names import calm, extra_name
from engine.inbox.piece import Column, InboxError

FORMATS = ("csv", "tsv", "jsonl", "parquet")
_KEYS = ("name", "about", "format", "zone", "needs", "tolerant", "columns")
_ENOUGH = ("id", "text")
_SHOWN = 40
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_AUTHOR = ("author.handle", "author.id", "author.name")


@dataclass(frozen=True, slots=True)
class Map:
    """A column map that was read. `format` and `zone` are None where it does not say.

    `optional` are the fields whose columns may be missing. A product's map has a `name`, what it is `about` ("a Zendesk
    ticket report"), and the columns that it `needs` to be recognised; without such it is read only when asked for.
    """

    columns: tuple[Column, ...]
    format: str | None = None
    zone: str | None = None
    name: str = ""
    about: str = ""
    needs: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()

    @property
    def sources(self) -> tuple[str, ...]:
        """Every column that it names, each once."""
        return tuple(dict.fromkeys(source for one in self.columns for source in one.sources))


def load_map(path: Path, shown: str | None = None) -> Map:
    """Read a map file.

    Raises:
        InboxError: it is not there, no YAML, or says something that a map cannot say.
    """
    name = shown or str(path)
    found = _yaml(path, name)
    if not isinstance(found, dict) or not isinstance(found.get("columns"), dict) or not found["columns"]:
        raise InboxError(f"The column map {name} has no `columns:` that say which column is which field.")
    known(name, found, _KEYS, "a map")
    chosen = found.get("format")
    if chosen is not None and chosen not in FORMATS:
        raise InboxError(f"The column map {name} has the format {chosen!r}; it can be {', '.join(FORMATS)}.")
    zone = found.get("zone")
    if zone is not None and not isinstance(zone, str):
        raise InboxError(f"The column map {name} has a `zone:` that is no name; write one like Asia/Tokyo.")
    for key in ("name", "about"):
        if not isinstance(found.get(key, ""), str):
            raise InboxError(f"The column map {name} has `{key}:` that is no text.")
    tolerant = found.get("tolerant", False)
    if not isinstance(tolerant, bool):
        raise InboxError(f"The column map {name} says `tolerant: {tolerant}`; it can be true or false.")
    needs = names_of(found["needs"]) if "needs" in found else ()
    if needs is None:
        raise InboxError(f"The column map {name} has `needs:` that is no list of columns.")
    columns, optional = [], set()
    for field, given in found["columns"].items():
        column, may_miss = column_of(name, field, given)
        columns.append(column)
        if may_miss or (tolerant and field not in _ENOUGH):
            optional.add(column.field)
    return Map(tuple(columns), chosen, zone, found.get("name", ""), found.get("about", ""), needs, frozenset(optional))


def _yaml(path: Path, name: str) -> object:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - it is a safe one
    except OSError as error:
        raise InboxError(f"The column map {name} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise InboxError(f"The column map {name} is not UTF-8 text.") from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise InboxError(f"The column map {name} is not valid YAML{where}.") from None


def applied(found: Map, header: tuple[str, ...], name: str) -> tuple[Column, ...]:
    """The map's columns, as a header calls them, and the header's other columns as extras.

    Of a field's columns those count that the file has, and one must be there unless the field is optional.

    Raises:
        InboxError: the map names a column that the file does not have.
    """
    there = {calm(one): one for one in reversed(header)} | {one: one for one in header}
    columns = [one for one in (_fitted(found, column, there, header, name) for column in found.columns) if one]
    taken = {one.field for one in columns}
    used = {source for one in columns for place in one.looked for source in place}
    for source in header:
        extra = extra_name(source)
        if source.strip() and source not in used and extra not in taken:
            columns.append(Column(extra, source))
            taken.add(extra)
    return tuple(columns)


def _fitted(found: Map, column: Column, there: Mapping[str, str], header: tuple[str, ...], name: str) -> Column | None:
    """The column with its sources as the header calls them; None when an optional field's are not there."""
    if column.constant is not None:
        return column

    def called(source: str) -> str | None:
        return there.get(source, there.get(calm(source)))

    missing: list[str] = []
    places = []
    for place in column.looked:
        here = [called(source) for source in place]
        missing += [source for source, one in zip(place, here, strict=True) if one is None]
        if all(here):
            places.append(tuple(one for one in here if one is not None))
    made_of = tuple(one for one in map(called, column.made_of) if one is not None)
    where = column.where
    if where is not None and (condition := called(where[0])) is not None:
        where = (condition, where[1])
    elif where is not None:
        missing, places = [where[0]], []
    if places or made_of:
        source = places[0][0] if places else None
        plain = tuple(places) in ((), ((source,),))
        return replace(column, source=source, places=() if plain else tuple(places), made_of=made_of, where=where)
    if column.field in found.optional:
        return None
    missing += column.made_of
    first, *others = missing
    what = f"no column {first!r}" if not others else f"none of the columns {', '.join(map(repr, missing))}"
    whose = f"is not {found.about}: it has" if found.about else "has"
    raise InboxError(
        f"{name} {whose} {what}, which the map gives `{column.field}`{near(first, header)} {listed(header)}"
    )


def listed(header: tuple[str, ...]) -> str:
    """The columns that a file has, as a sentence."""
    shown = ", ".join(f"`{one}`" for one in header[:_SHOWN] if one.strip())
    return f"It has the columns {shown}{' and more' if len(header) > _SHOWN else ''}."


@cache
def built_in() -> tuple[Map, ...]:
    """The maps of products, by name."""
    folder = Path(__file__).parent / "maps"
    return tuple(sorted((load_map(one) for one in folder.glob("*.yaml")), key=lambda one: one.name))


def recognised(header: Sequence[str]) -> tuple[Map, str] | None:
    """The product whose export has such a header, and how that is known, for people; None when it is none's.

    It has every column that the map needs; of several maps, the one that knows most of the header's columns.

    >>> found = recognised(["Message ID", "Conversation ID", "Content", "Direction", "Contact Primary Identifier"])
    >>> found[0].name, recognised(["id", "text", "date"]) is None
    ('hootsuite', True)
    """
    there = {calm(one) for one in header}
    fitting = [one for one, needs in _needs() if needs <= there]
    if not fitting:
        return None
    best = max(fitting, key=lambda one: (sum(calm(source) in there for source in one.sources), len(one.needs)))
    return best, f"it has the columns of {best.about}: {', '.join(best.needs)}"


@cache
def _needs() -> tuple[tuple[Map, frozenset[str]], ...]:
    return tuple((one, frozenset(map(calm, one.needs))) for one in built_in() if one.needs)


def with_us(columns: tuple[Column, ...], us: Iterable[str]) -> tuple[Column, ...]:
    """With a direction told by our own accounts, where the columns have none: outbound is what one of them wrote.

    Args:
        columns: of an export; those of the author are compared.
        us: our accounts' ids, handles and names, casefolded, without `@`.

    >>> with_us((Column("author.handle", "From"),), {"acme"})[-1].values
    (('acme', 'outbound'), ('@acme', 'outbound'))
    """
    ours = sorted(us)
    by_field = {one.field: one for one in columns}
    authors = [by_field[field] for field in _AUTHOR if field in by_field and by_field[field].looked]
    if not ours or "direction" in by_field or not authors:
        return columns
    values = tuple((form, "outbound") for one in ours for form in (one, f"@{one}"))
    told = [one for one in authors if one.pattern is None]
    if not told:
        first = authors[0]
        return (*columns, replace(first, field="direction", values=values, otherwise="inbound"))
    places = tuple(place for one in told for place in one.looked)
    return (*columns, Column("direction", places[0][0], values=values, places=places, otherwise="inbound"))
