/** Candle files are packed with Snappy, which hyparquet reads by itself. Other codecs would add their dictionaries to the bundle. */
export const compressors = {};
