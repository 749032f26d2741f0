/**
 * The functions of `Math` that `core/` uses and whose last bits the language leaves to engines. In the bundle they take the place of the
 * engine's, because Chromium's differ from those of Node 24, with which predictions are served.
 */
export { exp as portableExp } from "../math/exp.ts";
export { log as portableLog } from "../math/log.ts";
export { cos as portableCos, sin as portableSin } from "../math/sin-cos.ts";
