"""The peers' side of bench/ours/learners.ts: learners.py FOLDER WHO fit|predict ERRORS-FILE SETTINGS-AS-JSON."""

import json
import pathlib
import sys

import lightgbm
import numpy as np
from serve import serve
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestRegressor


def read(folder):
    shape = json.loads((folder / "shape.json").read_text())
    rows = shape["train"] + shape["test"]
    columns = np.fromfile(folder / "x.f64").reshape(shape["features"], rows)
    return shape["train"], np.ascontiguousarray(columns.T), np.fromfile(folder / "y.f64")


def create(who, s, rows, features):
    match who:
        case "GradientBoosting":
            return GradientBoostingRegressor(
                n_estimators=s["trees"],
                max_depth=s["maxDepth"],
                learning_rate=s["learningRate"],
                min_samples_leaf=s["minLeafRows"],
            )
        case "HistGradientBoosting":
            return HistGradientBoostingRegressor(
                max_iter=s["trees"],
                max_leaf_nodes=s["leaves"],
                max_depth=s["maxDepth"],
                learning_rate=s["learningRate"],
                min_samples_leaf=s["minLeafRows"],
                l2_regularization=s["l2"],
                early_stopping=False,
            )
        case "LightGBM":
            return lightgbm.LGBMRegressor(
                n_estimators=s["trees"],
                num_leaves=s["leaves"],
                max_depth=s["maxDepth"],
                learning_rate=s["learningRate"],
                min_child_samples=s["minLeafRows"],
                reg_lambda=s["l2"],
                n_jobs=1,
                verbose=-1,
            )
        case "RandomForest":
            return RandomForestRegressor(
                n_estimators=s["trees"],
                max_depth=s["maxDepth"],
                min_weight_fraction_leaf=s["minLeafRows"] / rows,
                max_features=round(s["featureShare"] * features),
                random_state=1,
                n_jobs=1,
            )


folder, who, task, errors_file = pathlib.Path(sys.argv[1]), *sys.argv[2:5]
settings = json.loads(sys.argv[5])
train, x, y = read(folder)
model = create(who, settings, train, x.shape[1]).fit(x[:train], y[:train])


def fit():
    global model
    model = create(who, settings, train, x.shape[1]).fit(x[:train], y[:train])


def write_errors():
    ((model.predict(x[train:]) - y[train:]) ** 2).tofile(errors_file)


if task == "fit":
    serve(fit, finish=write_errors)
else:
    rows = np.ascontiguousarray(x[train : train + settings["predictedRows"]])
    serve(lambda: model.predict(rows), times=settings["predictions"], finish=write_errors)
