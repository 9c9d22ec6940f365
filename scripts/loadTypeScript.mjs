// For scripts that need a module of the project: bundled in memory and loaded, so that nothing has to be built first.
import { Buffer } from 'node:buffer';
import { fileURLToPath } from 'node:url';

/**
 * @param source path of a TypeScript module from the project's root; what it imports is bundled with it
 * @returns its exports
 * @throws the bundler's error
 */
export async function loadTypeScript(source) {
  const { build, stop } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      absWorkingDir: fileURLToPath(new URL('../', import.meta.url)), entryPoints: [source], bundle: true, write: false, logLevel: 'silent',
      platform: 'node', format: 'esm', target: 'node22', charset: 'utf8',
    });
    return await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  } finally {
    await stop(); // the bundler's own process would stay as long as the program that runs next
  }
}
