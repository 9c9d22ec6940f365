// Which test files begin first: those that take longest, so that none of them is left over when all others have ended. Jest knows this by itself only from its second
// run on, and not that those which compute all the time (the browser, the kills) are better spread among those that mostly wait.
import Sequencer from '@jest/test-sequencer';

const order = [
  ['', 'browser/seller'], ['Salesforce', 'scenarios/conflicts'], ['', 'scenarios/outages'], ['Salesforce', 'scenarios/reasons'], ['Dynamics 365', 'accidents/killPoints'], ['', 'database/embedded'],
  ['Salesforce', 'scenarios/races'], ['Salesforce', 'accidents/killPoints'], ['', 'scenarios/bothCrms'], ['', 'browser/controls'], ['Dynamics 365', 'accidents/randomKills'], ['', 'scenarios/inventory'],
  ['Salesforce', 'accidents/randomKills'], ['', 'accidents/dropped'], ['', 'scenarios/reasons'], ['', 'scenarios/races'], ['', 'accidents/copies'], ['', 'solution/check'], ['', 'salesforce/package'],
  ['', 'scenarios/conflicts'], ['', 'scenarios/identity'], ['', 'scenarios/reconcile'],
];

export default class LongestFirst extends Sequencer {
  /** Files that are not named keep Jest's own order. */
  sort(tests) {
    const placeOf = ({ path, context }) => {
      const place = order.findIndex(([project, part]) => path.includes(part) && (project === '' || context.config.displayName?.name === project));
      return place < 0 ? order.length : place;
    };
    return [...super.sort(tests)].sort((one, other) => placeOf(one) - placeOf(other));
  }
}
