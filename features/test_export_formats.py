import csv
import io
import json

import polars as pl
from pytest_bdd import given, parsers, scenarios

scenarios("export_formats.feature")


@given(parsers.parse("the messages as {format_}"))
def messages_as(desk, format_, datatable):
    heads, *rows = datatable
    if format_ in {"CSV", "CSV from Excel", "TSV"}:
        out = io.StringIO()
        csv.writer(out, delimiter="\t" if format_ == "TSV" else ",").writerows([heads, *rows])
        encoding = "utf-8-sig" if format_ == "CSV from Excel" else "utf-8"
        (desk.folder / f"inbox.{format_[:3].lower()}").write_bytes(out.getvalue().encode(encoding))
        return
    messages = [{name: _typed(name, cell) for name, cell in zip(heads, row, strict=True) if cell} for row in rows]
    if format_ == "Parquet":
        pl.DataFrame(messages, schema=None, infer_schema_length=None).write_parquet(desk.folder / "inbox.parquet")
        return
    if format_ == "nested JSON lines":
        messages = [_nested(one) for one in messages]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in messages)
    (desk.folder / "inbox.jsonl").write_text(text, encoding="utf-8")


def _typed(name, cell):
    return int(cell) if name == "author.followers" else cell == "yes" if name == "post.sponsored" else cell


def _nested(message):
    found = {}
    for name, value in message.items():
        *outer, last = name.split(".")
        place = found
        for one in outer:
            place = place.setdefault(one, {})
        place[last] = value
    return found
