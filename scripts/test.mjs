// Every check: types and lint beside the tests, then totals. The last line is "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkNode } from './checkNode.mjs';

checkNode();
const root = fileURLToPath(new URL('../', import.meta.url));
const results = new URL('../.cache/jest-results.json', import.meta.url);
const jestArguments = process.argv.slice(2);

// Most tests wait more than they compute, so one check at a time beside them costs them little.
const [tests, checks] = await Promise.all([runJest(), runChecks()]);
for (const { name, ok, output, seconds } of checks) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${ok ? '' : `\n${output.trim()}`}`);
console.log(`${tests.failed === 0 ? 'ok    ' : 'FAILED'} tests: ${tests.suites} files, ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`);

const passed = tests.passed + checks.filter(({ ok }) => ok).length;
const failed = tests.failed + checks.filter(({ ok }) => !ok).length;
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

/** Jest's own report goes through as it comes; the counts come from its result file. A run that breaks counts as one failure. */
async function runJest() {
  rmSync(results, { force: true });
  mkdirSync(new URL('./', results), { recursive: true });
  const { code } = await run(['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--maxWorkers=3', '--json', `--outputFile=${fileURLToPath(results)}`, ...jestArguments], 'through');
  const counted = readResults();
  if (counted.failed === 0 && code !== 0) return { ...counted, failed: 1 };
  return counted;
}

function readResults() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, numTotalTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests, suites: numTotalTestSuites };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, suites: 0 };
  }
}

async function runChecks() {
  const types = await check('types', 'typescript/bin/tsc', ['-b']);
  return [types, await check('lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint', '--cache-strategy', 'content'])];
}

async function check(name, program, programArguments) {
  const began = Date.now();
  const { code, output } = await run([`node_modules/${program}`, ...programArguments], 'kept');
  return { name, ok: code === 0, output, seconds: ((Date.now() - began) / 1000).toFixed(1) };
}

function run(nodeArguments, output) {
  return new Promise((resolve, reject) => {
    // Jest's --json result also goes to standard output when it is not a terminal; its report is on standard error.
    const child = spawn(process.execPath, nodeArguments, { cwd: root, stdio: output === 'through' ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'pipe', 'pipe'] });
    let kept = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (kept += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal, output: kept }));
  });
}
