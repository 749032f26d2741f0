// zod's messages in English; in other languages they would be a third of the bundle.
export { default as en } from "zod/v4/locales/en.js";
