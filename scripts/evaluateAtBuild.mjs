// For bundles that must be small: modules in a folder `atBuild/` are evaluated by the build, and only the values that they export reach the bundle.
import { Buffer } from 'node:buffer';

const inFolder = /[\\/]atBuild[\\/]\w+\.ts$/;

/**
 * @param note told of each file that the values were made from, relative to the working directory
 * @returns an esbuild plugin. Exports must be values that JSON can hold; anything else is a build error.
 */
export const evaluateAtBuild = (note) => ({
  name: 'evaluate-at-build',
  setup({ onLoad, esbuild, initialOptions: { absWorkingDir } }) {
    onLoad({ filter: inFolder }, async ({ path }) => {
      const { outputFiles, metafile } = await esbuild.build({
        absWorkingDir, entryPoints: [path], bundle: true, write: false, metafile: true, logLevel: 'silent', platform: 'neutral', format: 'esm', charset: 'utf8',
      });
      Object.keys(metafile.inputs).forEach(note);
      const values = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
      return { contents: Object.entries(values).map(([name, value]) => `export const ${name} = ${toSource(path, name, value)};`).join('\n'), loader: 'js' };
    });
  },
});

function toSource(path, name, value) {
  const text = typeof value === 'function' ? undefined : JSON.stringify(value);
  if (text === undefined) throw new Error(`${path} exports ${name}, which is no plain value. Only plain values can be made at build.`);
  return text;
}
