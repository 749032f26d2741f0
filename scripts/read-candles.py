#!/usr/bin/env python3
"""Reads every candle file of a store with pyarrow, pandas, Polars and DuckDB, as a stranger would, without options, and
checks what is promised of them. Spark isn't started: its rules for names of folders are checked.

    read-candles.py STORE [--summary]

STORE is the folder of a `file:` store. Prints one JSON row per candle, ordered by interval, symbol and open time; times
are ms since the epoch, doubles round-trip. With --summary: counts by interval and symbol. Ends with status 1 and the
reason if two readers disagree, a column has another type, or a candle is there twice.
"""
import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

MS = pa.timestamp("ms", tz="UTC")
TYPES = {
    "symbol": pa.string(),
    "open_time": MS,
    "open": pa.float64(),
    "high": pa.float64(),
    "low": pa.float64(),
    "close": pa.float64(),
    "volume": pa.float64(),
    "quote_volume": pa.float64(),
    "market_cap": pa.float64(),
    "source": pa.string(),
    "fetched_at": MS,
}
DUCK_TYPES = {
    name: "TIMESTAMP WITH TIME ZONE" if type_ == MS else "DOUBLE" if type_ == pa.float64() else "VARCHAR"
    for name, type_ in TYPES.items()
}
COLUMNS = ["interval", *TYPES]
KEY = slice(0, 3)


def with_pyarrow(folder):
    dataset = ds.dataset(str(folder), format="parquet", partitioning="hive", exclude_invalid_files=False)
    for fragment in dataset.get_fragments():
        schema = fragment.physical_schema
        found = dict(zip(schema.names, schema.types))
        if found != TYPES:
            wrong = {name: str(found.get(name)) for name in {*found, *TYPES} if found.get(name) != TYPES.get(name)}
            sys.exit(f"{fragment.path}: pyarrow sees other columns than promised: {wrong}")
    return rows_of(dataset.to_table(columns=COLUMNS), "pyarrow.dataset")


def rows_of(table, reader):
    symbol = table.schema.field("symbol").type
    if symbol != pa.string():
        sys.exit(f"{reader} sees symbols as {symbol}")
    table = table.select(COLUMNS)
    for name in ("open_time", "fetched_at"):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).cast(pa.int64()))
    return sorted(zip(*(table.column(name).to_pylist() for name in COLUMNS)), key=lambda row: row[KEY])


def with_parquet_table(folder):
    return rows_of(pq.read_table(str(folder)), "pyarrow.parquet")


def with_pandas(folder):
    frame = pd.read_parquet(str(folder))
    if not all(isinstance(symbol, str) for symbol in frame["symbol"]):
        sys.exit("pandas sees symbols that are not text")
    values = {}
    for name in COLUMNS:
        column = frame[name]
        if TYPES.get(name) == MS:
            column = column.astype("datetime64[ms, UTC]").astype("int64")
        # A missing number is NaN in pandas.
        values[name] = [None if value != value else value for value in column.tolist()]
    return sorted(zip(*values.values()), key=lambda row: row[KEY])


def with_polars(folder):
    return polars_rows(pl.read_parquet(folder))


def with_polars_scan(folder):
    return polars_rows(pl.scan_parquet(folder / "**" / "*.parquet", hive_partitioning=True).collect())


def polars_rows(frame):
    if frame.schema["symbol"] != pl.String:
        sys.exit(f"Polars sees symbols as {frame.schema['symbol']}")
    times = [pl.col(name).dt.epoch("ms") for name, type_ in TYPES.items() if type_ == MS]
    return sorted(frame.select(COLUMNS).with_columns(times).rows(), key=lambda row: row[KEY])


def check_spark_rules(folder):
    """Spark takes each folder's name=value as a column, wants the same names everywhere, and lets them win over a file's columns."""
    names = set()
    for file in folder.rglob("*.parquet"):
        parts = file.relative_to(folder).parts[:-1]
        plain = [part for part in parts if "=" not in part]
        if plain:
            sys.exit(f"{file}: Spark does not read below the folder {plain[0]}")
        names.add(tuple(part.split("=")[0] for part in parts))
    if len(names) > 1:
        sys.exit(f"Spark reads no folder with several structures: {sorted(names)}")
    hidden = {name for parts in names for name in parts} & set(TYPES)
    if hidden:
        sys.exit(f"Spark takes {hidden} from the names of folders, of whatever type they look like")


def with_duckdb(folder):
    con = duckdb.connect()
    # Promised of a plain glob over the store, so it is asked like that.
    source = "'" + str(folder / "**" / "*.parquet").replace("'", "''") + "'"
    seen = {name: type_ for name, type_, *_ in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    wrong = {name: seen.get(name) for name in TYPES if seen.get(name) != DUCK_TYPES[name]}
    if wrong:
        sys.exit(f"DuckDB sees other types than promised: {wrong}")
    columns = ", ".join(f"epoch_ms({name})" if type_ == MS else f'"{name}"' for name, type_ in TYPES.items())
    rows = con.execute(f'SELECT "interval"::VARCHAR, {columns} FROM {source}').fetchall()
    return sorted(rows, key=lambda row: row[KEY])


READERS = {
    "pyarrow.parquet": with_parquet_table,
    "pandas": with_pandas,
    "Polars": with_polars,
    "Polars' scan": with_polars_scan,
    "DuckDB": with_duckdb,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--summary", action="store_true", help="counts by interval and symbol")
    args = parser.parse_args()
    folder = args.store / "data" / "candles"
    if not any(folder.rglob("*.parquet")):
        sys.exit(f"{folder} holds no candle files")
    rows = with_pyarrow(folder)
    check_spark_rules(folder)
    for name, read in READERS.items():
        other = read(folder)
        if rows != other:
            first = next((pair for pair in zip(rows, other) if pair[0] != pair[1]), (f"{len(rows)} rows", f"{len(other)} rows"))
            sys.exit(f"pyarrow and {name} disagree: {first[0]} and {first[1]}")
    keys = Counter(row[KEY] for row in rows)
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        sys.exit(f"{len(twice)} candles are there more than once, the first: {twice[0]}")
    if args.summary:
        counts = Counter((row[0], row[1]) for row in rows)
        print(json.dumps({"rows": len(rows), "series": [{"interval": i, "symbol": s, "rows": n} for (i, s), n in sorted(counts.items())]}))
        return
    for row in rows:
        print(json.dumps(dict(zip(COLUMNS, row))))


if __name__ == "__main__":
    main()
