/* How the values of features are written for people. */

function withMinus(text: string): string {
  return text.replace("-", "−");
}

function signed(text: string, value: number): string {
  return withMinus(value > 0 ? `+${text}` : text);
}

/** 2 decimals below 10, none from there on. */
export function showNumber(value: number): string {
  return withMinus(value.toFixed(Math.abs(value) < 10 ? 2 : 0));
}

export function showSigned(value: number): string {
  return signed(showNumber(value), value);
}

/** A share as a percentage: 0.5 is 50.00 %. */
export function showShare(value: number): string {
  return withMinus(`${(100 * value).toFixed(2)} %`);
}

/** A relative change as a percentage with its sign: 0.5 is +50.00 %. */
export function showChange(value: number): string {
  return signed(`${(100 * value).toFixed(2)} %`, value);
}

/** A change that is already in percent. */
export function showPercent(value: number): string {
  return signed(`${value.toFixed(2)} %`, value);
}

/** The logarithm of a change, as {@link showChange}. */
export function showLogChange(value: number): string {
  return showChange(Math.expm1(value));
}

/** The logarithm of a ratio: ln 2 is 2.00×. */
export function showLogRatio(value: number): string {
  return `${Math.exp(value).toFixed(2)}×`;
}

export function showDeviations(value: number): string {
  return signed(`${value.toFixed(2)} deviations`, value);
}
