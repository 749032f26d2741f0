"""The whole run in pandas, scikit-learn and joblib, as a command: whole_job.py MARKET_URL AS_OF FOLDER JOB.json

It fetches the coins' daily candles by Binance's API, computes the features, fits each group's algorithms on each fold and on all
rows, on all cores, and writes models and errors into the folder. The job is as in training_job.py.
"""

import json
import pathlib
import sys
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import joblib
import numpy as np
import pandas as pd
from features import COLUMNS, compute_features
from training_job import DAY_MS, assemble_groups, fit_model, fit_one, plan_tasks

PAGE = 1_000
# as many at once as candlecast asks for
AT_ONCE = 8


def fetch(url, symbol, as_of):
    """All candles that had closed, oldest first."""
    rows, start = [], 0
    while True:
        query = urllib.parse.urlencode({"symbol": f"{symbol}USDT", "interval": "1d", "startTime": start, "limit": PAGE})
        with urllib.request.urlopen(f"{url}/api/v3/klines?{query}") as answer:
            page = json.load(answer)
        rows += page
        if len(page) < PAGE:
            break
        start = page[-1][0] + DAY_MS
    table = pd.DataFrame([row[:6] for row in rows], columns=COLUMNS[:6]).astype(float)
    table["marketCap"] = np.nan
    return table[table["openTime"] + DAY_MS <= as_of].reset_index(drop=True)


def fit_and_save(pool, group, fold, algorithm, job, folder):
    """A fold's errors; the model of all rows is saved where it was fitted."""
    if fold:
        return fit_one(pool, fold, algorithm, job)
    model = fit_model(pool, len(pool[1]), algorithm, job)
    joblib.dump(model, folder / f"{'-'.join(job['groups'][group]['coins'])}-{algorithm}.joblib")
    return None


def main():
    url, as_of, folder, job = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), json.loads(pathlib.Path(sys.argv[4]).read_text())
    as_of_ms = datetime.fromisoformat(as_of).timestamp() * 1000
    coins = [coin for group in job["groups"] for coin in group["coins"]]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        candles = dict(zip(coins, threads.map(lambda coin: fetch(url, coin, as_of_ms), coins)))
    tasks = plan_tasks(job)
    with joblib.Parallel(n_jobs=job["threads"]) as parallel:
        computed = parallel(joblib.delayed(compute_features)(table) for table in candles.values())
        pools = assemble_groups(candles, computed, job)
        errors = parallel(joblib.delayed(fit_and_save)(pools[g], g, fold, algorithm, job, folder) for g, fold, algorithm in tasks)
    found = {}
    for (group, fold, algorithm), squared in zip(tasks, errors):
        if fold:
            found.setdefault(algorithm, []).extend(squared)
    rmse = {algorithm: float(np.sqrt(np.mean(squared))) for algorithm, squared in found.items()}
    (folder / "errors.json").write_text(json.dumps(rmse))


if __name__ == "__main__":
    main()
