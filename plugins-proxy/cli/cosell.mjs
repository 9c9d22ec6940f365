#!/usr/bin/env node
// `npx cosell <verb>`: hands over to the command line, which is built first when it is missing or old.
import { existsSync } from 'node:fs';

const launcher = new URL('../../scripts/run.mjs', import.meta.url);
if (!existsSync(launcher)) {
  console.error('The command line is part of the project: run npx cosell in its folder, or node cosell.js beside the built service.');
  process.exit(1);
}
process.argv.splice(2, 0, 'cosell');
await import(launcher.href);
