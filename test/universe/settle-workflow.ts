export { settleUniverse } from "../../workflows/settle-universe.ts";
