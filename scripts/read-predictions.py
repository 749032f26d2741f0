#!/usr/bin/env python3
"""Reads the kept forecasts of a store, and how they came out, with pyarrow, pandas, Polars and DuckDB, as a stranger would,
without options, and checks that all see the same.

    read-predictions.py STORE

STORE is the folder of a `file:` store. Prints {"forecasts": [row, ...], "outcomes": [row, ...]} as JSON; times are ms since the
epoch, doubles round-trip, unknown values are null. Ends with status 1 and the reason if two readers disagree about a row or a type.
"""
import json
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

KIND_OF_TYPE = {"string": "text", "double": "number", "int32": "count", "bool": "flag", "timestamp[ms, tz=UTC]": "time"}
DUCK_KINDS = {
    "VARCHAR": "text",
    "DOUBLE": "number",
    "INTEGER": "count",
    "BOOLEAN": "flag",
    "TIMESTAMP WITH TIME ZONE": "time",
}


def columns_of(folder):
    """Names and kinds of the columns, which must be the same in each file."""
    found = {}
    for fragment in ds.dataset(str(folder), format="parquet", partitioning="hive", exclude_invalid_files=False).get_fragments():
        schema = fragment.physical_schema
        own = {name: KIND_OF_TYPE.get(str(type_), str(type_)) for name, type_ in zip(schema.names, schema.types)}
        if found and own != found:
            sys.exit(f"{fragment.path} has other columns than the files before it")
        found = own
    strange = {name: kind for name, kind in found.items() if kind not in DUCK_KINDS.values()}
    if strange:
        sys.exit(f"{folder} has columns of unexpected types: {strange}")
    return found


def plain(value, kind):
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    return {"text": str, "number": float, "count": int, "flag": bool, "time": int}[kind](value)


def rows_of(columns, values):
    """@param values a list of values per column"""
    rows = [[plain(value, kind) for value, kind in zip(row, columns.values())] for row in zip(*values)]
    return sorted(rows, key=json.dumps)


def arrow_rows(table, columns):
    times = [name for name, kind in columns.items() if kind == "time"]
    for name in times:
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).cast(pa.int64()))
    return rows_of(columns, [table.column(name).to_pylist() for name in columns])


def with_dataset(folder, columns):
    return arrow_rows(ds.dataset(str(folder), format="parquet", partitioning="hive").to_table(), columns)


def with_read_table(folder, columns):
    return arrow_rows(pq.read_table(str(folder)), columns)


def with_pandas(folder, columns):
    frame = pd.read_parquet(str(folder))
    epoch = pd.Timestamp(0, tz="UTC")
    values = []
    for name, kind in columns.items():
        column = frame[name]
        if kind == "time":
            values.append([None if pd.isna(time) else (time - epoch) // pd.Timedelta(milliseconds=1) for time in column])
        else:
            values.append(column.tolist())
    return rows_of(columns, values)


def with_polars(folder, columns):
    frame = pl.read_parquet(folder)
    return rows_of(columns, [(frame[name].dt.epoch("ms") if kind == "time" else frame[name]).to_list() for name, kind in columns.items()])


def with_duckdb(folder, columns):
    con = duckdb.connect()
    source = "'" + str(folder / "**" / "*.parquet").replace("'", "''") + "'"
    seen = {name: DUCK_KINDS.get(type_, type_) for name, type_, *_ in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    wrong = {name: seen.get(name) for name, kind in columns.items() if seen.get(name) != kind}
    if wrong:
        sys.exit(f"DuckDB sees other types: {wrong}")
    shown = ", ".join(f'epoch_ms("{name}")' if kind == "time" else f'"{name}"' for name, kind in columns.items())
    rows = con.execute(f"SELECT {shown} FROM {source}").fetchall()
    return rows_of(columns, list(zip(*rows)))


READERS = {"pyarrow.parquet": with_read_table, "pandas": with_pandas, "Polars": with_polars, "DuckDB": with_duckdb}


def read(folder):
    if not any(folder.rglob("*.parquet")):
        sys.exit(f"{folder} holds no files")
    columns = columns_of(folder)
    folders = {part.split("=")[0] for file in folder.rglob("*.parquet") for part in file.relative_to(folder).parts[:-1]}
    if folders & set(columns):
        sys.exit(f"columns are named like folders: {folders & set(columns)}")
    rows = with_dataset(folder, columns)
    for name, reader in READERS.items():
        other = reader(folder, columns)
        if other != rows:
            first = next((pair for pair in zip(rows, other) if pair[0] != pair[1]), (f"{len(rows)} rows", f"{len(other)} rows"))
            sys.exit(f"pyarrow and {name} disagree about {folder}: {first[0]} and {first[1]}")
    return [dict(zip(columns, row)) for row in rows]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    predictions = Path(sys.argv[1]) / "predictions"
    print(json.dumps({name: read(predictions / name) for name in ("forecasts", "outcomes")}))


if __name__ == "__main__":
    main()
