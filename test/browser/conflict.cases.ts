// Browser: what both sides changed while nobody carried it is shown to the seller, and nothing is overwritten until a choice is made.
import { describe, expect, test } from '@jest/globals';
import { fill, isSaved, openRecord, saveButton, showsStatus, statusOf } from './desk';
import { trouble } from './outage.cases';
import { eventually, type Stage } from './tryOut';

const name = 'VanArsdel – Sustainability data hub';
const SYNCED = 481_200_002;

export function conflictCases(stage: () => Stage): void {
  describe('a conflict', () => {
    test('shows both values and the last agreed one, keeps one of each, and tells in the history what was not kept', async () => {
      const { id, cells: before } = (await stage().rowNamed(name))!;
      const referralId = String(before.cosell_referralidentifier);
      const page = await openRecord(stage(), name, 'Summary');
      await trouble(stage(), 'service');
      await fill(page, 'Est. revenue', '340000');
      await fill(page, 'Est. close date', '2027-05-31');
      await saveButton(page).click();
      await isSaved(page);
      await stage().control('partnerCenter', `referrals/${referralId}/edit`, { dealValue: 325_000, closingDate: '2027-06-30' });
      await trouble(stage(), 'service/undo');
      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await showsStatus(page, 'Conflict');
      const status = statusOf(page);
      for (const text of ['$340,000.00', '$325,000.00', /Last agreed\s*\$332,000\.00/, '5/31/2027', '6/30/2027']) await status.getByText(text).first().waitFor();
      expect(await status.getByRole('radio', { checked: true }).count()).toBe(0);

      // Another field, edited meanwhile, still flows, and touches neither side's value.
      await page.getByRole('tab', { name: 'Summary' }).click();
      await fill(page, 'Description', 'Talked to the board.');
      await saveButton(page).click();
      await eventually('the notes flow', async () => (await stage().referral(referralId)).details.notes === 'Talked to the board.');
      expect((await stage().referral(referralId)).details).toMatchObject({ dealValue: 325_000 });
      expect((await stage().row(id)).estimatedvalue).toBe(340_000);

      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await showsStatus(page, 'Conflict');
      await status.getByRole('radio', { name: /^Ours, \$340,000\.00/ }).check();
      await status.getByRole('radio', { name: /^Theirs, 6\/30\/2027/ }).check();
      await status.getByRole('button', { name: 'Apply 2 choices' }).click();
      await showsStatus(page, 'Synced');
      const [row, referral] = [await stage().row(id), await stage().referral(referralId)];
      expect([row.estimatedvalue, row.estimatedclosedate, referral.details.dealValue, referral.details.closingDateTime.slice(0, 10)]).toEqual([340_000, '2027-06-30', 340_000, '2027-06-30']);
      expect(row.cosell_conflictchoices ?? null).toBeNull();

      await status.getByText('History', { exact: true }).click();
      await status.getByText(/Not kept: .*325,000/).first().waitFor();
      await status.getByText(/Not kept: .*5\/31\/2027/).first().waitFor();
    });

    test('a value that changed while the seller chose comes back for a fresh look, and nothing of the choice is carried out', async () => {
      const { id, cells: before } = (await stage().rowNamed(name))!;
      const referralId = String(before.cosell_referralidentifier);
      await stage().control('dataverse', 'pauseSteps');
      await stage().control('partnerCenter', 'delivery/pause');
      await stage().seller('PATCH', `opportunities(${id})`, { estimatedvalue: 350_000 });
      await stage().control('partnerCenter', `referrals/${referralId}/edit`, { dealValue: 351_000 });
      await stage().control('partnerCenter', 'delivery/resume');
      await stage().control('dataverse', 'resumeSteps');
      await eventually('it is a conflict', async () => (await stage().row(id)).cosell_syncstatus === 481_200_004);
      const page = await openRecord(stage(), name);
      const status = statusOf(page);
      await status.getByRole('radio', { name: /^Ours, \$350,000\.00/ }).check();
      await stage().control('partnerCenter', `referrals/${referralId}/edit`, { dealValue: 352_000 });
      await eventually('the record shows the newer value', async () => String((await stage().row(id)).cosell_syncdetails).includes('352000'));
      await status.getByRole('button', { name: 'Apply 1 choice' }).click();
      await status.getByText('$352,000.00').first().waitFor();
      await showsStatus(page, 'Conflict');
      expect(await status.getByRole('radio', { checked: true }).count()).toBe(0);
      expect([(await stage().row(id)).estimatedvalue, (await stage().referral(referralId)).details.dealValue]).toEqual([350_000, 352_000]);

      await status.getByRole('radio', { name: /^Theirs, \$352,000\.00/ }).check();
      await status.getByRole('button', { name: 'Apply 1 choice' }).click();
      await showsStatus(page, 'Synced');
      expect([(await stage().row(id)).estimatedvalue, (await stage().row(id)).cosell_syncstatus]).toEqual([352_000, SYNCED]);
    });
  });
}
