// Packs what an admin deploys to Salesforce. It takes a moment, so it is always done; a file is touched only when its bytes change.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './loadTypeScript.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * `dist/cosell-salesforce-<version>.zip`, the same in English alone, and what takes it away again.
 * @param say told of each file that is written
 * @throws Error naming the file that cannot be packed
 */
export async function buildSalesforce(say) {
  const { packSalesforce } = await loadTypeScript('salesforce/pack/packSalesforce.ts');
  for (const file of packSalesforce(root)) say(`Packed ${relative(root, file)}.`);
}
