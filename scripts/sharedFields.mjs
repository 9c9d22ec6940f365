// npm run shared-fields: writes the records of shared fields anew from mapping/salesforce.json, for the triggers of the Salesforce package.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { checkNode } from './checkNode.mjs';
import { loadTypeScript } from './loadTypeScript.mjs';

checkNode();
const { sharedFields, sharedFieldRecord, sharedFieldFolder } = await loadTypeScript('salesforce/pack/sharedFields.ts');
const project = new URL('../salesforce/', import.meta.url);
const folder = new URL(sharedFieldFolder, project);
const mapping = JSON.parse(readFileSync(new URL('../mapping/salesforce.json', import.meta.url), 'utf8'));
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.startsWith('Cosell_Shared_Field.')) rmSync(new URL(name, folder));
const records = sharedFields(mapping).map(sharedFieldRecord);
for (const [path, text] of records) writeFileSync(new URL(path, project), text);
console.log(`${records.length} shared fields written.`);
