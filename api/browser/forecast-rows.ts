import { decodeModel } from "../../core/models/file/model-file.ts";
import { predictModel } from "../../core/models/predict-model.ts";
import { forecastOf, forecastScale, priceAfter } from "../../core/serving/forecast.ts";
import { isClassifier } from "../../core/vocabulary/model-names.ts";
import { decodeFeatures } from "../../storage/feature-files/feature-files.ts";

/**
 * What a model forecasts from the newest rows of a feature file: prices, or a classifier's probabilities.
 *
 * @param rows how many
 * @returns as many values, oldest first; NaN where the volatility is unknown
 */
export function forecastRows(modelFile: Uint8Array, featureFile: Uint8Array, rows: number): Float64Array {
  const model = decodeModel(modelFile);
  const matrix = decodeFeatures(featureFile);
  const first = matrix.openTime.length - rows;
  const classifies = isClassifier(model.algorithm);
  return Float64Array.from({ length: rows }, (_, i) => {
    const output = predictModel(model, matrix, first + i);
    if (classifies) return output;
    return priceAfter(
      matrix.close[first + i],
      forecastOf("regression", output, forecastScale(matrix.volatility[first + i], model.horizon)),
    );
  });
}
