"""Records what scikit-learn answers on public data sets, as fixtures of the tests in test/models/reference.

    "$(node scripts/bench-venv.mjs)" scripts/record-reference.py

Each fixture holds the data (rounded first, so that both sides see the same numbers), the settings in candlecast's words,
scikit-learn's answers and the versions that gave them.
"""

import json
import pathlib
import platform

import numpy as np
import sklearn
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import brier_score_loss, mean_squared_error
from sklearn.preprocessing import StandardScaler

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test" / "models" / "reference" / "fixtures"
VERSIONS = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
SEEDS = range(5)
# Each seed's figure on scikit-learn's side is itself a mean, so that its own luck stays far below the 1 % that is asked.
FOREST_REPEATS = 8
PENALTIES = [0.003, 0.1, 3]
BOOSTING = {"trees": 100, "leaves": 8, "learningRate": 0.1, "minLeafRows": 20, "rowShare": 1, "featureShare": 1, "l2": 1}
FOREST = {"trees": 300, "maxDepth": 8, "minLeafRows": 5, "featureShare": 0.5}


def significant(values, digits=5):
    return np.array([[float(f"{value:.{digits}g}") for value in row] for row in np.atleast_2d(values)])


# 798 rows leave 532 to learn from, of which no 255th is a whole number: numpy's quantiles round there, one row too far.
def data_sets():
    diabetes = datasets.load_diabetes(scaled=False)
    yield "diabetes", diabetes.data, diabetes.target, False
    yield "friedman1", *datasets.make_friedman1(798, noise=1.0, random_state=11), False
    yield "friedman2", *datasets.make_friedman2(798, noise=125.0, random_state=12), False
    yield "friedman3", *datasets.make_friedman3(798, noise=0.1, random_state=13), False
    cancer = datasets.load_breast_cancer()
    yield "breast-cancer", cancer.data, cancer.target, True


def coefficients(model):
    return {"intercept": float(np.ravel(model.intercept_)[0]), "weights": np.ravel(model.coef_).tolist()}


def linear_answers(x, y, classes):
    scaled, n = StandardScaler().fit_transform(x), len(y)
    if not classes:
        return [{"penalty": a, **coefficients(Ridge(alpha=a * n + 1e-9 * n).fit(scaled, y))} for a in PENALTIES]
    fits = ((a, LogisticRegression(C=1 / (a * n * 0.25 + 1e-9 * n), tol=1e-12, max_iter=1000, solver="newton-cholesky")) for a in PENALTIES)
    return [{"penalty": a, **coefficients(fit.fit(scaled, y))} for a, fit in fits]


def boosting_error(x, y, train, test):
    model = HistGradientBoostingRegressor(
        max_iter=BOOSTING["trees"],
        max_leaf_nodes=BOOSTING["leaves"],
        max_depth=None,
        learning_rate=BOOSTING["learningRate"],
        min_samples_leaf=BOOSTING["minLeafRows"],
        l2_regularization=BOOSTING["l2"],
        early_stopping=False,
    ).fit(x[train], y[train])
    return mean_squared_error(y[test], model.predict(x[test])) ** 0.5


def forest_error(x, y, train, test, classes, seed):
    # A leaf's least size is a weight here: bootstrap draws are counted as often as they were drawn.
    settings = dict(
        n_estimators=FOREST["trees"],
        max_depth=FOREST["maxDepth"],
        min_weight_fraction_leaf=FOREST["minLeafRows"] / len(train),
        max_features=FOREST["featureShare"],
        random_state=seed,
        n_jobs=-1,
    )
    if classes:
        model = RandomForestClassifier(**settings).fit(x[train], y[train])
        return brier_score_loss(y[test], model.predict_proba(x[test])[:, 1])
    model = RandomForestRegressor(**settings).fit(x[train], y[train])
    return mean_squared_error(y[test], model.predict(x[test])) ** 0.5


def record(name, x, y, classes):
    x, y = significant(x), significant(y)[0]
    splits = []
    for seed in SEEDS:
        order = np.random.default_rng(seed).permutation(len(y))
        test, train = np.sort(order[: len(y) // 3]), np.sort(order[len(y) // 3 :])
        forest = [forest_error(x, y, train, test, classes, 100 * seed + r) for r in range(FOREST_REPEATS)]
        split = {"seed": seed, "test": test.tolist(), "forest": float(np.mean(forest))}
        if not classes:
            split["boosting"] = boosting_error(x, y, train, test)
        splits.append(split)
    return {
        "name": name,
        "versions": VERSIONS,
        "classes": classes,
        "error": "Brier score" if classes else "RMSE",
        "settings": {"boosting": BOOSTING, "forest": FOREST},
        "linear": linear_answers(x, y, classes),
        "splits": splits,
        "target": y.tolist(),
        "columns": x.T.tolist(),
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, x, y, classes in data_sets():
        path = FOLDER / f"{name}.json"
        fixture = record(name, x, y, classes)
        path.write_text(",\n".join(json.dumps({key: value})[1:-1] for key, value in fixture.items()).join(["{", "}\n"]))
        print(path.name, path.stat().st_size, "bytes")


main()
