// Which test files begin first: those that take longest, so that none of them is left over when all others have ended. Jest knows this by itself only from its second run on.
import Sequencer from '@jest/test-sequencer';

const longest = [
  'accidents/killPoints', 'accidents/randomKills', 'scenarios/outages', 'scenarios/conflicts', 'scenarios/reasons', 'scenarios/bothCrms', 'database/embedded', 'scenarios/inventory', 'scenarios/races',
  'accidents/copies', 'accidents/dropped', 'solution/check', 'salesforce/package', 'scenarios/identity', 'scenarios/oddValues', 'scenarios/reconcile', 'schedule/schedule',
];

export default class LongestFirst extends Sequencer {
  /** Files that are not named keep Jest's own order. */
  sort(tests) {
    const placeOf = ({ path }) => (longest.findIndex((part) => path.includes(part)) + longest.length + 1) % (longest.length + 1);
    return [...super.sort(tests)].sort((one, other) => placeOf(one) - placeOf(other));
  }
}
