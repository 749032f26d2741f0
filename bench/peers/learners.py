"""The peers' side of bench/learners.ts: learners.py FOLDER boosting|forest SETTINGS-AS-JSON."""

import json
import pathlib
import sys

import lightgbm
import numpy as np
from measure import measure, report
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestRegressor

PREDICTED_ROWS = 1_000
# The exact greedy one takes minutes on more rows than this, and no goal is set against it there.
MOST_ROWS_OF_EXACT_BOOSTING = 20_000


def read(folder):
    shape = json.loads((folder / "shape.json").read_text())
    rows = shape["train"] + shape["test"]
    columns = np.fromfile(folder / "x.f64").reshape(shape["features"], rows)
    return shape["train"], np.ascontiguousarray(columns.T), np.fromfile(folder / "y.f64")


def boosting(s, rows):
    if rows <= MOST_ROWS_OF_EXACT_BOOSTING:
        yield "scikit-learn GradientBoosting", lambda: GradientBoostingRegressor(
            n_estimators=s["trees"],
            max_depth=s["maxDepth"],
            learning_rate=s["learningRate"],
            min_samples_leaf=s["minLeafRows"],
        )
    yield "scikit-learn HistGradientBoosting", lambda: HistGradientBoostingRegressor(
        max_iter=s["trees"],
        max_leaf_nodes=s["leaves"],
        max_depth=s["maxDepth"],
        learning_rate=s["learningRate"],
        min_samples_leaf=s["minLeafRows"],
        l2_regularization=s["l2"],
        early_stopping=False,
    )
    yield "LightGBM", lambda: lightgbm.LGBMRegressor(
        n_estimators=s["trees"],
        num_leaves=s["leaves"],
        max_depth=s["maxDepth"],
        learning_rate=s["learningRate"],
        min_child_samples=s["minLeafRows"],
        reg_lambda=s["l2"],
        n_jobs=1,
        verbose=-1,
    )


def forest(s, rows):
    yield "scikit-learn RandomForest", lambda: RandomForestRegressor(
        n_estimators=s["trees"],
        max_depth=s["maxDepth"],
        min_weight_fraction_leaf=s["minLeafRows"] / rows,
        max_features=round(s["featureShare"] * 47),
        random_state=1,
        n_jobs=1,
    )


folder, learner, settings = pathlib.Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
train, x, y = read(folder)
for who, create in {"boosting": boosting, "forest": forest}[learner](settings, train):
    model, timing = measure(lambda: create().fit(x[:train], y[:train]))
    error = float(np.sqrt(np.mean((model.predict(x[train:]) - y[train:]) ** 2)))
    report(task="fit", who=who, error=error, **timing)
    rows = np.ascontiguousarray(x[train : train + PREDICTED_ROWS])
    _, timing = measure(lambda: model.predict(rows), least=50, least_seconds=0.5)
    report(task="predict", who=who, **timing)
