// Single decisions by table: status word, details, audit, choices, frozen fields and upgrades, limits, refusals, phases.
import { describe, expect, test } from '@jest/globals';
import {
  auditEntry, changeText, detailsToText, fieldLabel, fieldRules, frozenFields, groupValues, helpCodes, isTerminal, judgeFrozen, judgeGroup, lockedFields, movePhase, notKeptText, parseChoices, phaseMoves, phases, planOutward, planUpdate, printed, reason, reasonActors,
  refusalHash, ruleOf, sameDetails, shownReasons, shownValue, standardFieldKeys, statusOf, syncStatuses, textToDetails,
  type Agreed, type Attempt, type Conflict, type CrmSnapshot, type FieldKey, type Json, type Link, type PartnerSnapshot, type Plan, type Reason,
} from '../../core/index';
import { crmOf, limits, linkOf, names, none, partnerOf, startRow, today } from './sides';

describe('the status word', () => {
  const you = reason('name-missing', 'name');
  const admin = reason('no-permission');
  const gone = reason('referral-gone');
  const wait = reason('throttled');
  test.each<[string, readonly Reason[], number, boolean]>([
    ['conflict', [you, admin, wait], 1, true], ['failed', [you, admin, wait], 0, true], ['failed', [reason('value-not-taken', 'dealValue')], 0, false], ['needsAttention', [you, wait], 0, true], ['needsAttention', [gone], 0, false],
    ['failed', [gone, admin], 0, false], ['pending', [wait], 0, false], ['pending', [], 0, true], ['synced', [], 0, false],
  ])('is %s (%#)', (word, reasons, conflicts, unfinished) => {
    expect(statusOf(reasons, conflicts, unfinished)).toBe(word);
  });

  test('has one of six places, Not shared first and Failed last', () => {
    expect(syncStatuses).toEqual(['notShared', 'pending', 'synced', 'needsAttention', 'conflict', 'failed']);
  });

  test('every reason knows who acts', () => {
    expect(Object.values(reasonActors).every((actor) => ['you', 'admin', 'wait'].includes(actor))).toBe(true);
    expect(reason('text-too-long', 'notes', { max: 5 })).toEqual({ code: 'text-too-long', field: 'notes', actor: 'you', params: { max: 5 } });
    expect(reason('remote-down')).toEqual({ code: 'remote-down', actor: 'wait' });
  });
});

describe('details', () => {
  test('come back as they were written, without what is empty', () => {
    const details = { reasons: [reason('name-missing', 'name')], conflicts: [], tookMs: 412, progress: undefined, frozen: { fields: ['name'] as const } };
    const text = detailsToText(details);
    expect(text).toBe('{"reasons":[{"code":"name-missing","field":"name","actor":"you"}],"tookMs":412,"frozen":{"fields":["name"]}}');
    expect(detailsToText(textToDetails(text)!)).toBe(text);
    expect(detailsToText({ reasons: [], conflicts: [] })).toBeNull();
    expect(textToDetails(null)).toEqual({});
  });

  test.each(['', '{', '[]', 'null', '5', '"text"', '{"reasons":'])('that cannot be read (%p) are nothing, and are written anew', (text) => {
    expect(textToDetails(text)).toBeUndefined();
    expect(sameDetails(text, {}, '2026-11-23T10:00:00Z')).toBe(false);
  });

  test('give the reasons that they show, and none where somebody else wrote into the column', () => {
    const shown = reason('throttled');
    expect(shownReasons(detailsToText({ reasons: [shown] }))).toEqual([shown]);
    for (const text of [null, '', 'no JSON', '[]', '7', '{}', '{"reasons":{}}', '{"reasons":"some"}', '{"reasons":[null,7,"x",{},{"code":3}]}']) expect(shownReasons(text)).toEqual([]);
  });

  test('stay while they are true: neither the time a trip took nor a try that lies ahead makes them new', () => {
    const now = '2026-11-23T10:00:00Z';
    const shown = detailsToText({ reasons: [reason('throttled')], tookMs: 5, nextTryOn: '2026-11-23T10:01:00Z' });
    expect(sameDetails(shown, { reasons: [reason('throttled')], nextTryOn: '2026-11-23T10:02:00Z' }, now)).toBe(true);
    expect(sameDetails(shown, { reasons: [reason('throttled')], nextTryOn: '2026-11-23T10:02:00Z' }, '2026-11-23T10:01:30Z')).toBe(false);
    expect(sameDetails(shown, { reasons: [reason('throttled')] }, now)).toBe(false);
    expect(sameDetails(shown, { reasons: [reason('remote-down')], nextTryOn: '2026-11-23T10:02:00Z' }, now)).toBe(false);
    expect(sameDetails(null, {}, now)).toBe(true);
    expect(sameDetails('{"tookMs":9}', {}, now)).toBe(true);
  });
});

describe('an audit entry', () => {
  test('is one line as the contract writes it', () => {
    expect(auditEntry('2026-11-23T10:00:00.123Z', 'Partner Center', 'Dynamics 365', changeText('dealValue', '50000', '60000', []))).toBe('2026-11-23T10:00:00Z | Partner Center → Dynamics 365 | Deal value: 50000 → 60000');
    expect(auditEntry('2026-11-23T10:00:00Z', 'a', 'b', 'x')).toBe('2026-11-23T10:00:00Z | a → b | x');
  });

  test.each<[Json, string]>([
    [null, ''], ['a\r\nb\nc\rd', 'a\\nb\\nc\\nd'], [['A', 'B'], 'A; B'], [{ code: 'US', text: 'United States' }, 'US'], [{ line1: '1 Way', line2: null, city: 'Redmond' }, '1 Way, Redmond'], [{ firstName: 'A', email: 'a@x.example' }, 'a@x.example'], [true, 'true'], [5.5, '5.5'],
    ['x'.repeat(500), 'x'.repeat(500)], ['x'.repeat(501), `${'x'.repeat(500)}…`], [`${'x'.repeat(499)}🎉`, `${'x'.repeat(499)}…`],
  ])('prints a value on one line, at most 500 characters of it (%#)', (value, text) => {
    expect(printed(value)).toBe(text);
  });

  test('prints a value that lost uncut, and nothing of a secured column', () => {
    expect(notKeptText('notes', `${'x'.repeat(700)}\ny`, [])).toBe(`Notes: not kept: ${'x'.repeat(700)}\\ny`);
    expect(notKeptText('notes', 'secret', ['notes'])).toBe('Notes: not kept');
    expect(changeText('notes', 'secret', 'more', ['notes'])).toBe('Notes: changed');
  });

  test('names the fields in the contract’s words and order', () => {
    expect(standardFieldKeys.map(fieldLabel)).toEqual(['Name', 'Deal value', 'Currency', 'Closing date', 'Notes', 'Status', 'Sales stage', 'Customer', 'Customer address', 'Customer country', 'Customer contact', 'Team', 'Products', 'Help', 'Notes to Microsoft', 'Visibility', 'CRM id']);
    expect(fieldLabel('custom:new_reason')).toBe('custom:new_reason');
    expect(ruleOf('custom:new_reason')).toMatchObject({ group: 'custom:new_reason', owner: 'person', toPartner: 'never' });
  });
});

describe('choices', () => {
  const choice = { field: 'dealValue', keep: 'crm', seen: { crm: 60_000, partner: 55_000 } };
  test.each([
    ['', undefined], ['{', undefined], ['null', undefined], ['[]', undefined], ['{"choices":5}', undefined], ['{"choices":[null]}', undefined], ['{"choices":[{"field":"dealValue","keep":"both","seen":{}}]}', undefined],
    ['{"choices":[{"field":"dealValue","keep":"crm"}]}', undefined], ['{"choices":[{"field":5,"keep":"crm","seen":{}}]}', undefined], [JSON.stringify({ choices: [choice, { ...choice, keep: 'neither' }] }), undefined],
    ['{"choices":[]}', 0], [JSON.stringify({ choices: [choice] }), 1],
  ])('%s are read as %p', (text, count) => {
    expect(parseChoices(text)?.length).toBe(count);
  });

  const conflict = (field: FieldKey, crm: Json, partner: Json): Conflict => ({ field, group: 'money', agreed: null, crm, partner, crmOn: null, partnerOn: null });
  const both = [conflict('dealValue', 60_000, 55_000), conflict('currency', 'USD', 'EUR')];
  test('decide a group once: one answer is enough, opposite ones are unreadable, one on other values is stale', () => {
    const [mine] = parseChoices(JSON.stringify({ choices: [choice] }))!;
    expect(judgeGroup(both, [mine!])).toEqual({ type: 'keep', side: 'crm' });
    expect(judgeGroup(both, [])).toEqual({ type: 'none' });
    expect(judgeGroup(both, [mine!, { field: 'currency', keep: 'partner', seen: { crm: 'USD', partner: 'EUR' } }])).toEqual({ type: 'unreadable' });
    expect(judgeGroup(both, [mine!, { field: 'currency', keep: 'crm', seen: { crm: 'USD', partner: 'JPY' } }])).toEqual({ type: 'stale' });
    expect(judgeGroup(both, [{ ...mine!, seen: { crm: '60000', partner: 55_000 } }])).toEqual({ type: 'stale' });
    expect(judgeGroup(both, [{ field: 'notes', keep: 'crm', seen: { crm: null, partner: null } }])).toEqual({ type: 'none' });
  });

  test('see amounts as numbers and long texts cut, never in half a character', () => {
    expect(shownValue('dealValue', '60000.5')).toBe(60_000.5);
    expect(shownValue('dealValue', null)).toBeNull();
    expect(shownValue('notes', 'x'.repeat(1000))).toBe('x'.repeat(1000));
    expect(shownValue('notes', 'x'.repeat(1001))).toBe(`${'x'.repeat(1000)}…`);
    expect(shownValue('notes', `${'x'.repeat(999)}🎉 and more`)).toBe(`${'x'.repeat(999)}…`);
    expect(shownValue('solutions', ['A'])).toEqual(['A']);
  });

  test('that cannot be read, or contradict each other, are emptied and said, and the conflict stands', () => {
    const [crm, partner] = [crmOf({ ...startRow, notes: 'mine' }), partnerOf({ ...startRow, notes: 'theirs' })];
    const chosen = (choices: string): Plan => plan({ crm: { ...crm, control: { ...crm.control, choices } }, partner });
    for (const [text, line] of [['{', 'Conflict choices could not be read'], [JSON.stringify({ choices: ['crm', 'partner'].map((keep) => ({ field: 'notes', keep, seen: { crm: 'mine', partner: 'theirs' } })) }), 'Notes: the choices contradicted each other']] as const) {
      expect(chosen(text)).toMatchObject({ clearChoices: true, toPartner: none, toCrm: none, conflicts: [{ field: 'notes' }], lines: [{ text: line, when: 'now' }] });
    }
  });
});

describe('what travels out only', () => {
  const reach = { firstName: 'Ada', lastName: 'Low', email: 'ada@x.example', phone: '1' };
  const here = { 'customer.contact': reach, team: ['a@x.example', 'b@x.example'], salesStage: '20' };
  const agreed: Agreed = { 'customer.contact': { crm: reach, partner: reach }, team: { crm: here.team, partner: ['a@x.example', 'b@x.example', 'portal@x.example'] }, salesStage: { crm: '20', partner: '20' } };
  const there = { 'customer.contact': reach, team: ['a@x.example', 'b@x.example', 'portal@x.example'], salesStage: '20', status: 'Active' };
  const planOf = (crm: Partial<Record<FieldKey, Json>>, partner: Partial<Record<FieldKey, Json>> = {}, link: Partial<Link> = {}): ReturnType<typeof planOutward> => planOutward(linkOf(link), crmOf({ ...here, ...crm }), partnerOf({ ...there, ...partner }), agreed);

  test('rests while nothing changed', () => {
    expect(planOf({})).toEqual({ toPartner: {}, agreed, refused: {}, lines: [] });
  });
  test('a change in the CRM is sent, and stays one until it is settled', () => {
    const moved = planOf({ 'customer.contact': { ...reach, phone: '2' }, salesStage: '60' });
    expect(moved).toMatchObject({ toPartner: { 'customer.contact': { ...reach, phone: '2' }, salesStage: '60' }, agreed });
    expect(moved.lines).toContainEqual({ from: 'crm', text: 'Sales stage: 20 → 60', when: 'partner' });
  });
  test('who joined the team here joins there; who left here stays there', () => {
    expect(planOf({ team: ['b@x.example', 'new@x.example'] }).toPartner).toEqual({ team: ['a@x.example', 'b@x.example', 'new@x.example', 'portal@x.example'] });
    expect(planOf({ team: ['b@x.example'] })).toMatchObject({ toPartner: {}, agreed: { team: { crm: ['b@x.example'] } } });
  });
  test('what changed there is said once and never written here, and does not stop a change of here', () => {
    const theirs = planOf({}, { salesStage: '40' });
    expect(theirs).toMatchObject({ toPartner: {}, agreed: { salesStage: { crm: '20', partner: '40' } }, lines: [{ from: 'partner', text: 'Sales stage: 20 → 40', when: 'now' }] });
    expect(planOf({ salesStage: '60' }, { salesStage: '40' }).toPartner).toEqual({ salesStage: '60' });
  });
  test.each<[string, Partial<Record<FieldKey, Json>>, Partial<Record<FieldKey, Json>>, Partial<Link>]>([
    ['a closed referral', { salesStage: '100', team: ['new@x.example'] }, { status: 'Won' }, {}], ['a contact without an address', { 'customer.contact': { ...reach, email: null } }, {}, {}], ['an emptied contact', { 'customer.contact': null }, {}, {}],
    ['the contact once help was asked', { 'customer.contact': { ...reach, phone: '2' } }, {}, { microsoft: { id: 'm', status: 'New', substatus: 'Pending', expiresOn: null, updatedOn: null } }],
  ])('nothing is sent for %s', (_what, crm, partner, link) => {
    expect(planOf(crm, partner, link)).toMatchObject({ toPartner: {}, refused: {}, lines: [] });
  });
  test('what was refused waits until it changes, and its reason stands', () => {
    const [crm, partner] = [crmOf({ ...here, salesStage: '60' }), partnerOf(there)];
    const no = { hash: refusalHash(linkOf(), partner, groupValues('salesStage', crm, partner, 'crm')), side: 'partner' as const, reasons: [reason('field-refused', 'salesStage')] };
    expect(planOf({ salesStage: '60' }, {}, { refused: { 'partner:salesStage': no } })).toMatchObject({ toPartner: {}, refused: { 'partner:salesStage': no }, agreed });
    expect(planOf({ salesStage: '80' }, {}, { refused: { 'partner:salesStage': no } })).toMatchObject({ toPartner: { salesStage: '80' }, refused: {} });
  });
});

describe('a field that is fixed once shared', () => {
  const shared: Readonly<Partial<Record<FieldKey, Json>>> = { name: 'Deal', 'customer.name': 'Contoso', 'customer.contact': null, help: null, notesToMicrosoft: null, visibility: 'private' };
  const agreedOf = (values: typeof shared, partner = values): Agreed => Object.fromEntries(Object.keys(values).map((field) => [field, { crm: values[field as FieldKey] ?? null, partner: partner[field as FieldKey] ?? null }]));
  const reach = { firstName: 'Ada', lastName: 'Low', email: 'ada@x.example', phone: '1' };
  const attempt: Attempt = { id: 'a', requestId: 'r', startedOn: '', crm: {}, body: null, state: 'unknown', looked: 0, lookAgainOn: null };
  const judge = (crm: typeof shared, partner: typeof shared = shared, more: Partial<Link> = {}, their: Partial<PartnerSnapshot> = {}, agreed = agreedOf(shared)): ReturnType<typeof judgeFrozen> =>
    judgeFrozen(linkOf(more), crmOf({ ...shared, ...crm }), partnerOf({ ...shared, ...partner }, their), agreed);
  const codes = (decision: ReturnType<typeof judgeFrozen>): string[] => decision.reasons.map((each) => `${each.code} ${each.field}`);

  test('and changed in the CRM is explained until it is put back', () => {
    const changed = judge({ name: 'Other' });
    expect(codes(changed)).toEqual(['frozen-field-changed name']);
    expect(changed.agreed).toEqual(agreedOf(shared));
    expect(judge({}, shared, {}, {}, changed.agreed).reasons).toEqual([]);
  });

  test.each<[string, Partial<typeof shared>, string]>([
    ['name', { name: 'Other' }, 'Deal'], ['help', { help: 'GeneralOrOther' }, 'ProofOfConceptOrDemo'], ['notesToMicrosoft', { notesToMicrosoft: 'more' }, ''],
  ])('brings the shared %s with its reason, to be put back as it was', (field, change, was) => {
    const before = { ...shared, name: 'Deal', help: 'ProofOfConceptOrDemo', notesToMicrosoft: null };
    const reasonOf = (secured: readonly (typeof field)[]): unknown => judgeFrozen(linkOf({ attempts: { own: null, microsoft: attempt } }), { ...crmOf({ ...before, ...change }), secured: secured as never }, partnerOf(before), agreedOf(before)).reasons[0];
    expect(reasonOf([])).toEqual({ code: 'frozen-field-changed', field, actor: 'you', params: { shared: was } });
    // A secured column's value is not printed anywhere.
    expect(reasonOf([field])).toEqual({ code: 'frozen-field-changed', field, actor: 'you' });
  });

  test('of another record is noted once, without a reason', () => {
    const renamed = judge({ 'customer.name': 'Contoso Ltd' });
    expect(renamed).toMatchObject({ reasons: [], noted: [{ side: 'crm', text: 'Customer: Contoso → Contoso Ltd' }], agreed: { 'customer.name': { crm: 'Contoso Ltd', partner: 'Contoso' } } });
    expect(judge({ 'customer.name': 'Contoso Ltd' }, shared, {}, {}, renamed.agreed)).toMatchObject({ reasons: [], noted: [] });
  });

  test('and changed in the portal is noted once', () => {
    const theirs = judge({}, { ...shared, name: 'Renamed there' });
    expect(theirs).toMatchObject({ reasons: [], noted: [{ side: 'partner', text: 'Name: Deal → Renamed there' }] });
    expect(judge({}, { ...shared, name: 'Renamed there' }, {}, {}, theirs.agreed).noted).toEqual([]);
  });

  test('settles as it is when it is seen for the first time', () => {
    expect(judge({ name: 'Mine' }, { ...shared, name: 'Theirs' }, {}, {}, {})).toMatchObject({ reasons: [], noted: [], agreed: { name: { crm: 'Mine', partner: 'Theirs' } } });
  });

  test('decides nothing about what may not be read', () => {
    const crm = crmOf(shared);
    expect(judgeFrozen(linkOf(), { ...crm, cells: { ...crm.cells, name: { kind: 'unreadable' } } }, partnerOf(shared), agreedOf(shared))).toMatchObject({ reasons: [], noted: [], agreed: agreedOf(shared) });
  });

  test('tells what else of a person changed when the address did not', () => {
    const ada = { firstName: 'Ada', lastName: 'Low', email: 'ada@x.example', phone: '1' };
    expect(changeText('customer.contact', ada, { ...ada, phone: '2' }, [])).toBe('Customer contact: Ada, Low, ada@x.example, 1 → Ada, Low, ada@x.example, 2');
    expect(changeText('customer.contact', ada, { ...ada, email: 'b@x.example' }, [])).toBe('Customer contact: ada@x.example → b@x.example');
    expect(changeText('customer.contact', ada, null, [])).toBe('Customer contact: ada@x.example → ');
  });

  test('prints nothing of a secured column', () => {
    const crm = { ...crmOf({ ...shared, 'customer.name': 'Secret Ltd' }), secured: ['customer.name'] as const };
    expect(judgeFrozen(linkOf(), crm, partnerOf(shared), agreedOf(shared)).noted).toEqual([{ side: 'crm', text: 'Customer: changed' }]);
  });

  test('private opens to visible, and never goes back', () => {
    expect(judge({ visibility: 'visible' })).toMatchObject({ open: true, askHelp: false, reasons: [] });
    const open = { ...shared, visibility: 'visible' };
    expect(judge({ visibility: 'visible' }, open, {}, {}, agreedOf(open))).toMatchObject({ open: false, reasons: [] });
    const back = judge({ visibility: 'private' }, open, {}, {}, agreedOf(open));
    expect(back.open).toBe(false);
    expect(codes(back)).toEqual(['frozen-field-changed visibility']);
  });

  test('a seller who types what stands there already is told nothing', () => {
    const open = { ...shared, visibility: 'visible' };
    const born = { ...agreedOf(open), visibility: { crm: null, partner: 'visible' } };
    const typed = judge({ visibility: 'visible' }, open, {}, {}, born);
    expect([codes(typed), typed.noted, typed.open, typed.agreed.visibility]).toEqual([[], [], false, { crm: 'visible', partner: 'visible' }]);
    const renamed = judge({ name: 'As in the portal' }, { ...shared, name: 'As in the portal' });
    expect(codes(renamed)).toEqual([]);
    expect(codes(judge({ visibility: 'private' }, open, {}, {}, born))).toEqual(['frozen-field-changed visibility']);
  });

  test('help asked later opens and asks when a contact can be reached', () => {
    const asks = { help: 'GeneralOrOther', visibility: 'visible', 'customer.contact': reach, notesToMicrosoft: 'please' };
    expect(judge(asks)).toMatchObject({ open: true, askHelp: true, reasons: [] });
    const open = { ...shared, visibility: 'visible' };
    expect(judge({ ...asks, visibility: 'visible' }, open, {}, {}, agreedOf(open))).toMatchObject({ open: false, askHelp: true, reasons: [] });
    expect(judge({ ...asks, visibility: null })).toMatchObject({ open: true, askHelp: true, reasons: [] });
  });

  test('help asked of an explicitly private deal is held', () => {
    const held = judge({ help: 'GeneralOrOther', 'customer.contact': reach });
    expect([codes(held), held.open, held.askHelp]).toEqual([['help-needs-visibility visibility'], false, false]);
  });

  test('help asked without a contact is held with that reason alone, and opens nothing yet', () => {
    const held = judge({ help: 'GeneralOrOther', visibility: 'visible', notesToMicrosoft: 'please' });
    expect([codes(held), held.open, held.askHelp]).toEqual([['contact-missing customer.contact'], false, false]);
    const later = judge({ help: 'GeneralOrOther', visibility: 'visible', notesToMicrosoft: 'please', 'customer.contact': reach }, shared, {}, {}, held.agreed);
    expect([codes(later), later.open, later.askHelp]).toEqual([[], true, true]);
  });

  test.each<FieldKey>(['customer.contact', 'visibility'])('help asked while %s may not be read is held: unreadable is never empty', (field) => {
    const crm = crmOf({ ...shared, help: 'GeneralOrOther', visibility: 'visible', 'customer.contact': reach });
    const held = judgeFrozen(linkOf(), { ...crm, cells: { ...crm.cells, [field]: { kind: 'unreadable' } } }, partnerOf(shared), agreedOf(shared));
    expect([codes(held), held.open, held.askHelp]).toEqual([[`field-unreadable ${field}`], false, false]);
  });

  test.each<[string, Partial<Link>]>([['asked', { microsoft: { id: 'm', status: 'New', substatus: 'Pending', expiresOn: null, updatedOn: null } }], ['being asked', { attempts: { own: null, microsoft: attempt } }]])('help and notes to Microsoft are fixed once it was %s', (_when, link) => {
    const decision = judge({ help: 'GeneralOrOther', notesToMicrosoft: 'more' }, shared, link);
    expect([codes(decision), decision.askHelp]).toEqual([['frozen-field-changed help', 'frozen-field-changed notesToMicrosoft'], false]);
  });

  test.each<[string, Partial<PartnerSnapshot>]>([['a closed deal', { status: 'Closed', substatus: 'Won' }], ['a deal that came in', { direction: 'incoming' }]])('%s is not upgraded', (_what, their) => {
    expect(judge({ help: 'GeneralOrOther', visibility: 'visible', 'customer.contact': reach }, shared, {}, their)).toMatchObject({ open: false, askHelp: false });
  });

  test('shows the seller which fields are locked', () => {
    expect(lockedFields(linkOf(), partnerOf({ visibility: 'private' }))).toEqual(['name', 'customer.name', 'customer.address', 'customer.country']);
    expect(lockedFields(linkOf({ attempts: { own: null, microsoft: attempt } }), partnerOf({ visibility: 'visible' }))).toEqual(['name', 'customer.name', 'customer.address', 'customer.country', 'visibility', 'customer.contact', 'help', 'notesToMicrosoft']);
    expect(frozenFields).toEqual(standardFieldKeys.filter((field) => fieldRules[field].frozen));
  });
});

describe('a plan', () => {
  test('keeps the seller’s amount when Partner Center changed only the date', () => {
    expect(plan({ crm: crmOf({ ...startRow, dealValue: '60000' }), partner: partnerOf({ ...startRow, closingDate: '2027-03-01' }) })).toMatchObject({ toPartner: { dealValue: '60000', currency: 'USD' }, toCrm: { closingDate: '2027-03-01' }, conflicts: [], reasons: [] });
  });

  test('lets the amount go although the closing date has passed, and blocks the date only when it changes to a past one', () => {
    const past = { ...startRow, closingDate: '2026-11-01' };
    const agreed = agreedFrom(past);
    expect(plan({ crm: crmOf({ ...past, dealValue: '60000' }), partner: partnerOf(past), link: { agreed } })).toMatchObject({ toPartner: { dealValue: '60000' }, reasons: [] });
    expect(plan({ crm: crmOf({ ...startRow, closingDate: '2026-11-22' }), partner: partnerOf(startRow) })).toMatchObject({ toPartner: none, reasons: [{ code: 'closing-date-past' }] });
  });

  test.each<[string, Json, string]>([['dealValue', null, 'deal-value-missing dealValue'], ['currency', null, 'currency-unknown currency'], ['closingDate', null, 'closing-date-missing closingDate'], ['solutions', null, 'solution-missing solutions']])('never empties %s in Partner Center', (field, value, expected) => {
    const made = plan({ crm: crmOf({ ...startRow, [field]: value }), partner: partnerOf(startRow) });
    expect(made.toPartner).toEqual({});
    expect(made.reasons.map((each) => `${each.code} ${each.field}`)).toEqual([expected]);
  });

  test('never empties a status, and empties notes, which may be empty', () => {
    expect(plan({ crm: crmOf({ ...startRow, status: null }), partner: partnerOf(startRow) })).toMatchObject({ toPartner: none, conflicts: [] });
    expect(plan({ crm: crmOf({ ...startRow, notes: null }), partner: partnerOf(startRow) })).toMatchObject({ toPartner: { notes: null } });
    expect(plan({ crm: crmOf(startRow), partner: partnerOf({ ...startRow, closingDate: null }) })).toMatchObject({ toCrm: none, conflicts: [], reasons: [{ code: 'value-not-taken', field: 'closingDate', params: { system: 'Partner Center' } }] });
    expect(plan({ crm: crmOf(startRow), partner: partnerOf({ ...startRow, solutions: null }) })).toMatchObject({ toCrm: none, toPartner: none, reasons: [{ code: 'value-not-taken', field: 'solutions' }] });
  });

  test('takes what is unreadable for unknown: nothing of the group travels, either way, and the seller’s side says so', () => {
    const hidden = { ...crmOf(startRow).cells, currency: { kind: 'unreadable' } as const };
    const made = plan({ crm: { ...crmOf(startRow), cells: hidden }, partner: partnerOf({ ...startRow, dealValue: '70000' }) });
    expect(made).toMatchObject({ toPartner: none, toCrm: none, reasons: [{ code: 'field-unreadable', field: 'currency' }] });
    const theirs = partnerOf(startRow);
    expect(plan({ crm: crmOf({ ...startRow, notes: 'mine' }), partner: { ...theirs, cells: { ...theirs.cells, notes: { kind: 'unreadable' } } } })).toMatchObject({ toPartner: none, toCrm: none, reasons: [], conflicts: [] });
  });

  test('leaves fields alone that one side does not map', () => {
    const cells = { ...crmOf({ ...startRow, dealValue: '60000' }).cells, currency: undefined };
    expect(plan({ crm: { ...crmOf({}), cells }, partner: partnerOf(startRow) }).toPartner).toEqual({ dealValue: '60000' });
  });

  test('tells where a value cannot go, and cuts nothing', () => {
    expect(plan({ crm: crmOf(startRow), partner: partnerOf({ ...startRow, notes: 'x'.repeat(61) }) })).toMatchObject({ toCrm: none, reasons: [{ code: 'text-too-long', field: 'notes', params: { system: 'The CRM', max: 60 } }] });
    expect(plan({ crm: crmOf(startRow), partner: partnerOf({ ...startRow, currency: 'CHF' }) })).toMatchObject({ toCrm: none, reasons: [{ code: 'currency-unknown', params: { system: 'The CRM', code: 'CHF' } }] });
    const computed = { ...crmOf(startRow).cells, dealValue: { kind: 'computed', value: '50000' } as const };
    expect(plan({ crm: { ...crmOf(startRow), cells: computed }, partner: partnerOf({ ...startRow, dealValue: '60000' }) })).toMatchObject({ toCrm: none, reasons: [{ code: 'value-not-taken', field: 'dealValue' }] });
  });

  test('makes a value that one side cannot hold a conflict as soon as the other side changes too', () => {
    expect(plan({ crm: crmOf({ ...startRow, notes: 'mine' }), partner: partnerOf({ ...startRow, notes: 'x'.repeat(61) }) }).conflicts).toMatchObject([{ field: 'notes', agreed: 'first notes', crm: 'mine' }]);
  });

  test('sends a product change both ways or not at all', () => {
    const many = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `S${from + n}`);
    const made = plan({ crm: crmOf({ ...startRow, solutions: many(0, 40) }), partner: partnerOf({ ...startRow, solutions: many(30, 60) }) });
    expect(made).toMatchObject({ toPartner: none, toCrm: none, reasons: [{ code: 'solutions-too-many', params: { n: 60 } }] });
  });

  test('sends none of the products when the CRM cannot hold what Partner Center added', () => {
    const small = { ...limits, maxLengths: { solutions: 12 } };
    const made = planUpdate({ link: linkOf({ agreed: agreedFrom(startRow) }), crm: crmOf({ ...startRow, solutions: ['SOL-A', 'SOL-B', 'X'] }), partner: partnerOf({ ...startRow, solutions: ['SOL-A', 'SOL-B', 'SOL-C'] }), today, names, limits: small });
    expect(made).toMatchObject({ toPartner: none, toCrm: none, reasons: [{ code: 'text-too-long', field: 'solutions', params: { system: names.crm, max: 12 } }] });
  });

  test('adds to a side only what the other added, where a value was not taken before', () => {
    const agreed = { ...agreedFrom(startRow), solutions: { crm: ['sol-a', 'sol-b'], partner: ['SOL-A', 'SOL-B'] } };
    const made = plan({ crm: crmOf({ ...startRow, solutions: ['sol-a', 'sol-b', 'sol-c'] }), partner: partnerOf(startRow), link: { agreed } });
    expect([made.toPartner, made.toCrm]).toEqual([{ solutions: ['SOL-A', 'SOL-B', 'sol-c'] }, {}]);
  });

  test('says that sides which rest and differ are not in sync, whatever brought them apart', () => {
    const agreed = { ...agreedFrom(startRow), solutions: { crm: ['sol-a'], partner: ['SOL-A', 'SOL-B'] }, notes: { crm: 'tidied here', partner: 'first notes' } };
    const resting = { crm: crmOf({ ...startRow, solutions: ['sol-a'], notes: 'tidied here' }), partner: partnerOf(startRow), link: { agreed } };
    expect(plan(resting)).toMatchObject({ toPartner: none, toCrm: none, lines: [], reasons: [{ code: 'value-not-taken', field: 'solutions', actor: 'admin' }] });
    const emptied = { ...resting, crm: crmOf({ ...startRow, solutions: null }), link: { agreed: { ...agreedFrom(startRow), solutions: { crm: ['SOL-B', 'sol-a'], partner: ['SOL-A', 'SOL-B'] } } } };
    expect(plan(emptied)).toMatchObject({ toPartner: { solutions: ['SOL-A'] }, toCrm: none, reasons: [{ code: 'value-not-taken', field: 'solutions' }] });
  });

  test('keeps the status that closed in Partner Center, and closes the CRM’s record', () => {
    expect(plan({ crm: crmOf({ ...startRow, status: 'Won' }), partner: partnerOf({ ...startRow, status: 'Lost' }, { status: 'Closed', substatus: 'Lost' }) })).toMatchObject({ toCrm: { status: 'Lost' }, conflicts: [], lines: [{ text: 'Status: Won → Lost' }, { text: 'Status: not kept: Won' }] });
    expect(plan({ crm: crmOf({ ...startRow, status: 'Lost' }), partner: partnerOf({ ...startRow, status: 'Declined' }, { status: 'Closed', substatus: 'Declined' }) })).toMatchObject({ toCrm: none, agreed: { status: { crm: 'Lost', partner: 'Declined' } } });
  });

  test('asks about a deal won here that Partner Center gave a status which is not final', () => {
    const paused = plan({ crm: crmOf({ ...startRow, status: 'Won' }), partner: partnerOf({ ...startRow, status: 'Paused' }, { status: 'Paused', substatus: 'Parked' }) });
    expect(paused).toMatchObject({ toPartner: none, toCrm: none, conflicts: [{ field: 'status', crm: 'Won', partner: 'Paused' }] });
  });

  test('explains a reopening, and never reopens or closes a record for a status that is not final', () => {
    const won = agreedFrom({ ...startRow, status: 'Won' });
    expect(plan({ crm: crmOf(startRow), partner: partnerOf({ ...startRow, status: 'Won' }, { status: 'Closed', substatus: 'Won' }), link: { agreed: won } })).toMatchObject({ toPartner: none, toCrm: none, reasons: [{ code: 'referral-terminal', params: { status: 'Closed/Won' } }] });
    for (const [mine, theirs, agreed] of [['Won', 'Active', won], ['Active', 'Paused', agreedFrom(startRow)]] as const) {
      expect(plan({ crm: crmOf({ ...startRow, status: mine }), partner: partnerOf({ ...startRow, status: theirs }), link: { agreed } })).toMatchObject({ toPartner: none, toCrm: none, reasons: [{ code: 'value-not-taken', field: 'status' }] });
    }
  });

  test('takes over what only one side has, settles what is equal, and asks about the rest', () => {
    const made = plan({ crm: crmOf({ ...startRow, notes: null, closingDate: '2027-05-05', dealValue: null, currency: 'EUR' }), partner: partnerOf({ ...startRow, solutions: ['SOL-B', 'SOL-C'] }), link: { agreed: {} } });
    expect(made.toCrm).toEqual({ notes: 'first notes', dealValue: '50000', currency: 'USD', solutions: ['SOL-A', 'SOL-B', 'SOL-C'] });
    expect(made.toPartner).toEqual({ solutions: ['SOL-A', 'SOL-B', 'SOL-C'] });
    expect(made.conflicts.map((each) => each.field)).toEqual(['closingDate']);
    expect(made.agreed.status).toEqual({ crm: 'Active', partner: 'Active' });
  });

  test('gives Partner Center what only the CRM has when both meet for the first time', () => {
    expect(plan({ crm: crmOf({ ...startRow, notes: 'mine' }), partner: partnerOf({ ...startRow, notes: null }), link: { agreed: {} } })).toMatchObject({ toPartner: { notes: 'mine' }, toCrm: none, conflicts: [] });
  });

  test('takes over a closed referral as closed', () => {
    expect(plan({ crm: crmOf(startRow), partner: partnerOf({ ...startRow, status: 'Won' }, { status: 'Closed', substatus: 'Won' }), link: { agreed: {} } })).toMatchObject({ toCrm: { status: 'Won' }, conflicts: [] });
  });

  test('does not call a seller’s edit a conflict because another field of its group is read for the first time', () => {
    const { currency: _, ...agreed } = agreedFrom(startRow);
    expect(plan({ crm: crmOf({ ...startRow, dealValue: '60000' }), partner: partnerOf(startRow), link: { agreed } })).toMatchObject({ toPartner: { dealValue: '60000', currency: 'USD' }, conflicts: [] });
    const notTaken = { ...agreed, dealValue: { crm: '50000.4', partner: '50000' } };
    const made = plan({ crm: crmOf({ ...startRow, dealValue: '50000.4' }), partner: partnerOf(startRow), link: { agreed: notTaken } });
    expect(made).toMatchObject({ toPartner: none, toCrm: none, conflicts: [], agreed: { currency: { crm: 'USD', partner: 'USD' } } });
  });

  test('lists each differing field of a group in conflict, with the times of when its values were first seen', () => {
    const before: Conflict = { field: 'dealValue', group: 'money', agreed: 50_000, crm: 60_000, partner: 55_000, crmOn: '2026-11-20T00:00:00Z', partnerOn: '2026-11-20T01:00:00Z' };
    const made = plan({ crm: crmOf({ ...startRow, dealValue: '60000', currency: 'EUR' }), partner: partnerOf({ ...startRow, dealValue: '56000' }), link: { conflicts: [before] } });
    expect(made.conflicts).toEqual([
      { ...before, partner: 56_000, partnerOn: '2026-11-23T09:30:00Z' },
      { field: 'currency', group: 'money', agreed: 'USD', crm: 'EUR', partner: 'USD', crmOn: '2026-11-23T09:00:00Z', partnerOn: '2026-11-23T09:30:00Z' },
    ]);
  });
});

describe('a refusal', () => {
  const crm = crmOf({ ...startRow, dealValue: '0' });
  const partner = partnerOf(startRow);
  const refused = { hash: refusalHash(linkOf(), partner, groupValues('money', crm, partner, 'crm')), side: 'partner', reasons: [reason('deal-value-zero', 'dealValue')] } as const;
  const link = { refused: { 'partner:money': refused } };

  test('stands, and keeps the group from being sent again, while nothing about it changes', () => {
    expect(plan({ crm, partner, link })).toMatchObject({ toPartner: none, refused: link.refused, reasons: [{ code: 'deal-value-zero' }] });
  });

  test.each<[string, { crm?: CrmSnapshot; partner?: PartnerSnapshot; link?: Partial<Link> }]>([
    ['the value changes', { crm: crmOf({ ...startRow, dealValue: '70000' }) }], ['the mapping changes', { link: { ...link, mappingVersion: 'm2' } }], ['the referral’s status changes', { partner: partnerOf(startRow, { substatus: 'Engaged' }) }],
  ])('is tried again when %s', (_what, change) => {
    expect(plan({ crm, partner, link, ...change })).toMatchObject({ refused: none, reasons: [] });
    expect(plan({ crm, partner, link, ...change }).toPartner).toHaveProperty('dealValue');
  });

  test('is forgotten when the value is put back', () => {
    expect(plan({ crm: crmOf(startRow), partner, link })).toMatchObject({ toPartner: none, refused: none, reasons: [] });
  });

  test('does not hold up the other groups', () => {
    expect(plan({ crm: crmOf({ ...startRow, dealValue: '0', notes: 'go' }), partner, link }).toPartner).toEqual({ notes: 'go' });
  });

  test('of a value that read back as another one stands as long as both sides rest and differ, whatever the referral’s status', () => {
    const differ = { crm: crmOf({ ...startRow, dealValue: '50000.4' }), partner: partnerOf(startRow, { substatus: 'Engaged' }) };
    const agreed = { ...agreedFrom(startRow), dealValue: { crm: '50000.4', partner: '50000' } };
    const standing = { 'partner:money': { hash: 'old', side: 'partner', reasons: [reason('value-not-taken', 'dealValue')] } } as const;
    expect(plan({ ...differ, link: { agreed, refused: standing } })).toMatchObject({ toPartner: none, refused: standing, reasons: [{ code: 'value-not-taken' }] });
    expect(plan({ ...differ, crm: crmOf({ ...startRow, dealValue: '60000' }), link: { agreed, refused: standing } })).toMatchObject({ toPartner: { dealValue: '60000' }, refused: none, reasons: [] });
  });

  test('of the CRM keeps the group from being written again until its value changes', () => {
    const [mine, theirs] = [crmOf(startRow), partnerOf({ ...startRow, notes: 'not taken' })];
    const standing = { 'crm:notes': { hash: refusalHash(linkOf(), theirs, groupValues('notes', mine, theirs, 'partner')), side: 'crm', reasons: [reason('field-refused', 'notes')] } } as const;
    expect(plan({ crm: mine, partner: theirs, link: { refused: standing } })).toMatchObject({ toCrm: none, refused: standing, reasons: [{ code: 'field-refused' }] });
    expect(plan({ crm: mine, partner: partnerOf({ ...startRow, notes: 'another' }), link: { refused: standing } })).toMatchObject({ toCrm: { notes: 'another' }, refused: none, reasons: [] });
  });

  test.each(['crm', 'partner'] as const)('of %s is of no account once both say the same', (side) => {
    const [mine, theirs] = [crmOf({ ...startRow, notes: 'same' }), partnerOf({ ...startRow, notes: 'same' })];
    const standing = { [`${side}:notes`]: { hash: refusalHash(linkOf(), theirs, groupValues('notes', mine, theirs, side === 'crm' ? 'partner' : 'crm')), side, reasons: [reason('field-refused', 'notes')] } } as const;
    expect(plan({ crm: mine, partner: theirs, link: { refused: standing } })).toMatchObject({ toPartner: none, toCrm: none, refused: none, reasons: [] });
  });

  test('of one side is of no account once the other side’s value goes over it', () => {
    const theirs = { 'crm:money': { hash: refusalHash(linkOf(), partner, groupValues('money', crm, partner, 'partner')), side: 'crm', reasons: [reason('value-not-taken', 'dealValue')] } } as const;
    expect(plan({ crm: crmOf({ ...startRow, dealValue: '70000' }), partner, link: { refused: theirs } })).toMatchObject({ toPartner: { dealValue: '70000' }, refused: none, reasons: [] });
  });
});

describe('a link', () => {
  test('moves by the table and never otherwise', () => {
    for (const from of phases) for (const to of phases) {
      const move = (): Link => movePhase(linkOf({ phase: from }), to);
      if (from === to || phaseMoves[from].includes(to)) expect(move().phase).toBe(to);
      else expect(move).toThrow(`A link cannot go from ${from} to ${to}.`);
    }
  });
});

test('won, lost, declined, expired and error are final; active and what nobody knows are not', () => {
  expect(['Won', 'Lost', 'Declined', 'Expired', 'Error', 'Active', 'Paused', null, 5].map(isTerminal)).toEqual([true, true, true, true, true, false, false, false, false]);
  expect(helpCodes).toHaveLength(6);
});

const agreedFrom = (row: Readonly<Record<string, Json>>): Agreed => Object.fromEntries(Object.entries(row).map(([field, value]) => [field, { crm: value, partner: value }])) as Agreed;

function plan(input: { crm: CrmSnapshot; partner: PartnerSnapshot; link?: Partial<Link> }): Plan {
  return planUpdate({ link: linkOf({ agreed: agreedFrom(startRow), ...input.link }), crm: input.crm, partner: input.partner, today, names, limits });
}
