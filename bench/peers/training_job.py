"""The whole training job in pandas, scikit-learn, LightGBM and joblib, on all cores: training_job.py FOLDER JOB-AS-JSON.

The job says scope, settings per algorithm, which library boosts, and what each group's pool looks like (its coins and
folds), so that rows and folds are the same. Each fit's errors go to FOLDER/errors-peers-<algorithm>.f64, in the order of
groups and folds.
"""

import functools
import json
import pathlib
import sys
import warnings

import joblib
import numpy as np
from features import compute_features, read_coins
from joblib.externals.loky import get_reusable_executor
from lightgbm import LGBMRegressor
from serve import cpu_seconds, serve
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge

warnings.filterwarnings("ignore", category=UserWarning)
DAY_MS = 86_400_000
MIN_KNOWN_SHARE = 0.5


def assemble(tables, coins):
    """Rows of some coins with a known target, ordered by time, then coin: features, returns, scales, times."""
    parts = []
    for number, coin in enumerate(coins):
        features, volatility, candles = tables[coin]
        time, close = candles["openTime"].to_numpy(), candles["close"].to_numpy()
        later = np.minimum(np.searchsorted(time, time + DAY_MS), len(time) - 1)
        actual = np.where(time[later] == time + DAY_MS, np.log(close[later] / close), np.nan)
        x = features.to_numpy()
        scale = volatility.to_numpy()
        known = (~np.isnan(x)).sum(axis=1) >= MIN_KNOWN_SHARE * x.shape[1]
        usable = (scale > 0) & ~np.isnan(actual) & known
        parts.append((x[usable], actual[usable], scale[usable], time[usable], np.full(usable.sum(), number)))
    x, actual, scale, time, number = (np.concatenate(columns) for columns in zip(*parts))
    order = np.lexsort((number, time))
    return x[order], actual[order], scale[order], time[order]


def standardise(x, quantile):
    """Winsorised means and deviations of a training part; missing values become the mean, 0."""
    lower, upper = np.nanquantile(x, [quantile, 1 - quantile], axis=0)
    clipped = np.clip(x, lower, upper)
    mean, deviation = np.nanmean(clipped, axis=0), np.nanstd(clipped, axis=0)
    inverse = np.divide(1, deviation, out=np.zeros_like(deviation), where=deviation > 1e-12)
    return functools.partial(rescale, lower, upper, mean, inverse)


def rescale(lower, upper, mean, inverse, rows):
    return np.nan_to_num((np.clip(rows, lower, upper) - mean) * inverse)


class Linear:
    """Ridge or logistic regression whose penalty an inner walk-forward chooses."""

    def __init__(self, settings, create, loss):
        self.settings, self.create, self.loss = settings, create, loss

    def fit(self, x, y, weight):
        penalties = self.settings["penalties"]
        losses = np.zeros(len(penalties))
        rows = len(y)
        start, gap = round(rows * 0.5), int(np.ceil(rows * 0.01))
        for i in range(3):
            test_from, test_to = round(start + i * (rows - start) / 3), round(start + (i + 1) * (rows - start) / 3)
            train_to = max(1, test_from - gap)
            scale = standardise(x[:train_to], self.settings["winsorQuantile"])
            train, test = scale(x[:train_to]), scale(x[test_from:test_to])
            part = None if weight is None else weight[:train_to]
            for p, penalty in enumerate(penalties):
                model = self.create(penalty * (train_to if part is None else part.sum())).fit(train, y[:train_to], part)
                losses[p] += self.loss(model, test, y[test_from:test_to])
        self.scale = standardise(x, self.settings["winsorQuantile"])
        # weights are 1 on average
        self.model = self.create(penalties[int(np.argmin(losses))] * rows).fit(self.scale(x), y, weight)
        return self

    def predict(self, x):
        return self.model.predict(self.scale(x))

    def predict_proba(self, x):
        return self.model.predict_proba(self.scale(x))


class Filled:
    """scikit-learn's GradientBoosting takes no missing values: they get the training part's median."""

    def __init__(self, model):
        self.model = model

    def fit(self, x, y, weight):
        self.medians = np.nan_to_num(np.nanmedian(x, axis=0))
        self.model.fit(self.fill(x), y, weight)
        return self

    def predict(self, x):
        return self.model.predict(self.fill(x))

    def fill(self, x):
        return np.where(np.isnan(x), self.medians, x)


class Calibrated:
    """A classifier that is trusted half of the way to the slope of an inner fit's forecasts of the newest third."""

    def __init__(self, model, inner):
        self.model, self.inner = model, inner

    def fit(self, x, y, weight):
        rows = len(y)
        test_from = round(rows * 2 / 3)
        train_to = max(1, test_from - int(np.ceil(rows * 0.01)))
        part = None if weight is None else weight[:train_to]
        prior = np.average(y[:train_to], weights=part)
        deviation = self.inner.fit(x[:train_to], y[:train_to], part).predict_proba(x[test_from:])[:, 1] - prior
        outcome = y[test_from:] - prior
        squares = (deviation**2).sum()
        slope = (deviation * outcome).sum() / squares if squares > 0 else 1
        self.trust = min(max((1 + slope) / 2, 0), 1)
        self.prior = np.average(y, weights=weight)
        self.model.fit(x, y, weight)
        return self

    def predict_proba(self, x):
        up = self.prior + self.trust * (self.model.predict_proba(x)[:, 1] - self.prior)
        return np.column_stack([1 - up, up])


def squared_loss(model, x, y):
    return ((model.predict(x) - y) ** 2).sum()


def log_loss(model, x, y):
    z = model.decision_function(x)
    return np.logaddexp(0, np.where(y > 0, -z, z)).sum()


def create_model(algorithm, s, rows, features, boosting):
    match algorithm:
        case "gradient_boosting" if boosting == "LightGBM":
            return LGBMRegressor(
                n_estimators=s["trees"],
                num_leaves=s["leaves"],
                learning_rate=s["learningRate"],
                min_child_samples=min(s["minLeafRows"], round(rows * s["rowShare"] / 4)),
                subsample=s["rowShare"],
                subsample_freq=1,
                colsample_bytree=s["featureShare"],
                reg_lambda=s["l2"],
                random_state=1,
                n_jobs=1,
                verbose=-1,
            )
        case "gradient_boosting":
            return Filled(
                GradientBoostingRegressor(
                    n_estimators=s["trees"],
                    max_leaf_nodes=s["leaves"],
                    max_depth=None,
                    learning_rate=s["learningRate"],
                    min_samples_leaf=min(s["minLeafRows"], max(1, int(rows * s["rowShare"] / 4))),
                    subsample=s["rowShare"],
                    max_features=s["featureShare"],
                    random_state=1,
                )
            )
        case "random_forest":
            return create_forest(RandomForestRegressor, s, s["trees"], rows, features)
        case "random_forest_classifier":
            # the inner fit learns from two thirds of the rows, less the gap before those that it forecasts
            inner_rows = round(rows * 2 / 3) - int(np.ceil(rows * 0.01))
            return Calibrated(
                create_forest(RandomForestClassifier, s, s["trees"], rows, features),
                create_forest(RandomForestClassifier, s, s["calibrationTrees"], inner_rows, features),
            )
        case "linear_regression":
            return Linear(s, create_ridge, squared_loss)
        case "logistic_regression":
            return Linear(s, create_logistic, log_loss)


def create_ridge(penalty):
    return Ridge(alpha=penalty, solver="cholesky")


def create_logistic(penalty):
    return LogisticRegression(C=4 / penalty, solver="newton-cholesky", tol=1e-6)


def create_forest(kind, s, trees, rows, features):
    return kind(
        n_estimators=trees,
        max_depth=s["maxDepth"],
        min_weight_fraction_leaf=min(s["minLeafRows"] / rows, 0.25),
        max_features=max(1, round(s["featureShare"] * features)),
        random_state=1,
        n_jobs=1,
    )


def weigh(time, settings):
    """A row a half-life older counts half; 1 on average. None: all count the same."""
    if "halfLifeDays" not in settings:
        return None
    weight = 0.5 ** ((time[-1] - time) / DAY_MS / settings["halfLifeDays"])
    return weight / weight.mean()


def is_classifier(algorithm):
    return algorithm in ("logistic_regression", "random_forest_classifier")


def targets(pool, algorithm, job):
    """What is learned, and what predictions are compared with, both in units of the scale."""
    _, actual, scale, _ = pool
    scaled = actual / scale
    if is_classifier(algorithm):
        return (scaled > 0).astype(int), (scaled > 0).astype(int)
    return np.clip(scaled, -job["clip"], job["clip"]), scaled


def fit_model(pool, train_to, algorithm, job):
    x, _, _, time = pool
    settings = job["settings"][algorithm]
    target, _ = targets(pool, algorithm, job)
    learned = target[:train_to] if is_classifier(algorithm) else target[:train_to] - target[:train_to].mean()
    model = create_model(algorithm, settings, train_to, x.shape[1], job["boosting"])
    model.fit(x[:train_to], learned, weigh(time[:train_to], settings))
    return model


def fit_one(pool, fold, algorithm, job):
    """Squared errors of a fold's test rows, in units of the scale; of the final fit (no fold) nothing."""
    train_to, test_from, test_to = fold if fold else (len(pool[1]), 0, 0)
    model = fit_model(pool, train_to, algorithm, job)
    if not fold:
        return None
    test = pool[0][test_from:test_to]
    prediction = model.predict_proba(test)[:, 1] if is_classifier(algorithm) else model.predict(test)
    return (prediction - targets(pool, algorithm, job)[1][test_from:test_to]) ** 2


def plan_tasks(job):
    """Each algorithm once per group and fold, and once on all rows (no fold); the longest first."""
    tasks = [
        (group, fold, algorithm)
        for algorithm in job["algorithms"]
        for group in range(len(job["groups"]))
        for fold in [*job["groups"][group]["folds"], None]
    ]
    return sorted(tasks, key=lambda task: -(task[1] or [job["groups"][task[0]]["rows"]])[0])


def assemble_groups(candles, computed, job):
    tables = {coin: (*result, candles[coin]) for coin, result in zip(candles, computed)}
    pools = [assemble(tables, group["coins"]) for group in job["groups"]]
    for pool, group in zip(pools, job["groups"]):
        assert len(pool[1]) == group["rows"], (group["coins"][:3], len(pool[1]), group["rows"])
    return pools


def main():
    folder, job = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
    candles = dict(read_coins(folder))
    tasks = plan_tasks(job)
    errors = []

    def run():
        with joblib.Parallel(n_jobs=job["threads"]) as parallel:
            computed = parallel(joblib.delayed(compute_features)(table) for table in candles.values())
            pools = assemble_groups(candles, computed, job)
            errors[:] = parallel(joblib.delayed(fit_one)(pools[g], fold, algorithm, job) for g, fold, algorithm in tasks)

    def write_errors():
        by_task = {(g, None if fold is None else tuple(fold), a): e for (g, fold, a), e in zip(tasks, errors)}
        for algorithm in job["algorithms"]:
            parts = [by_task[(g, tuple(fold), algorithm)] for g in range(len(job["groups"])) for fold in job["groups"][g]["folds"]]
            np.concatenate(parts).tofile(folder / f"errors-peers-{algorithm}.f64")

    serve(run, finish=write_errors, cpu=cpu_seconds)
    get_reusable_executor().shutdown(wait=True)


if __name__ == "__main__":
    main()
