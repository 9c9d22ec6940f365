// Pictures: what is played before each of them, in this order, by what stands on the pages.
const FORM = '/dynamics/form?table=opportunity&tab=cosell_partnercenter';

const formOf = (name, more = '') => async ({ rows }) => `${FORM}&id=${(await rows('opportunity')).find(({ cells }) => cells.name === name).id}${more}`;
const at = (path) => () => path;
const status = (page) => page.locator('[data-component="cosell_CoSell.SyncStatus"]');
const shows = (page, word) => status(page).getByText(word, { exact: true }).first().waitFor();

/** Product names come with the first focus of their field. */
async function nameProducts(page) {
  await page.getByRole('combobox', { name: /^(Products|产品)/ }).focus();
  await page.getByText(/Accelerator/).first().waitFor();
  await page.getByRole('combobox', { name: /^(Products|产品)/ }).blur();
}

async function addProduct(page, letters) {
  await page.getByRole('combobox', { name: /^Products/ }).click();
  await page.getByRole('combobox', { name: /^Products/ }).pressSequentially(letters);
  await page.getByRole('option', { name: /SOL-/ }).first().click();
}

async function saveAmount(page, amount) {
  await page.getByRole('tab', { name: 'Summary' }).click();
  await page.getByLabel(/^Est\. revenue/).fill(amount);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('heading', { level: 1 }).getByText(/- Saved$/).waitFor();
  await page.getByRole('tab', { name: 'Partner Center' }).click();
}

/** `path` from the start page's address, `act` what is done there before the picture is taken. */
export const scenes = [
  {
    file: 'form-editing.png', path: formOf('Bellows College – Student portal'), height: 1060,
    async act(page) {
      await page.getByRole('switch', { name: 'Sync with Partner Center' }).click();
      await page.getByRole('radio', { name: 'Proof of concept or demo' }).click();
      await page.getByRole('textbox', { name: 'Notes to Microsoft' }).fill('Customer wants a pilot before March. Please bring someone who knows Fabric capacity planning.');
      await addProduct(page, 'data est');
      await page.getByRole('combobox', { name: /^Products/ }).pressSequentially('mod');
      await page.getByRole('option', { name: /SOL-/ }).first().waitFor();
    },
  },
  {
    file: 'form-question.png', path: formOf('Trey Research – Lab automation'),
    async act(page) {
      await page.getByRole('switch', { name: 'Sync with Partner Center' }).click();
      await page.getByRole('radio', { name: 'Proof of concept or demo' }).click();
      await addProduct(page, 'mod');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    file: 'form.png', path: formOf('Adventure Works – Azure data platform'),
    async act(page) {
      await saveAmount(page, '492500');
      await shows(page, 'Synced');
      await nameProducts(page);
      await status(page).getByText('History').click();
    },
  },
  { file: 'form-conflict.png', path: formOf('Litware – SAP on Azure'), height: 760, act: (page) => shows(page, 'Conflict').then(() => nameProducts(page)) },
  { file: 'form-attention.png', path: formOf('Tailspin Toys – Connected factory pilot'), act: (page) => shows(page, 'Needs attention').then(() => nameProducts(page)) },
  { file: 'form-dark.png', path: formOf('Woodgrove Bank – Fraud analytics'), height: 760, dark: true, act: (page) => shows(page, 'Synced').then(() => nameProducts(page)) },
  { file: 'form-chinese.png', path: formOf('Adventure Works – Azure data platform', '&lang=zh'), height: 780, act: (page) => status(page).getByText('已同步').first().waitFor().then(() => nameProducts(page)) },
  { file: 'form-narrow.png', path: formOf('Litware – SAP on Azure'), width: 390, height: 844, act: (page) => shows(page, 'Conflict') },
  { file: 'form-closed.png', path: formOf('Alpine Ski House – Booking platform'), height: 720, act: (page) => shows(page, 'Synced') },
  {
    file: 'portal-new-deal.png', path: at('/partner-center?new'),
    act: (page) => page.getByRole('dialog', { name: 'New deal' }).waitFor(),
  },
  {
    file: 'portal.png', path: at('/partner-center?new'), height: 700,
    async act(page) {
      await page.getByRole('button', { name: 'Create deal' }).click();
      await page.getByRole('link', { name: /Coho Winery/ }).waitFor();
    },
  },
  {
    file: 'portal-deal.png', path: at('/partner-center'), height: 740,
    async act(page) {
      await page.getByRole('link', { name: /Wingtip/ }).click();
      await page.getByRole('button', { name: 'Change value…' }).click();
      await page.getByRole('dialog').getByLabel('Deal value').fill('240,000');
      await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
      await page.getByText('$240,000.00 USD').waitFor();
    },
  },
  { file: 'portal-incoming.png', path: at('/partner-center?tab=waiting'), height: 720, act: (page) => page.getByRole('link', { name: /Relecloud/ }).click() },
  {
    file: 'form-pending.png', path: formOf('Northwind – Modern workplace rollout'), height: 760,
    async act(page, { trouble }) {
      await nameProducts(page);
      await trouble('service');
      await saveAmount(page, '131200');
      await shows(page, 'Pending');
      await page.getByText(/can’t be reached/).waitFor();
    },
  },
  {
    file: 'list.png', path: at('/dynamics/list?table=opportunity'),
    async act(page) {
      await page.getByRole('row', { name: /Northwind/ }).getByRole('img').waitFor();
    },
  },
  {
    file: 'start.png', path: at('/'), height: 900,
    async act(page, { trouble }) {
      await trouble('service/undo');
      await page.getByText('running', { exact: true }).waitFor();
      await page.getByRole('listitem').filter({ hasText: /Opportunity saved.*Northwind/ }).getByRole('img', { name: 'In sync' }).first().waitFor();
      await page.waitForTimeout(1_000);
    },
  },
  { file: 'start-chinese.png', path: at('/?lang=zh'), height: 900, dark: true, act: (page) => page.getByText('刚刚发生的事').waitFor() },
];
