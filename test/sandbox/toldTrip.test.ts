// `npm run trip`, driven by a test: the told trip of both CRMs on nasty stand-ins goes through and leaves no difference.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seedIds } from '../../sandbox/dataverse/startDataverse';
import { seedIds as salesforceIds } from '../../sandbox/salesforce/startSalesforce';
import type { CrmDesk } from '../../sandbox/trip/crmDesk';
import { openDataverseDesk } from '../../sandbox/trip/dataverseDesk';
import { openSalesforceDesk } from '../../sandbox/trip/salesforceDesk';
import { tellTrip, type TripReport } from '../../sandbox/trip/tellTrip';
import type { SalesforceCrm } from '../kit/salesforceCrm';
import { createWorld, signInAsUser, stopPostgres, type World } from '../kit/world';

let world: World;

beforeAll(async () => {
  world = await createWorld({ nasty: true, crms: ['dataverse', 'salesforce'] });
  await world.serve();
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

const desks: Readonly<Record<string, () => CrmDesk>> = {
  'Dynamics 365': () => openDataverseDesk({ url: world.dv.url, sellerToken: world.dv.sellerToken(seedIds.dana) }),
  Salesforce: () => {
    const { sf } = world.crms.find((each) => each.name === 'salesforce') as SalesforceCrm;
    return openSalesforceDesk({ url: sf.url, sellerToken: sf.sellerToken(salesforceIds.dana) });
  },
};
const tell = (name: string, say: (line: string) => void, timeoutMs: number): Promise<TripReport> =>
  tellTrip({ crm: desks[name]!(), receives: name === 'Dynamics 365', partnerCenter: { url: world.pc.url, token: () => signInAsUser(world.entra, 'https://api.partner.microsoft.com') }, say, timeoutMs });

test.each([['Dynamics 365', 10], ['Salesforce', 9]])('%s: %i steps, no difference; and a difference would be told', async (name, steps) => {
  const said: string[] = [];
  const report = await tell(name, (line) => void said.push(line), 20_000);
  expect(report.differences).toEqual([]);
  expect(report.steps).toHaveLength(steps);
  expect(said.filter((line) => line.startsWith('✘'))).toEqual([]);
  expect(said.join()).toContain(`won in ${name}: Closed/Won in Partner Center`);
  world.pc.pauseDelivery();
  const apart = await tell(name, () => undefined, 700);
  world.pc.resumeDelivery();
  expect(apart.differences.length).toBeGreaterThan(0);
});
