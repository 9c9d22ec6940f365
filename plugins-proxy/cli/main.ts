// `cosell`: the command line begins here. Exit code 0 done, 1 failed, 2 wrong usage.
import { runCli } from './runCli';

// Whoever reads only the first lines (`cosell links | head`) has what they wanted.
process.stdout.on('error', () => process.exit(0));

const code = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  remark: (line) => void process.stderr.write(`${line}\n`),
});
// Nothing that is still open (a kept connection) holds up the end; what was written leaves first.
process.stdout.write('', () => process.exit(code));
