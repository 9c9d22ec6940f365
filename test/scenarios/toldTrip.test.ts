// `npm run trip`, driven by a test: the told trip on nasty stand-ins goes through and leaves no difference.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seedIds } from '../../sandbox/dataverse/startDataverse';
import { tellTrip } from '../../sandbox/trip/tellTrip';
import { createWorld, signInAsUser, stopPostgres, type World } from '../kit/world';

let world: World;

beforeAll(async () => {
  world = await createWorld({ nasty: true });
  await world.serve();
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

test('ten steps, no difference; and a difference would be told', async () => {
  const said: string[] = [];
  const dataverse = { url: world.dv.url, sellerToken: world.dv.sellerToken(seedIds.dana) };
  const partnerCenter = { url: world.pc.url, token: () => signInAsUser(world.entra, 'https://api.partner.microsoft.com') };
  const report = await tellTrip({ dataverse, partnerCenter, say: (line) => said.push(line), timeoutMs: 20_000 });
  expect(report.differences).toEqual([]);
  expect(report.steps.length).toBeGreaterThanOrEqual(10);
  expect(said.filter((line) => line.startsWith('✘'))).toEqual([]);
  world.pc.pauseDelivery();
  const apart = await tellTrip({ dataverse, partnerCenter, say: () => undefined, timeoutMs: 1_500 });
  expect(apart.differences.length).toBeGreaterThan(0);
});
