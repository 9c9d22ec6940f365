// The words of the controls: RESX files beside each manifest, made from wording/*.json. They are written anew by every build and not kept in git.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const languages = { 1033: 'en', 2052: 'zh' };

/** Which words each control reads: a key, or with a dot at its end all keys that begin so. Names of properties in the form designer are among them. */
export const wordsOf = {
  MicrosoftHelp: ['fld.details', 'fld.help', 'fld.notes', 'fld.refid', 'help.', 'masked', 'notes.placeholder'],
  ReferralProducts: ['fld.products', 'masked', 'name.products', 'prod.'],
  SyncStatus: [
    'actor.', 'applied', 'applied1', 'btn.', 'cf.', 'decline.', 'diff.', 'field.', 'fld.', 'hist.', 'last.', 'line.', 'list.tip', 'masked', 'more.older', 'more.show',
    'ms.', 'name.less', 'name.more', 'node.', 'pending.slow', 'reason.', 'section.status', 'state.', 'status.', 'step.', 'text.',
  ],
};

/** The same words under the names that the service gives to things, so that the control needs no table: codes and systems, statuses as core names them. */
const otherNames = {
  'code.Partner Center': 'node.partner', 'code.private': 'vis.private.label', 'code.visible': 'vis.ms.label',
  'code.WorkloadSpecificValueProposition': 'help.workload.label', 'code.CustomerTechnicalArchitecture': 'help.architecture.label', 'code.ProofOfConceptOrDemo': 'help.poc.label',
  'code.QuotesOrLicensing': 'help.quotes.label', 'code.PostSalesCustomerSuccess': 'help.post.label', 'code.GeneralOrOther': 'help.general.label',
  ...Object.fromEntries(['Accepted', 'Declined', 'Expired', 'Won', 'Lost'].flatMap((word) => [word, `${word === 'Accepted' ? 'Active' : 'Closed'}/${word}`].map((code) => [`code.${code}`, `ms.${word.toLowerCase()}`]))),
  'code.Active': 'ms.active', 'hist.count1': 'hist.one', 'state.masked': 'masked',
  ...Object.fromEntries(['label', 'text', 'text1'].flatMap((part) => [[`status.needsAttention.${part}`, `status.attention.${part}`], [`status.waitingIn.${part}`, `head.waitingIn.${part}`]])),
};

/**
 * The words of a control in a language, by key.
 * @param root the project's folder
 * @param language 1033 or 2052
 * @throws Error when the control asks for a word that there is not
 */
export function controlWords(root, control, language) {
  const words = pick(readWords(root, languages[language]), wordsOf[control], control);
  const all = control === 'SyncStatus' ? [...words, ...underOtherNames(root, languages[language])] : words;
  // Names that fill a Chinese sentence are mostly Chinese; where one is not, the style sheet keeps it apart.
  return Object.fromEntries(all.map(([key, text]) => [key, language === 2052 ? text.replace(/ ?(\{(?:field|system|crm)\}) ?/g, '$1') : text]));
}

/**
 * Writes `<control>/strings/<control>.<language>.resx` for every control and language.
 * @param root the project's folder
 * @throws Error when a control asks for a word that there is not
 */
export function writeControlStrings(root) {
  for (const control of Object.keys(wordsOf)) {
    const folder = join(root, 'controls', control, 'strings');
    mkdirSync(folder, { recursive: true });
    for (const language of Object.keys(languages).map(Number)) writeFileSync(join(folder, `${control}.${language}.resx`), toResx(Object.entries(controlWords(root, control, language))));
  }
}

/** Labels of the audit are English; each leads to its field's key. */
function underOtherNames(root, language) {
  const words = readWords(root, language);
  const labels = Object.entries(readWords(root, 'en')).filter(([key]) => key.startsWith('field.'));
  return [...Object.entries(otherNames).map(([name, key]) => [name, words[key]]), ...labels.map(([key, label]) => [`audit.${label}`, key.slice('field.'.length)])];
}

const readWords = (root, language) => JSON.parse(readFileSync(join(root, `wording/${language}.json`), 'utf8'));

function pick(words, asked, control) {
  const fits = (key, each) => (each.endsWith('.') ? key.startsWith(each) : key === each);
  const missing = asked.filter((each) => !Object.keys(words).some((key) => fits(key, each)));
  if (missing.length > 0) throw new Error(`${control} asks for words that wording/ does not hold: ${missing.join(', ')}. Add them there or take them out of scripts/controlStrings.mjs.`);
  return Object.entries(words).filter(([key]) => asked.some((each) => fits(key, each)));
}

function toResx(words) {
  const headers = { resmimetype: 'text/microsoft-resx', version: '2.0', reader: 'System.Resources.ResXResourceReader', writer: 'System.Resources.ResXResourceWriter' };
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<root>',
    ...Object.entries(headers).map(([name, value]) => `  <resheader name="${name}">\n    <value>${value}</value>\n  </resheader>`),
    ...words.map(([key, text]) => `  <data name="${key}" xml:space="preserve">\n    <value>${escapeXml(text)}</value>\n  </data>`),
    '</root>',
    '',
  ].join('\n');
}

const escapeXml = (text) => text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]);
