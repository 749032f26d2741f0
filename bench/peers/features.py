"""The features of core/features in pandas and numpy: features.py FOLDER TIMES."""

import json
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

# windows without any known value have a median of NaN, which is what is wanted
warnings.filterwarnings("ignore", category=RuntimeWarning)

COLUMNS = ["openTime", "open", "high", "low", "close", "volume", "marketCap"]
NORMAL_CONSISTENCY = 1.4826022185056018


def read_coins(folder):
    for coin in json.loads((folder / "coins.json").read_text()):
        values = np.fromfile(folder / f"{coin['symbol']}.f64").reshape(len(COLUMNS), coin["length"])
        yield coin["symbol"], pd.DataFrame(dict(zip(COLUMNS, values)))


def windows(values, period, reduce):
    """`reduce` over the last `period` values, NaN before there are as many"""
    out = np.full(len(values), np.nan)
    if len(values) >= period:
        out[period - 1 :] = reduce(sliding_window_view(np.asarray(values), period))
    return pd.Series(out)


def seeded(values, first, period, alpha):
    """An exponential average that begins, `period` values after row `first`, with their simple average"""
    start = first + period - 1
    if len(values) <= start:
        return pd.Series(np.full(len(values), np.nan))
    tail = values.to_numpy()[start:].copy()
    tail[0] = values.to_numpy()[first : start + 1].mean()
    return pd.Series(tail, index=values.index[start:]).ewm(alpha=alpha, adjust=False).mean().reindex(values.index)


def ema(values, span, first=0):
    return seeded(values, first, span, 2 / (span + 1))


def wilder(values, period, first=1):
    return seeded(values, first, period, 1 / period)


def wma(values, period):
    weights = np.arange(1, period + 1) / (period * (period + 1) / 2)
    return windows(values, period, lambda window: window @ weights)


def hull(close, period):
    return wma(2 * wma(close, period // 2) - wma(close, period), round(period**0.5))


def log_change(values, lag):
    usable = values.where((values > 0) & np.isfinite(values))
    return np.log(usable / usable.shift(lag))


def rsi(close, period):
    change = close.diff()
    gain = wilder(change.clip(lower=0), period)
    loss = wilder((-change).clip(lower=0), period)
    return (100 * gain / (gain + loss)).where(gain + loss > 0)


def robust_z(values, period):
    def reduce(window):
        median = np.median(window, axis=1)
        deviation = np.median(np.abs(window - median[:, None]), axis=1)
        largest = np.abs(window).max(axis=1)
        z = (window[:, -1] - median) / (NORMAL_CONSISTENCY * deviation)
        return np.where(deviation > 1e-12 * largest, z, np.nan)

    return windows(values, period, reduce)


def finite(values):
    return values.where(np.isfinite(values))


def ewm_volatility(close, returns, span=20):
    variance = (returns**2).ewm(span=span, adjust=True, ignore_na=True).mean()
    moved = (returns != 0).rolling(span, min_periods=1).max() > 0
    return np.sqrt(variance).where(moved & (np.arange(len(close)) >= span) & returns.notna())


def compute_features(candles):
    """One column a feature, in the order of core/features, and the volatility that targets are divided by."""
    time, open_, high, low, close, volume, market_cap = (candles[name] for name in COLUMNS)
    returns = log_change(close, 1)
    volatility = ewm_volatility(close, returns)
    f = {}

    def add_with_scaled(name, values):
        f[name] = values
        f[f"{name}_in_volatilities"] = finite(values / volatility)

    for span in (10, 20, 50, 100):
        f[f"sma_ratio_{span}_in_volatilities"] = finite((close / close.rolling(span).mean() - 1) / volatility)
    for span in (12, 26):
        f[f"ema_ratio_{span}_in_volatilities"] = finite((close / ema(close, span) - 1) / volatility)
    for span in (9, 21, 55):
        average = hull(close, span)
        f[f"hull_ratio_{span}_in_volatilities"] = finite((close / average - 1).where(average > 0) / volatility)

    before = close.shift(1)
    true_range = np.maximum(high, before) - np.minimum(low, before)
    up, down = high.diff(), -low.diff()
    span = wilder(true_range, 14)
    plus = wilder(up.where((up > down) & (up > 0), 0.0), 14)
    minus = wilder(down.where((down > up) & (down > 0), 0.0), 14)
    dx = (100 * (plus - minus).abs() / (plus + minus)).where(plus + minus > 0).dropna()
    f["adx_14"] = wilder(dx, 14, first=0).reindex(close.index)
    f["plus_di_14"] = (100 * plus / span).where(span > 0)
    f["minus_di_14"] = (100 * minus / span).where(span > 0)
    add_with_scaled("drawdown_90", close / close.rolling(90).max() - 1)
    f["price_robust_z_61"] = robust_z(np.log(close / close[0]), 61)

    for period in (7, 14):
        f[f"rsi_{period}"] = rsi(close, period)
    line = ema(close, 12) - ema(close, 26)
    signal = ema(line, 9, first=25)
    add_with_scaled("macd_line", line / close)
    add_with_scaled("macd_signal", signal / close)
    add_with_scaled("macd_histogram", (line - signal) / close)
    top, bottom = high.rolling(14).max(), low.rolling(14).min()
    k = (100 * (close - bottom) / (top - bottom)).where(top > bottom)
    f["stochastic_k_14"] = k
    f["stochastic_d_14"] = k.rolling(3).mean()
    top, bottom = high.rolling(28).max(), low.rolling(28).min()
    f["williams_r_28"] = (-100 * (top - close) / (top - bottom)).where(top > bottom)
    typical = (high + low + close) / 3
    average = typical.rolling(20).mean()
    spread = windows(typical, 20, lambda window: np.abs(window - window.mean(axis=1)[:, None]).mean(axis=1))
    flat = typical.rolling(20).max() == typical.rolling(20).min()
    f["cci_20"] = ((typical - average) / (0.015 * spread)).where(~flat)
    f["roc_12"] = 100 * (close / close.shift(12) - 1)
    f["momentum_10"] = finite((close - close.shift(10)) / span)

    f["obv_robust_z_61"] = robust_z((np.sign(close.diff()).fillna(0) * volume).cumsum(), 61)
    f["volume_momentum_10"] = log_change(volume, 10)
    mean_volume = volume.rolling(20).mean()
    f["volume_ratio_20"] = np.log((volume / mean_volume).where((volume > 0) & (mean_volume > 0)))
    for lag in (1, 7):
        f[f"market_cap_change_{lag}"] = log_change(market_cap, lag)

    squares = returns**2
    long, short = np.sqrt(squares.rolling(60).mean()), np.sqrt(squares.rolling(10).mean())
    f["volatility_ewm_20"] = volatility
    f["volatility_60"] = long
    f["volatility_ratio_10_60"] = np.log((short / long).where((short > 0) & (long > 0)))
    ranges = np.log(high / low) ** 2
    f["parkinson_10"] = np.sqrt(ranges.rolling(10).mean() / (4 * np.log(2)))
    f["atr_ratio_14"] = span / close
    middle = close.rolling(20).mean()
    band = close.rolling(20).std(ddof=0)
    flat = close.rolling(20).max() == close.rolling(20).min()
    f["bollinger_percent_b_20"] = ((close - middle + 2 * band) / (4 * band)).where(~flat)
    f["bollinger_width_20"] = (4 * band / middle).where(~flat, 0.0).where(middle.notna())

    for lag in (1, 2, 3, 5, 10, 20):
        f[f"log_return_{lag}"] = log_change(close, lag)
    for lag in (1, 2, 3, 5, 10, 20):
        f[f"scaled_return_{lag}"] = f[f"log_return_{lag}"] / (volatility * np.sqrt(lag))
    add_with_scaled("candle_body", (close - open_) / close)
    add_with_scaled("upper_shadow", (high - np.maximum(open_, close)).clip(lower=0) / close)
    add_with_scaled("lower_shadow", (np.minimum(open_, close) - low).clip(lower=0) / close)
    angle = 2 * np.pi * ((np.floor(time / 86_400_000) + 4) % 7) / 7
    f["day_of_week_sin"] = np.sin(angle)
    f["day_of_week_cos"] = np.cos(angle)
    return pd.DataFrame(f), volatility


if __name__ == "__main__":
    from serve import serve

    folder, times = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    ((_, candles),) = read_coins(folder)

    def finish():
        names = json.loads((folder / "names.json").read_text())
        table, _ = compute_features(candles)
        assert list(table.columns) == names, (list(table.columns), names)
        table.to_numpy().T.copy().tofile(folder / "features-pandas.f64")

    serve(lambda: compute_features(candles), times=times, finish=finish)
