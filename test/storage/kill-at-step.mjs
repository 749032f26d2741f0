/**
 * Preloaded (`node --import`): ends the process by SIGKILL right before its n-th step that changes the file system, once
 * `globalThis.countSteps()` was called. KILL_AT says n; 0 never.
 */
import { promises as fs } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const killAt = Number(process.env.KILL_AT ?? 0);
let isCounting = false;
let steps = 0;

function step() {
  if (!isCounting) return;
  if (++steps === killAt) process.kill(process.pid, "SIGKILL");
}

for (const name of ["mkdir", "link", "rename", "unlink", "writeFile", "utimes"]) {
  const real = fs[name];
  fs[name] = (...args) => {
    step();
    return real(...args);
  };
}
const { open } = fs;
fs.open = async (path, flags, ...rest) => {
  if (flags !== "r") step();
  const file = await open(path, flags, ...rest);
  for (const name of ["writeFile", "sync"]) {
    const real = file[name].bind(file);
    file[name] = (...args) => {
      step();
      return real(...args);
    };
  }
  return file;
};
syncBuiltinESMExports();

globalThis.countSteps = () => {
  isCounting = true;
  return () => steps;
};
