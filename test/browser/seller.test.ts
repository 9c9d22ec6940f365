// A seller, a colleague in Partner Center and Microsoft work in a real browser, against the real service and everything that a customer installs.
import { afterAll, afterEach, beforeAll, expect, jest } from '@jest/globals';
import { accessCases } from './access.cases';
import { conflictCases } from './conflict.cases';
import { formCases } from './form.cases';
import { outageCases } from './outage.cases';
import { portalCases } from './portal.cases';
import { quietCases } from './quiet.cases';
import { reasonCases } from './reasons.cases';
import { salesforceCases } from './salesforce.cases';
import { scenarioCases } from './scenarios.cases';
import { startPageCases } from './startPage.cases';
import { openStage, type Stage } from './tryOut';

jest.setTimeout(60_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);
afterEach(async () => {
  await stage.closePages();
  expect(stage.faults()).toEqual([]);
});
afterAll(() => stage?.close());

const quiet = quietCases(() => stage);
quiet.begin();
startPageCases(() => stage);
salesforceCases(() => stage);
portalCases(() => stage);
scenarioCases(() => stage);
reasonCases(() => stage);
conflictCases(() => stage);
outageCases(() => stage);
formCases(() => stage);
accessCases(() => stage);
quiet.end();
