/**
 * Requests per second to Binance, where nothing else is set: four fifths of the 50 that it allows an address (6,000 of request weight a
 * minute, 2 for each request for candles). The rest is for whoever else asks from the same address.
 */
export const BINANCE_PER_SECOND = 40;
