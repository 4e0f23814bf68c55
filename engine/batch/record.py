"""Decided batches as decision records: JSON lines, or a frame for tables. The names are the contract's.

A record is a few values of the message and many that depend only on the way taken, so the latter are written once a
distinct way and put together column by column.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from engine.batch.cells import time_text
from engine.batch.lines import Lines
from engine.clock import CLOCK_COLUMNS, NOTIFY, due
from engine.evaluate.columns import Decided
from engine.message import SIGNALS
from engine.plan import Arm, Plan
from engine.version import VERSION

MESSAGE_COLUMNS = ("id", "thread", "posted_at", "channel", "lang")

_DAY = 86_400
_MANY_DAYS = 20_000
_YEAR_1, _YEAR_10000 = (int(np.datetime64(year, "D").astype(np.int64)) for year in ("0001", "10000"))
_CONTROL = [chr(code) for code in range(0x20)]
_SPECIAL = bytes(range(0x20)) + b'"\\'
_ESCAPED = {'"': '\\"', "\\": "\\\\", **{c: json.dumps(c)[1:-1] for c in _CONTROL}}


@dataclass(slots=True)
class Said:
    """What the records of a batch say beside their message: `code[i]` is the place of row `i` in `distinct`."""

    code: npt.NDArray[np.int64]
    distinct: list[dict[str, Any]]


def said(plan: Plan, decided: Decided) -> Said:
    """The part of the records that depends on the way, the unknown facts and the levels only."""
    code = decided.code
    keys: list[tuple[int, ...]] = [(i,) for i in range(len(decided.ways))]
    for scale in plan.scales:
        parted = code * len(scale.levels) + decided.facts[scale.name].to_numpy()
        taken = np.flatnonzero(np.bincount(parted, minlength=1)) if len(parted) else np.zeros(0, dtype=np.int64)
        renumber = np.zeros(taken[-1] + 1 if len(taken) else 1, dtype=np.int64)
        renumber[taken] = np.arange(len(taken))
        code = renumber[parted]
        keys = [(*keys[one // len(scale.levels)], one % len(scale.levels)) for one in taken.tolist()]
    distinct: list[dict[str, Any]] = []
    for key in keys:  # among them ways that only passed through a step: no message ended there
        way, unknown = decided.ways[key[0]]
        levels = {scale.name: scale.levels[place] for scale, place in zip(plan.scales, key[1:], strict=True)}
        ended = way and way[-1].outcome is not None
        distinct.append(constant_part(plan, way, unknown, levels) if ended else {})
    return Said(code, distinct)


def constant_part(plan: Plan, way: Iterable[Arm], unknown: Iterable[str], levels: dict[str, str]) -> dict[str, Any]:
    """A record without its message's own values and signals."""
    path = [arm.rule for arm in way]
    last = list(way)[-1]
    assert last.outcome is not None
    ending = plan.endings[last.outcome]
    record: dict[str, Any] = {
        "decision": ending.decision,
        "team": ending.team,
        "severity": levels.get("severity"),
        "exposure": levels.get("exposure"),
    }
    record |= {name: level for name, level in levels.items() if name not in record}
    record |= {
        "rule": ending.rule,
        "path": path,
        "because": ending.because,
        "unknown": list(unknown),
    }
    record |= dict.fromkeys(CLOCK_COLUMNS)
    record |= {
        "notify": [],
        "tags": list(ending.tags),
        "priority": ending.priority,
        "assign": ending.assign,
        "reply": ending.reply,
        "pause_publishing": ending.pause_publishing,
        "playbook": plan.name,
        "playbook_version": plan.version,
        "engine_version": VERSION,
    }
    return record


def json_lines(plan: Plan, messages: pl.DataFrame, decided: Decided) -> Lines:
    """The batch's records as JSON lines, UTF-8, in the batch's order."""
    if not messages.height:
        return Lines(np.zeros(0, np.uint8), np.zeros(1, np.int64), np.zeros(0, np.int64), [])
    spoken = said(plan, decided)
    pieces: list[Any] = []
    text = "{"
    for number, name in enumerate(MESSAGE_COLUMNS):
        before, column, after = _json_column(messages[name])
        pieces += [_scalar(f'{text}{"," if number else ""}"{name}":{before}'), column]
        text = after
    for name, numbers in _signals(plan, decided).items():
        pieces += [_scalar(f'{text},"{name}":'), _numbers(numbers)]
        text = ""
    timed = due(plan, messages, decided) if plan.is_timed else {}
    for name, column in timed.items():
        before, written, after = _json_column(column) if name in CLOCK_COLUMNS else ("", _json_notify(column), "")
        pieces += [_scalar(f'{text},"{name}":{before}'), written]
        text = after
    unasked = text + "".join(f',"{name}":null' for name in _unasked(plan))
    shared = [{name: value for name, value in one.items() if name not in timed} for one in spoken.distinct]
    endings = [f"{unasked},{_dumps(one)[1:]}\n".encode() if one else b"" for one in shared]
    heads = pc.binary_join_element_wise(*pieces, _scalar(""))
    _, offsets, data = heads.buffers()
    head_at = np.frombuffer(offsets, np.int64)[heads.offset : heads.offset + len(heads) + 1]
    return Lines(np.frombuffer(data, np.uint8), head_at, spoken.code, endings)


def as_frame(plan: Plan, messages: pl.DataFrame, decided: Decided) -> pl.DataFrame:
    """The batch's records as a table, one row a message, every column of the contract."""
    spoken = said(plan, decided)
    columns = [messages[name].alias(name) for name in MESSAGE_COLUMNS]
    signals = _signals(plan, decided)
    empty = pl.repeat(None, messages.height, dtype=pl.Float64, eager=True)
    rows = [one for one in spoken.distinct if one] or [constant_template(plan)]
    index = np.cumsum([bool(one) for one in spoken.distinct]) - 1 if spoken.distinct else np.zeros(1, dtype=np.int64)
    own = {*MESSAGE_COLUMNS, *(signal.name for signal in SIGNALS)}
    table = pl.DataFrame(rows, schema={n: kind for n, kind in schema_of(_level_names(plan)).items() if n not in own})
    constant = table[index[spoken.code]] if messages.height else table.clear()
    columns += [constant[name] for name in ("decision", "team", *_level_names(plan))]
    columns += [signals.get(signal.name, empty).alias(signal.name) for signal in SIGNALS]
    done = {column.name for column in columns}
    timed = due(plan, messages, decided) if plan.is_timed else {}
    columns += [timed.get(column.name, column) for column in constant.get_columns() if column.name not in done]
    return pl.DataFrame(columns)


def constant_template(plan: Plan) -> dict[str, Any]:
    """A record's constant part with nothing said, for its columns."""
    arm = Arm("", None, None, 0)
    return constant_part(plan, (arm,), (), {})


def _level_names(plan: Plan) -> list[str]:
    return list(dict.fromkeys(("severity", "exposure", *(scale.name for scale in plan.scales))))


def schema_of(levels: Iterable[str] = ("severity", "exposure")) -> dict[str, Any]:
    """The types of a record's columns in a table, scales given by their names."""
    schema: dict[str, Any] = dict.fromkeys(MESSAGE_COLUMNS, pl.String()) | {"posted_at": pl.Datetime("us", "UTC")}
    schema |= dict.fromkeys(("decision", "team", *levels), pl.String())
    schema |= {signal.name: pl.Float64() for signal in SIGNALS}
    schema |= {"rule": pl.String(), "path": pl.List(pl.String), "because": pl.String(), "unknown": pl.List(pl.String)}
    schema |= dict.fromkeys(CLOCK_COLUMNS, pl.Datetime("us", "UTC"))
    schema |= {"notify": NOTIFY}
    schema |= {"tags": pl.List(pl.String), "priority": pl.String(), "assign": pl.String(), "reply": pl.String()}
    schema |= {"pause_publishing": pl.Boolean()}
    return schema | dict.fromkeys(("playbook", "playbook_version", "engine_version"), pl.String())


def _signals(plan: Plan, decided: Decided) -> dict[str, pl.Series]:
    return {one.name: decided.facts[one.name] for one in SIGNALS if one.name in plan.signals}


def _unasked(plan: Plan) -> list[str]:
    """Signals that the playbook does not look at, and that are therefore not computed."""
    return [one.name for one in SIGNALS if one.name not in plan.signals]


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _scalar(text: str) -> pa.LargeStringScalar:
    return pa.scalar(text, pa.large_string())


def _arrow(column: pl.Series) -> pa.Array:
    return column.to_arrow(compat_level=pl.CompatLevel.oldest())


def _json_column(column: pl.Series) -> tuple[str, pa.Array, str]:
    """Each value as JSON, with what stands before and after every value: the quotes, when no value is null."""
    if column.dtype == pl.Datetime:
        return _json_times(column)
    array = _arrow(column)
    data = array.buffers()[2]
    if data is not None and len(data.to_pybytes().translate(None, _SPECIAL)) != data.size:
        array = _arrow(column.str.replace_many(list(_ESCAPED), list(_ESCAPED.values())))
    if not column.null_count():
        return '"', array, '"'
    quoted = pc.binary_join_element_wise(_scalar('"'), array, _scalar('"'), _scalar(""))
    return "", pc.fill_null(quoted, _scalar("null")), ""


def _json_times(column: pl.Series) -> tuple[str, pa.Array, str]:
    """Times by their day and their second, each written once; a fraction of a second only where there is one."""
    micros = column.dt.epoch("us")
    known = micros.fill_null(micros.min() or 0).to_numpy()
    seconds, fraction = np.divmod(known, 1_000_000)
    days, seconds = np.divmod(seconds, _DAY)
    first, last = int(days.min()), int(days.max())
    if fraction.any() or last - first > _MANY_DAYS or first < _YEAR_1 or last >= _YEAR_10000:
        written = pl.select(pl.concat_str(pl.lit('"'), time_text(pl.lit(column)), pl.lit('"'))).to_series()
        return "", _arrow(written.fill_null("null")), ""
    dates = b"".join(f"{np.datetime64(day, 'D')}T".encode() for day in range(first, last + 1))
    both = np.empty(len(known), [("date", f"V{_DATE}"), ("time", f"V{_TIME}")])
    both["date"] = np.frombuffer(dates, f"V{_DATE}")[days - first]
    both["time"] = _times_of_day()[seconds]
    offsets = np.arange(len(known) + 1) * both.itemsize
    array = pa.Array.from_buffers(pa.large_string(), len(known), [None, pa.py_buffer(offsets), pa.py_buffer(both)])
    if not column.null_count():
        return '"', array, '"'
    quoted = pc.binary_join_element_wise(_scalar('"'), array, _scalar('"'), _scalar(""))
    return "", pc.if_else(_arrow(column.is_null()), _scalar("null"), quoted), ""


_DATE, _TIME = len("2026-01-05T"), len("16:30:55Z")


@lru_cache(maxsize=1)
def _times_of_day() -> npt.NDArray[np.void]:
    """`HH:MM:SSZ` for every second of a day."""
    second = np.arange(_DAY)
    written = np.tile(np.frombuffer(b"00:00:00Z", np.uint8), (_DAY, 1))
    for place, number in ((0, second // 3600), (3, second // 60 % 60), (6, second % 60)):
        written[:, place] += (number // 10).astype(np.uint8)
        written[:, place + 1] += (number % 10).astype(np.uint8)
    return written.view(f"V{_TIME}")[:, 0]


def _json_notify(column: pl.Series) -> pa.Array:
    """Lists of who is told and when, as JSON."""
    who = pl.element().struct.field("who").replace_strict(_quoted(column), return_dtype=pl.String)
    at = time_text(pl.element().struct.field("at"))
    each = column.list.eval(pl.concat_str(pl.lit('{"who":'), who, pl.lit(',"at":"'), at, pl.lit('"}')))
    return _arrow(pl.select(pl.concat_str(pl.lit("["), each.list.join(","), pl.lit("]"))).to_series())


def _quoted(column: pl.Series) -> dict[str, str]:
    people = column.explode().struct.field("who").unique().drop_nulls().to_list()
    return {who: _dumps(who) for who in people}


def _numbers(column: pl.Series) -> pa.Array:
    return _arrow(column.cast(pl.String).fill_null("null"))
