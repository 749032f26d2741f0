/** How many candles ahead a prediction can look, at most. */
export const MAX_HORIZON = 365;
