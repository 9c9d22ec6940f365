// Spoils a project in memory by small edits, one a line, so that each error can be told from the others.
import { base, type Project } from '../../salesforce/checks/project';

export interface Planted {
  /** What somebody might do by mistake. */
  readonly mistake: string;
  /** Path below `force-app/main/default/`, or `mapping` or `sfdx-project`. */
  readonly file: string;
  readonly from: string;
  /** `null`: the file is gone. */
  readonly to: string | null;
  /** What must be said, as `file:line: words`: words that the message holds, and the text whose line it names (`to` unless given). */
  readonly says: readonly { readonly words: string; readonly file?: string; readonly at?: string }[];
}

/** The project with all errors in it. @throws Error when the text to be spoilt is not there exactly once */
export function plant(project: Project, errors: readonly Planted[]): Project {
  return errors.reduce((spoilt, { file, from, to }) => {
    const text = textOf(spoilt, file);
    if (to !== null && text.split(from).length !== 2) throw new Error(`"${from}" stands ${text.split(from).length - 1} times in ${file}.`);
    return withText(spoilt, file, to === null ? null : text.replace(from, () => to));
  }, project);
}

export function textOf(project: Project, file: string): string {
  const text = file === 'mapping' ? project.mapping : file === 'sfdx-project' ? project.sfdxProject : project.source.get(base + file);
  if (text === undefined) throw new Error(`There is no file ${file}.`);
  return text;
}

function withText(project: Project, file: string, text: string | null): Project {
  if (file === 'mapping') return { ...project, mapping: text! };
  if (file === 'sfdx-project') return { ...project, sfdxProject: text! };
  const source = new Map(project.source);
  if (text === null) source.delete(base + file);
  else source.set(base + file, text);
  return { ...project, source };
}

/** Path of a finding's file. */
export const shown = (file: string): string => (file === 'mapping' ? 'mapping/salesforce.json' : file === 'sfdx-project' ? 'salesforce/sfdx-project.json' : `salesforce/${base}${file}`);

/** Line of a text in the spoilt file. */
export const lineIn = (text: string, part: string): number => {
  if (!text.includes(part)) throw new Error(`"${part}" is not there.`);
  return text.slice(0, text.indexOf(part)).split('\n').length;
};
