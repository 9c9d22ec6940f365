// Values on their way in and out of a referral: snapshots, bodies, patches, refusals. No network.
import { describe, expect, test } from '@jest/globals';
import type { Json, Values } from '../../../core/index';
import { microsoftBody, ownBody } from '../../../plugins-proxy/adapters/partnerCenter/newReferral';
import { readProblem } from '../../../plugins-proxy/adapters/partnerCenter/problem';
import { patchAsReferral, planPatch } from '../../../plugins-proxy/adapters/partnerCenter/referralPatch';
import { toListedReferral, toPartnerSnapshot } from '../../../plugins-proxy/adapters/partnerCenter/referralSnapshot';
import { refusalReasons } from '../../../plugins-proxy/adapters/partnerCenter/refusal';

const now = '2026-11-23T10:00:00.000Z';
const answered: Json = {
  id: 'ABCDEF00-0000-4000-8000-000000000001', engagementId: 'E1', organizationId: 'MSFT', eTag: '"6700"', name: 'Tom &amp; Jerry', status: 'Closed', substatus: 'Won', type: 'Shared', qualification: 'SalesQualified', direction: 'Incoming',
  externalReferenceId: 'crm-1', createdDateTime: 'c', updatedDateTime: 'u', expirationDateTime: 'x', salesStage: '100',
  customerProfile: {
    name: 'A &amp;amp; B', ids: {}, address: { addressLine1: '1 Way', addressLine2: '', city: 'Redmond', state: null, region: 'WA', postalCode: '98052', country: 'us' },
    team: [{ firstName: 'A', lastName: 'B', phoneNumber: '1', email: 'a@contoso.example' }, { email: 'second@contoso.example' }],
  },
  consent: { ConsentToShareReferralWithMicrosoftSellers: 'True' },
  details: { notes: 'x &lt; y', dealValue: '10000.50', currency: 'USD', closingDateTime: '2026-12-31T23:30:00.0000000Z', requirements: { solutions: [{ id: 'SOL-1-ABC', type: 'Name' }, { id: 'Analytics', type: 'Category' }, { name: 'no id' }] } },
  team: { firstName: 'C', lastName: 'D', phoneNumber: '2', email: 'c@fabrikam.example' },
  inviteContext: { notes: 'please', assistanceRequestCode: 'GeneralOrOther', invitedBy: { organizationId: 'a1' } }, trackingInfo: { microsoftMsxId: '7-X' },
};

describe('a snapshot', () => {
  test('has every field in its shape, texts decoded once, the day in the zone', () => {
    const snapshot = toPartnerSnapshot(answered, undefined, 'Asia/Shanghai', now);
    expect(snapshot).toMatchObject({ id: 'abcdef00-0000-4000-8000-000000000001', engagementId: 'e1', organizationId: 'msft', version: '"6700"', direction: 'incoming', type: 'Shared', category: 'coSell', msxId: '7-X', expiresOn: 'x', externalReferenceId: 'crm-1' });
    const values = Object.fromEntries(Object.entries(snapshot?.cells ?? {}).map(([field, cell]) => [field, cell?.kind === 'value' ? cell.value : cell?.kind]));
    expect(values).toEqual({
      name: 'Tom & Jerry', dealValue: '10000.5', currency: 'USD', closingDate: '2027-01-01', notes: 'x < y', status: 'Won', salesStage: '100', 'customer.name': 'A &amp; B',
      'customer.address': { line1: '1 Way', line2: null, city: 'Redmond', state: 'WA', postalCode: '98052' }, 'customer.country': { code: 'US', text: 'us' },
      'customer.contact': { firstName: 'A', lastName: 'B', email: 'a@contoso.example', phone: '1' }, team: [{ firstName: 'C', lastName: 'D', email: 'c@fabrikam.example', phone: '2' }],
      solutions: ['SOL-1-ABC', 'Analytics'], help: 'GeneralOrOther', notesToMicrosoft: 'please', visibility: 'visible', externalReferenceId: 'crm-1',
    });
  });
  test('survives whatever is missing or of another type', () => {
    for (const odd of [{ id: 'a' }, { id: 'a', details: null, customerProfile: 'x', team: 3, consent: [], inviteContext: [] }, { id: 'a', details: { dealValue: 'much', closingDateTime: 'soon', requirements: { solutions: {} } } }]) {
      const snapshot = toPartnerSnapshot(odd as Json, '"h"', 'UTC', now);
      expect(Object.values(snapshot?.cells ?? {}).every((cell) => cell?.kind === 'empty')).toBe(true);
    }
    expect(toPartnerSnapshot({ id: 'a' }, undefined, 'UTC', now)).toBeUndefined();
    expect(toPartnerSnapshot(undefined, '"h"', 'UTC', now)).toBeUndefined();
  });
  test.each([
    ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00.000Z'], ['2026-11-23T10:00:00.1239999', '2026-11-23T10:00:00.123Z'], ['2026-11-23T18:00:00+08:00', '2026-11-23T10:00:00.000Z'],
    ['soon', '2026-11-27T12:00:00.000Z'], [undefined, '2026-11-27T12:00:00.000Z'],
  ])('knows the moment %s, so that moments can be compared; one that cannot be read is now, for nothing may be older than it seems', (moment, known) => {
    expect(toListedReferral({ id: 'a', ...(moment ? { createdDateTime: moment, updatedDateTime: moment } : {}) }, '2026-11-27T12:00:00.000Z')).toMatchObject({ createdOn: known, updatedOn: known });
  });
  test.each([
    ['New', 'Pending', 'Active'], ['Active', 'Accepted', 'Active'], ['Closed', 'Lost', 'Lost'], ['Closed', 'Declined', 'Declined'], ['Closed', 'Expired', 'Expired'], ['Closed', 'Error', 'Error'], ['Paused', 'Parked', 'Paused'],
  ])('calls %s/%s %s', (status, substatus, shown) => {
    expect(toPartnerSnapshot({ id: 'a', status, substatus }, '"h"', 'UTC', now)?.cells.status).toEqual({ kind: 'value', value: shown });
  });
  test.each([
    ['Independent', 'Direct', 'msft', 'marketplaceLead'], ['Independent', 'Direct', null, 'marketplaceLead'], ['Independent', 'SalesQualified', 'msft', 'qualifiedLead'],
    ['Independent', 'MarketingQualified', 'msft', 'qualifiedLead'], ['Independent', 'SalesQualified', 'own', 'coSell'], ['Shared', 'SalesQualified', 'msft', 'coSell'], ['Shared', 'None', 'own', 'coSell'],
  ])('%s, %s, invited by %s is a %s', (type, qualification, organizationId, category) => {
    expect(toPartnerSnapshot({ id: 'a', type, qualification, inviteContext: { invitedBy: { organizationId } } }, '"h"', 'UTC', now)?.category).toBe(category);
  });
  test('takes no help, no date and no time zone for what they are', () => {
    const snapshot = toPartnerSnapshot({ id: 'a', inviteContext: { assistanceRequestCode: 'Unknown' }, details: { closingDateTime: '0001-01-01T00:00:00Z' } }, '"h"', 'UTC', now);
    expect(snapshot?.cells.help).toEqual({ kind: 'empty' });
    expect(snapshot?.cells.closingDate).toEqual({ kind: 'empty' });
    expect(toPartnerSnapshot({ id: 'a', details: { closingDateTime: '2026-12-31T00:00:00' } }, '"h"', 'UTC', now)?.cells.closingDate).toEqual({ kind: 'value', value: '2026-12-31' });
  });
});

const values: Values = {
  name: 'Deal', dealValue: '50000.25', currency: 'USD', closingDate: '2027-01-01', notes: null, 'customer.name': 'Contoso', 'customer.address': { line1: '1 Way', line2: null, city: 'Redmond', state: 'WA', postalCode: '98052' }, 'customer.country': 'US',
  'customer.contact': { firstName: 'A', lastName: 'B', email: 'a@contoso.example', phone: '1' }, team: [{ firstName: 'C', lastName: 'D', email: 'c@fabrikam.example', phone: null }],
  solutions: ['SOL-1-ABC', '00000000-0000-4000-8000-000000000001', 'Analytics'], help: null, notesToMicrosoft: null, visibility: null, externalReferenceId: 'crm-1',
};

describe('a new referral', () => {
  test('is private, whole, and aimed at nobody', () => {
    expect(ownBody(values, 'Asia/Shanghai')).toEqual({
      name: 'Deal', externalReferenceId: 'crm-1', type: 'Independent', qualification: 'SalesQualified', target: [],
      consent: { consentToToShareInfoWithOthers: true, consentToContact: true, consentToShareReferralWithMicrosoftSellers: false },
      customerProfile: {
        name: 'Contoso', address: { addressLine1: '1 Way', addressLine2: null, city: 'Redmond', state: 'WA', postalCode: '98052', country: 'US' },
        team: [{ firstName: 'A', lastName: 'B', phoneNumber: '1', email: 'a@contoso.example' }],
      },
      details: {
        notes: '', dealValue: 50000.25, currency: 'USD', closingDateTime: '2026-12-31T16:00:00Z',
        requirements: {
          solutions: [{ id: 'SOL-1-ABC', type: 'Name' }, { id: '00000000-0000-4000-8000-000000000001', type: 'Name' }, { id: 'Analytics', type: 'Category' }],
          additionalRequirements: { attributes: [{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }] },
        },
      },
      team: [{ firstName: 'C', lastName: 'D', phoneNumber: null, email: 'c@fabrikam.example' }],
    });
  });
  test('is partner-led when sellers may see it, and co-sell when help is asked', () => {
    expect(ownBody({ ...values, visibility: 'visible' }, 'UTC')).toMatchObject({ type: 'Independent', consent: { consentToShareReferralWithMicrosoftSellers: true }, target: [{ type: 'SolutionProfile', id: 'SOL-1-ABC' }, {}, {}] });
    expect(ownBody({ ...values, help: 'GeneralOrOther' }, 'UTC')).toMatchObject({ type: 'Shared', consent: { consentToShareReferralWithMicrosoftSellers: true } });
  });
  test('for Microsoft carries the help and stands in the same engagement', () => {
    const body = microsoftBody({ ...values, help: 'GeneralOrOther', notesToMicrosoft: 'please' }, 'e1', 'UTC');
    expect(body).toMatchObject({ engagementId: 'e1', name: 'Deal', type: 'Shared', target: [{ type: 'BusinessProfileLocation', id: 'msft' }], inviteContext: { assistanceRequestCode: 'GeneralOrOther', notes: 'please' } });
    expect(body).not.toHaveProperty('externalReferenceId');
  });
});

const noLists = { solutions: [], contacts: [], team: [] };

describe('a patch', () => {
  test('replaces a team with who stands there as they stand, and who is new as the CRM knows them', () => {
    const stands = { firstName: 'Tom &amp; Jo', lastName: 'C', email: 'Casey@f.example', phoneNumber: '1', title: 'Lead', emailValidationStatus: 'Valid', contactPreference: { locale: 'en-US', disableNotifications: true } };
    const people: Json = [{ firstName: 'Dana', lastName: 'S', email: 'Dana@f.example', phone: '2' }];
    expect(planPatch({ values: { team: ['casey@f.example', 'dana@f.example', 'who@f.example'] }, people }, { ...noLists, team: [stands] }, 'UTC')).toEqual([{ op: 'replace', path: '/team', value: [
      { firstName: 'Tom & Jo', lastName: 'C', email: 'Casey@f.example', phoneNumber: '1', title: 'Lead', contactPreference: { locale: 'en-US', disableNotifications: true } },
      { firstName: 'Dana', lastName: 'S', email: 'Dana@f.example', phoneNumber: '2' }, { firstName: null, lastName: null, email: 'who@f.example', phoneNumber: null },
    ] }]);
  });
  test('puts the contact first and leaves the customer\'s other people', () => {
    const [old, other] = [{ firstName: 'O', email: 'old@c.example' }, { firstName: 'X', email: 'other@c.example', title: 'CTO' }];
    const emails = (email: string): unknown => (planPatch({ values: { 'customer.contact': { firstName: 'N', lastName: 'N', email, phone: '1' } } }, { ...noLists, contacts: [old, other] }, 'UTC')[0]!.value as unknown as { email: string; title?: string }[]).map((each) => [each.email, each.title]);
    expect(emails('new@c.example')).toEqual([['new@c.example', undefined], ['other@c.example', 'CTO']]);
    expect(emails('other@c.example')).toEqual([['other@c.example', 'CTO']]);
  });
  test('carries the sales stage before the status', () => {
    expect(planPatch({ values: { status: 'Won', salesStage: '100' } }, noLists, 'UTC').map(({ path, value }) => [path, value])).toEqual([['/salesStage', '100'], ['/status', 'Closed'], ['/substatus', 'Won']]);
  });
  test('sends values first and the status last', () => {
    const operations = planPatch({ values: { status: 'Lost', solutions: ['SOL-1-ABC'], notes: null, closingDate: '2027-01-01', currency: 'EUR', dealValue: '1', visibility: 'visible' }, externalReferenceId: 'crm', statusReason: 'price' }, noLists, 'UTC');
    expect(operations.map(({ path, value }) => [path, value])).toEqual([
      ['/details/dealValue', 1], ['/details/currency', 'EUR'], ['/details/closingDateTime', '2027-01-01T00:00:00Z'], ['/details/notes', ''],
      ['/details/requirements/solutions', [{ id: 'SOL-1-ABC', type: 'Name' }]], ['/consent/consentToShareReferralWithMicrosoftSellers', true],
      ['/externalReferenceId', 'crm'], ['/statusReason', 'price'], ['/status', 'Closed'], ['/substatus', 'Lost'],
    ]);
  });
  test('accepts and declines', () => {
    const pairs = [true, false].map((accept) => planPatch({ values: {}, answer: { accept, reason: accept ? null : 'no time' } }, noLists, 'UTC').map(({ value }) => value));
    expect(pairs).toEqual([['Active', 'Accepted'], ['no time', 'Closed', 'Declined']]);
  });
  test('never touches what is fixed, and never hides a deal again', () => {
    expect(() => planPatch({ values: { name: 'new' } }, noLists, 'UTC')).toThrow(/name/);
    expect(() => planPatch({ values: { dealValue: null } }, noLists, 'UTC')).toThrow(/deal value/);
    expect(planPatch({ values: { visibility: 'private' } }, noLists, 'UTC')).toEqual([]);
  });
});

describe('a refusal', () => {
  const sent = { referral: ownBody({ ...values, dealValue: '0', closingDate: '2020-01-01' }, 'UTC'), timeZone: 'UTC' };
  const answer = (target: string | null, more: { status?: number; code?: string; maxLength?: number } = {}) => ({
    status: more.status ?? 400, header: () => undefined, serverNow: '2026-11-23T10:00:00Z',
    body: { error: { code: 'invalidRequest', message: 'outer', ...(target === null ? {} : { target }), innererror: { code: more.code ?? 'x', message: 'inner', ...(more.maxLength ? { maxLength: more.maxLength } : {}) } } } as Json,
  });
  test.each([
    ['details/requirements/solutions/1/id', { code: 'solution-unknown', field: 'solutions', params: { id: '00000000-0000-4000-8000-000000000001' } }],
    ['Details.Requirements.Solutions[2].Id', { code: 'solution-unknown', params: { id: 'Analytics' } }],
    ['/details/requirements/solutions/0', { code: 'solution-unknown', params: { id: 'SOL-1-ABC' } }],
    ['details/requirements/solutions', { code: 'field-refused', field: 'solutions' }],
    ['details/requirements/solutions/0/price', { code: 'field-refused', field: 'solutions' }],
    ['DETAILS/DEALVALUE', { code: 'deal-value-zero', field: 'dealValue' }],
    ['dealValue', { code: 'deal-value-zero' }],
    ['referral.details.currency', { code: 'currency-unknown', params: { system: 'Partner Center', code: 'USD' } }],
    ['details/closingDateTime', { code: 'closing-date-past', field: 'closingDate' }],
    ['customerProfile/address/country', { code: 'customer-country-unknown', params: { value: 'US' } }],
    ['customerProfile/address/city', { code: 'field-refused', field: 'customer.address', params: { system: 'Partner Center', message: 'inner' } }],
    ['customerProfile/team/0/email', { code: 'field-refused', field: 'customer.contact' }],
    ['inviteContext/assistanceRequestCode', { code: 'field-refused', field: 'help' }],
    ['something/else', { code: 'field-refused', params: { system: 'Partner Center', message: 'inner' } }],
    [null, { code: 'field-refused' }],
  ])('at %s is told as a reason', (target, reason) => {
    expect(refusalReasons(answer(target), sent)).toEqual([expect.objectContaining(reason)]);
  });
  test('without a usable target names no field', () => {
    expect(refusalReasons(answer('something/else'), sent)[0]).not.toHaveProperty('field');
  });
  test('does not take Microsoft for a solution', () => {
    const asked = { referral: microsoftBody({ ...values, help: 'GeneralOrOther' }, 'e1', 'UTC'), timeZone: 'UTC' };
    expect(refusalReasons(answer('target/0/id'), asked)).toEqual([expect.objectContaining({ code: 'field-refused' })]);
    expect(refusalReasons(answer('target/1/id'), { ...asked, referral: ownBody({ ...values, visibility: 'visible' }, 'UTC') })).toEqual([expect.objectContaining({ code: 'solution-unknown', params: { id: '00000000-0000-4000-8000-000000000001' } })]);
  });
  test('of a length says how long it may be, or less than what was sent', () => {
    expect(refusalReasons(answer('name', { code: 'textTooLong', maxLength: 3 }), sent)).toEqual([expect.objectContaining({ code: 'text-too-long', field: 'name', params: { system: 'Partner Center', max: 3 } })]);
    expect(refusalReasons(answer('name', { status: 413 }), sent)).toEqual([expect.objectContaining({ code: 'text-too-long', params: { system: 'Partner Center', max: '< 4' } })]);
  });
  test('does not call a good amount zero, nor a coming day past', () => {
    const good = { referral: ownBody(values, 'UTC'), timeZone: 'UTC' };
    expect(refusalReasons(answer('details/dealValue'), good)).toEqual([expect.objectContaining({ code: 'field-refused', field: 'dealValue' })]);
    expect(refusalReasons(answer('details/closingDateTime'), good)).toEqual([expect.objectContaining({ code: 'field-refused', field: 'closingDate' })]);
  });
  test('of a patch finds the value behind a path or the number of an operation', () => {
    const operations = planPatch({ values: { currency: 'XXX', solutions: ['SOL-9-BAD'] } }, noLists, 'UTC');
    const patched = { referral: patchAsReferral(operations), operations, timeZone: 'UTC' };
    expect(refusalReasons(answer('[0].value'), patched)).toEqual([expect.objectContaining({ code: 'currency-unknown', params: { system: 'Partner Center', code: 'XXX' } })]);
    expect(refusalReasons(answer('1'), patched)).toEqual([expect.objectContaining({ code: 'solution-unknown', params: { id: 'SOL-9-BAD' } })]);
  });
});

test('an error that nests for ever, or is none, is still read', () => {
  const loop: Record<string, unknown> = { code: 'accessDenied', message: 'm' };
  loop.innerError = loop;
  expect(readProblem({ error: loop } as Json)).toMatchObject({ code: 'accessdenied' });
  for (const odd of [undefined, null, 'text', [], { error: 'text' }, { statusCode: 429, message: 'slow' }]) expect(readProblem(odd as Json)).toMatchObject({ code: null, target: null });
});

test('somebody without an e-mail address is no member, and an address alone is one', () => {
  const body = ownBody({ ...values, 'customer.contact': { firstName: 'A', lastName: 'B', email: null, phone: '1' }, team: ['x@fabrikam.example', { firstName: 'No', lastName: 'Mail', email: null, phone: null }] }, 'UTC');
  expect(body).toMatchObject({ customerProfile: { team: [] }, team: [{ email: 'x@fabrikam.example', firstName: null }] });
});
