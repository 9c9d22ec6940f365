// Before anything else: npm scripts must run on the Node that comes with the project, whatever Node npm itself runs on.
import { existsSync } from 'node:fs';

const oldest = [22, 12];

/** Ends the process with words when this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  console.error(`This is Node ${process.versions.node}; Co-sell Referral Sync needs Node ${oldest.join('.')} or later.`);
  console.error(remedy());
  process.exit(1);
}

function remedy() {
  const own = new URL('../node_modules/.bin/node', import.meta.url);
  if (existsSync(own)) return '  - Node 24 is installed with the project: start this through npm (npm start, npm test, npm run ...), which finds it.';
  return [
    '  - Node 24 comes with the project as an optional dependency, which is missing. Install again with optional dependencies: npm ci',
    '  - Where it is left out on purpose, or there is none for this platform, install Node 24 yourself.',
  ].join('\n');
}
