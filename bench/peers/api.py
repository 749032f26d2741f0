"""The service that is usually built for this: FastAPI on uvicorn, with five scikit-learn models: api.py PORT FOLDER.

`GET /symbol/BTC` predicts from a stored row with all five models, as a service without a memory does; `POST /symbol/BTC/predict`
computes the features of the candles that are sent first. FOLDER has rows.f64, COLUMNS x n doubles, to fit the models on.
"""

import json
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
import uvicorn
from fastapi import FastAPI, Request
from features import compute_features
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
shape = json.loads((folder / "rows.json").read_text())
values = np.fromfile(folder / "rows.f64").reshape(shape["columns"] + 1, shape["rows"]).T
x, y = np.nan_to_num(values[:, :-1]), values[:, -1]
sizes = shape["trees"]
regressors = {
    "gradient_boosting": GradientBoostingRegressor(n_estimators=sizes["boosting"], max_depth=3, subsample=0.5),
    "linear_regression": make_pipeline(StandardScaler(), Ridge(100)),
    "random_forest": RandomForestRegressor(n_estimators=sizes["forest"], min_samples_leaf=20, n_jobs=1),
}
classifiers = {
    "logistic_regression": make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1_000)),
    "random_forest_classifier": RandomForestClassifier(n_estimators=sizes["forest"], min_samples_leaf=20, n_jobs=1),
}
for model in regressors.values():
    model.fit(x, y)
for model in classifiers.values():
    model.fit(x, y > 0)
newest = x[-1:]
app = FastAPI()


def predict(row, close, volatility):
    returns = {name: float(model.predict(row)[0]) * volatility for name, model in regressors.items()}
    chances = {name: float(model.predict_proba(row)[0, 1]) for name, model in classifiers.items()}
    ensemble = sum(returns.values()) / len(returns)
    return {
        "symbol": "BTC",
        "close": close,
        "prediction": {"price": close * float(np.exp(ensemble)), "log_return": ensemble},
        "models": [{"name": name, "log_return": value, "price": close * float(np.exp(value))} for name, value in returns.items()]
        + [{"name": name, "probability_up": value} for name, value in chances.items()],
    }


@app.get("/symbol/BTC")
def symbol():
    return predict(newest, 28_000.0, 0.03)


@app.post("/symbol/BTC/predict")
async def predict_candles(request: Request):
    body = await request.json()
    candles = pd.DataFrame(body["candles"]).rename(columns={"open_time": "openTime", "market_cap": "marketCap"})
    if "marketCap" not in candles:
        candles["marketCap"] = np.nan
    features, volatility = compute_features(candles)
    row = np.nan_to_num(features.to_numpy()[-1:])
    return predict(row[:, : x.shape[1]], float(candles["close"].iloc[-1]), float(volatility.iloc[-1]))


print(json.dumps({"ready": True}), flush=True)
uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
