#!/usr/bin/env node
// What `npm start` runs, on any Node from 20: installs what is missing, then `candlecast up` on the project's own Node.
import { runCommand } from "../cli/bin.mjs";
import { ensureInstalled } from "./install.mjs";

ensureInstalled();
runCommand(["up", ...process.argv.slice(2)]);
