// Checker: choice numbers lie within the publisher's prefix, so that no other publisher's can be the same.
import { choicePrefix } from '../../model/choices';
import { allNamed } from '../../xml/readXml';
import type { Finding } from '../finding';
import { rootsBelow, type Sources } from '../sources';

const [first, last] = [choicePrefix * 10_000, choicePrefix * 10_000 + 9_999];

export const checkChoiceNumbers = (sources: Sources): Finding[] =>
  [...rootsBelow(sources, 'OptionSets/'), ...rootsBelow(sources, 'Entities/')].flatMap(([file, root]) =>
    allNamed(root, 'optionset').filter((set) => allNamed(set, 'OptionSetType')[0]?.text === 'picklist').flatMap((set) =>
      allNamed(set, 'option')
        .filter((option) => Number(option.attributes.value) < first || Number(option.attributes.value) > last || !/^\d+$/.test(option.attributes.value ?? ''))
        .map((option) => ({ file, line: option.line, message: `The number ${option.attributes.value} is outside of the publisher's ${first} to ${last}. Take the next free one there.` }))));
