import { z } from "zod";

// zod would try whether code may be made from text, which pages of this service forbid.
z.config({ jitless: true });

export { arithmeticDigests } from "./arithmetic.ts";
export { checkSymbol } from "./check-symbol.ts";
export { forecastRows } from "./forecast-rows.ts";
