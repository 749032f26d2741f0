"""Prints a coin's prediction and how earlier forecasts came out: python main.py http://127.0.0.1:8000 HET"""

import sys
from collections.abc import Iterator
from datetime import datetime
from statistics import fmean

from candlecast_client import Client
from candlecast_client.api.predictions import get_history, get_prediction
from candlecast_client.models import HistoryRowsItem, Problem
from candlecast_client.types import UNSET


def main(address: str = "http://127.0.0.1:8000", symbol: str = "HET") -> None:
    with Client(base_url=address) as client:
        print_prediction(client, symbol)
        print_history(client, symbol)


def walk_history(client: Client, symbol: str) -> Iterator[list[HistoryRowsItem]]:
    """Every row of the coin's history, newest page first: `next` of one page is `before` of the following one."""
    before = UNSET
    while before is not None:
        page = known(get_history.sync(symbol, client=client, limit=500, before=before))
        yield page.rows
        before = page.next_


def print_prediction(client: Client, symbol: str) -> None:
    answer = known(get_prediction.sync(symbol, client=client))
    served = answer.prediction
    print(f"{answer.symbol} closed at {answer.as_of_candle.close:.2f} on {minute(answer.as_of_candle.close_time)}.")
    if served.price is None:
        print(f"No forecast: {', '.join(reason.value for reason in served.reasons)}.")
        return
    print(f"Forecast for {minute(answer.target_candle.close_time)}: {served.price:.2f} by {served.served_by} ({served.label}).")
    if served.interval is not None:
        coverage, lower, upper = served.interval.coverage, served.interval.lower, served.interval.upper
        print(f"With {100 * coverage:.0f} % probability between {lower:.2f} and {upper:.2f}.")


def print_history(client: Client, symbol: str) -> None:
    rows = [row for page in reversed(list(walk_history(client, symbol))) for row in page]
    print(f"{len({row.open_time for row in rows})} candles since {minute(rows[0].open_time)}.")
    scored = [row for row in rows if row.task == "regression" and row.error is not None]
    if not scored:
        print("No forecast was scored yet.")
        return
    missed = fmean(abs(row.error) for row in scored)
    baseline = fmean(abs(row.actual_log_return - row.baseline_log_return) for row in scored)
    print(f"{len(scored)} forecasts: mean absolute error {missed:.4f}, of the baseline {baseline:.4f}.")
    intervals = [row for row in scored if row.within_interval is not None]
    if intervals:
        within = fmean(100 if row.within_interval else 0 for row in intervals)
        print(f"{within:.1f} % of {len(intervals)} closes lay within the interval.")


def known(answer):
    """The answer, unless it is a problem. Its type tells programs what is wrong; its detail tells people."""
    if isinstance(answer, Problem):
        raise SystemExit(answer.detail)
    if answer is None:
        raise SystemExit("the API answered something that its reference doesn't describe")
    return answer


def minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


if __name__ == "__main__":
    main(*sys.argv[1:])
