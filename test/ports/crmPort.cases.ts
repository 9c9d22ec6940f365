// The contract of the CRM port: what the journey relies on, said once and run on every CRM.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { canonical, type CrmSnapshot, type FieldKey } from '../../core/index';
import { RemoteFailure } from '../../plugins-proxy/ports/failure';
import type { CrmChange, CrmRef } from '../../plugins-proxy/ports/crm';
import { value, type CrmBench, type Deal } from './crmBench';

export function crmPortCases(name: string, open: () => Promise<CrmBench>): void {
  describe(`the CRM port: ${name}`, () => {
    let bench: CrmBench;

    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench.close());
    beforeEach(async () => {
      await bench.mend();
      await bench.port.describe();
      bench.calls();
    });

    const found = async (ref: CrmRef): Promise<CrmSnapshot> => {
      const read = await bench.port.read(ref);
      if (read.type !== 'found') throw new Error('It should be there.');
      return read.snapshot;
    };
    const made = async (deal?: Deal): Promise<{ ref: CrmRef; base: CrmSnapshot }> => {
      const ref = await bench.makes(deal);
      return { ref, base: await found(ref) };
    };
    const written = async (ref: CrmRef, change: CrmChange, base: CrmSnapshot): Promise<CrmSnapshot> => {
      const answer = await bench.port.write(ref, change, base);
      if (answer.type !== 'written') throw new Error(JSON.stringify(answer));
      return answer.snapshot;
    };
    /** As core compares it: line breaks and trailing zeros are nobody's change. */
    const holds = ({ cells, moneyScale }: CrmSnapshot, field: FieldKey): unknown => canonical(field, cells, { moneyScale });

    describe('reading', () => {
      test('brings a deal and all it hangs on in one call', async () => {
        const ref = await bench.makes();
        bench.calls();
        const snapshot = await found(ref);
        expect(bench.calls()).toBe(1);
        expect(snapshot.cells).toEqual({
          name: value('Rollout for Contoso'),
          dealValue: value('50000.5'),
          currency: value('USD'),
          closingDate: value('2027-03-31'),
          notes: value(expect.stringMatching(/^First line\r?\nSecond line$/)),
          status: value('Active'),
          salesStage: snapshot.cells.salesStage,
          'customer.name': value('Contoso Retail'),
          'customer.address': value({ line1: '1 Main Street', line2: null, city: 'Redmond', state: 'WA', postalCode: '98052' }),
          'customer.country': value({ code: 'US', text: 'United States' }),
          'customer.contact': value({ firstName: 'Avery', lastName: 'Howard', email: 'avery.howard@contosoretail.example', phone: '+1 425 555 0120' }),
          team: value([{ firstName: 'Dana', lastName: 'Seller', email: 'dana.seller@contoso.example', phone: '+1 425 555 0100' }]),
          solutions: value(['SOL-1', 'SOL-2', 'SOL-3']),
          help: value('ProofOfConceptOrDemo'),
          notesToMicrosoft: { kind: 'empty' },
          visibility: value('visible'),
          externalReferenceId: value(ref.id),
        });
        expect(snapshot).toMatchObject({
          control: { sync: true, requestedAction: null, requestedReason: null, choices: null },
          shown: { identifier: null, link: null, lastSyncedOn: null },
          refs: { customer: { kind: 'account', id: bench.ids.contoso, name: 'Contoso Retail' }, contact: { kind: 'contact', id: bench.ids.avery }, owner: { kind: 'user', id: bench.ids.dana } },
          secured: [],
        });
        for (const time of [snapshot.createdOn, snapshot.modifiedOn]) expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
        expect(snapshot.version).not.toBe('');
      });

      test('finds no contact where there is none, and no country where nobody typed one', async () => {
        const { base } = await made({ customer: 'fabrikam', contact: null });
        expect(base.cells['customer.name']).toEqual(value('Fabrikam Workshop'));
        expect(base.cells['customer.country']).toEqual({ kind: 'empty' });
        expect(base.cells['customer.contact']).toEqual({ kind: 'empty' });
        const { base: bare } = await made({ customer: null, contact: null });
        expect([bare.cells['customer.name'], bare.cells['customer.address'], bare.refs.customer]).toEqual([{ kind: 'empty' }, { kind: 'empty' }, null]);
      });

      test('empties are empty, and what a seller asks for is read', async () => {
        const { base } = await made({ dealValue: null, notes: null, products: null, help: null, visibility: null, sync: false, requestedAction: 'decline', requestedReason: 'No budget', choices: '{"choices":[]}' });
        for (const field of ['dealValue', 'notes', 'solutions', 'help', 'visibility'] as const) expect([field, base.cells[field]]).toEqual([field, { kind: 'empty' }]);
        expect(base.control).toEqual({ sync: false, requestedAction: 'decline', requestedReason: 'No budget', choices: '{"choices":[]}' });
      });

      test('an amount has the digits of its currency', async () => {
        const { base } = await made({ currency: 'JPY', dealValue: 1200 });
        expect([base.cells.currency, holds(base, 'dealValue')]).toEqual([value('JPY'), '1200']);
        expect(base.moneyScale).toMatchObject({ USD: 2, EUR: 2, JPY: 0 });
      });

      test('says gone when the record was deleted, and for an id that nobody has', async () => {
        const ref = await bench.makes();
        await bench.deletes(ref);
        expect(await bench.port.read(ref)).toEqual({ type: 'gone' });
        expect(await bench.port.read({ kind: 'opportunity', id: bench.nobody })).toEqual({ type: 'gone' });
      });

      test('never takes a withheld value for an empty one, nor an empty one that it may read for withheld', async () => {
        const [filled, empty] = [await bench.makes(), await bench.makes({ dealValue: null })];
        await bench.withhold('dealValue', true);
        for (const ref of [filled, empty]) {
          const read = await bench.port.readAnew(ref);
          expect(read).toMatchObject({ type: 'found', snapshot: { cells: { dealValue: { kind: 'unreadable' }, name: value('Rollout for Contoso') } } });
        }
        await bench.withhold('dealValue', false);
        expect(await bench.port.readAnew(filled)).toMatchObject({ type: 'found', snapshot: { cells: { dealValue: value('50000.5') } } });
        expect(await bench.port.readAnew(empty)).toMatchObject({ type: 'found', snapshot: { cells: { dealValue: { kind: 'empty' } } } });
      });

      test('marks an amount that the system sums up as computed', async () => {
        const ref = await bench.makes();
        await bench.computesAmount(ref);
        expect((await found(ref)).cells.dealValue?.kind).toBe('computed');
      });

      test('another content is another version', async () => {
        const { ref, base } = await made();
        await bench.edits(ref, { notes: 'Changed' });
        const now = await found(ref);
        expect(now.version !== base.version || base.unsettled === true).toBe(true);
        expect(holds(now, 'notes')).toBe('Changed');
      });
    });

    describe('writing', () => {
      test('carries values and what the seller sees, and leaves the rest', async () => {
        const { ref, base } = await made();
        const snapshot = await written(ref, {
          values: { dealValue: '61000.25', currency: 'EUR', closingDate: '2027-04-01', solutions: ['SOL-1', 'SOL-9'], notes: 'First line\nThird line' },
          present: { status: 'synced', identifier: 'ref-write-1', link: 'https://partner.microsoft.com/x', lastSyncedOn: '2026-11-24T10:00:00.123Z', details: '{}', audit: 'line', microsoftStatus: 'New/Pending', microsoftCrmId: '7-X' },
        }, base);
        for (const [field, wanted] of Object.entries({ dealValue: '61000.25', currency: 'EUR', closingDate: '2027-04-01', solutions: ['SOL-1', 'SOL-9'], notes: 'First line\nThird line' })) expect([field, holds(snapshot, field as FieldKey)]).toEqual([field, wanted]);
        for (const field of ['name', 'customer.name', 'customer.address', 'customer.contact', 'team', 'help', 'visibility', 'status'] as const) expect([field, snapshot.cells[field]]).toEqual([field, base.cells[field]]);
        expect(snapshot.shown).toEqual({ status: 'synced', identifier: 'ref-write-1', link: 'https://partner.microsoft.com/x', lastSyncedOn: '2026-11-24T10:00:00Z', details: '{}', microsoftStatus: 'New/Pending', microsoftCrmId: '7-X' });
        expect(bench.statusShown(ref)).toBe('synced');
        expect((await found(ref)).cells).toEqual(snapshot.cells);
      });

      test('makes no call for what stands there already', async () => {
        const { ref, base } = await made();
        const first = await written(ref, { values: {}, present: { status: 'synced', lastSyncedOn: '2026-11-24T10:00:00Z' } }, base);
        bench.calls();
        const again = await bench.port.write(ref, { values: { name: 'Rollout for Contoso', closingDate: '2027-03-31' }, present: { status: 'synced', lastSyncedOn: '2026-11-24T10:00:00.500Z', clear: ['requestedAction'] } }, first);
        expect(again).toEqual({ type: 'written', snapshot: first });
        expect(bench.calls()).toBe(0);
      });

      test('values are written under the version: whoever wrote since is read first, and their value stays', async () => {
        const { ref, base } = await made();
        await bench.edits(ref, { dealValue: 70000 });
        expect(await bench.port.write(ref, { values: { dealValue: '1' }, present: {} }, base)).toEqual({ type: 'stale' });
        expect(holds(await found(ref), 'dealValue')).toBe('70000');
      });

      test('what the seller asked for meanwhile is not emptied', async () => {
        const { ref, base } = await made({ requestedAction: 'syncNow' });
        await bench.edits(ref, { requestedAction: 'accept' });
        expect(await bench.port.write(ref, { values: {}, present: { clear: ['requestedAction'] } }, base)).toEqual({ type: 'stale' });
        expect((await found(ref)).control.requestedAction).toBe('accept');
      });

      test('a status alone never writes over a seller\'s value, and its answer shows who wrote since', async () => {
        const { ref, base } = await made();
        await bench.edits(ref, { dealValue: 70000 });
        const answer = await bench.port.write(ref, { values: {}, present: { status: 'failed' } }, base);
        if (answer.type === 'written') expect(holds(answer.snapshot, 'dealValue')).toBe('70000');
        else expect(answer).toEqual({ type: 'stale' });
        expect(holds(await found(ref), 'dealValue')).toBe('70000');
      });

      test('says gone when the record was deleted since', async () => {
        const { ref, base } = await made();
        await bench.deletes(ref);
        expect(await bench.port.write(ref, { values: { dealValue: '1' }, present: {} }, base)).toEqual({ type: 'gone' });
        expect(await bench.port.write(ref, { values: {}, present: { status: 'synced' } }, base)).toEqual({ type: 'gone' });
      });

      test('empties what the seller asked for once carried out, and switches the flag', async () => {
        const { ref, base } = await made({ requestedAction: 'accept', requestedReason: 'because', choices: '{"choices":[]}' });
        const snapshot = await written(ref, { values: {}, present: { clear: ['requestedAction', 'choices'], sync: false } }, base);
        expect(snapshot.control).toMatchObject({ sync: false, requestedAction: null, choices: null });
      });

      test('empties a value', async () => {
        const { ref, base } = await made();
        expect((await written(ref, { values: { notes: null, solutions: null }, present: {} }, base)).cells).toMatchObject({ notes: { kind: 'empty' }, solutions: { kind: 'empty' } });
      });

      test('names the field of a text that is too long, and its limit', async () => {
        const { ref, base } = await made();
        const refused = await bench.port.write(ref, { values: { notes: 'x'.repeat(bench.longest.notes + 1), closingDate: '2027-04-01' }, present: {} }, base);
        expect(refused).toEqual({ type: 'refused', reasons: [{ code: 'text-too-long', field: 'notes', actor: 'you', params: { system: bench.port.displayName, max: bench.longest.notes } }] });
        expect(holds(await found(ref), 'closingDate')).toBe('2027-03-31');
      });

      test('refuses a currency that the CRM lacks without a call', async () => {
        const { ref, base } = await made();
        bench.calls();
        expect(await bench.port.write(ref, { values: { currency: 'CHF', dealValue: '5' }, present: {} }, base)).toEqual({ type: 'refused', reasons: [expect.objectContaining({ code: 'currency-unknown', field: 'currency', params: { system: bench.port.displayName, code: 'CHF' } })] });
        expect(bench.calls()).toBe(0);
      });

      test('tells a missing permission as the reason that the admin reads', async () => {
        const { ref, base } = await made();
        bench.forbidWrites(true);
        expect(await bench.port.write(ref, { values: { dealValue: '5' }, present: {} }, base)).toEqual({ type: 'refused', reasons: [expect.objectContaining({ code: 'no-permission', params: { system: bench.port.displayName, role: 'Co-sell Sync Service' } })] });
        expect(holds(await found(ref), 'dealValue')).toBe('50000.5');
      });

      test('tells an identifier that another record holds', async () => {
        const [one, two] = [await made(), await made()];
        await written(one.ref, { values: {}, present: { identifier: 'ref-key-1' } }, one.base);
        expect(await bench.port.write(two.ref, { values: {}, present: { identifier: 'ref-key-1' } }, two.base)).toMatchObject({ type: 'refused', reasons: [{ code: 'linked-elsewhere' }] });
        expect((await found(two.ref)).shown.identifier).toBeNull();
      });
    });

    describe('closing', () => {
      test.each([['won', 'Won'], ['lost', 'Lost'], ['canceled', 'Lost']] as const)('%s closes as %s', async (as, status) => {
        const { ref } = await made();
        expect(await bench.port.close(ref, as, 'the customer decided')).toEqual({ type: 'closed' });
        const now = await found(ref);
        expect([now.cells.status, holds(now, 'dealValue')]).toEqual([value(status), '50000.5']);
        expect(await bench.port.statusReason?.(ref)).toEqual(expect.stringMatching(/\S/));
      });

      test('turns what was closed the other way, and leaves alone what is closed as wanted', async () => {
        const { ref } = await made();
        await bench.port.close(ref, 'won', null);
        expect(await bench.port.close(ref, 'lost', null)).toEqual({ type: 'closed' });
        const lost = await found(ref);
        expect(lost.cells.status).toEqual(value('Lost'));
        expect(await bench.port.close(ref, 'canceled', null)).toEqual({ type: 'closed' });
        expect((await found(ref)).modifiedOn).toBe(lost.modifiedOn);
        expect(await bench.port.close({ kind: 'opportunity', id: bench.nobody }, 'won', null)).toEqual({ type: 'gone' });
      });

      test('shows the status on a closed deal', async () => {
        const { ref } = await made();
        await bench.port.close(ref, 'won', null);
        const snapshot = await written(ref, { values: {}, present: { status: 'synced' } }, await found(ref));
        expect([snapshot.shown.status, snapshot.cells.status]).toEqual(['synced', value('Won')]);
      });
    });

    describe('making records for a referral', () => {
      const record = (referralId: string, more: object = {}) => ({
        referralId, values: { name: 'From Partner Center', dealValue: '1200', currency: 'EUR', closingDate: '2027-05-01', notes: 'n', solutions: ['SOL-1'], help: 'GeneralOrOther', visibility: 'private', ...more },
        present: { sync: true, identifier: referralId, status: 'synced' as const }, customerId: bench.ids.contoso, contactId: bench.ids.avery, ownerId: bench.ids.robin,
      });

      test('makes the deal once, however often it is asked, and leaves what stands there', async () => {
        const first = await bench.port.create(record('referral-1'));
        if (first.type !== 'created') throw new Error(JSON.stringify(first));
        expect(first.snapshot).toMatchObject({
          control: { sync: true }, shown: { identifier: 'referral-1', status: 'synced' },
          refs: { owner: { id: bench.ids.robin }, customer: { id: bench.ids.contoso }, contact: { id: bench.ids.avery } },
          cells: { dealValue: value('1200'), currency: value('EUR'), closingDate: value('2027-05-01'), help: value('GeneralOrOther'), visibility: value('private'), status: value('Active'), externalReferenceId: value(first.id) },
        });
        const ref = { kind: 'opportunity', id: first.id } as const;
        await bench.edits(ref, { dealValue: 1300 });
        expect(await bench.port.create(record('referral-1', { name: 'Another name' }))).toEqual({ type: 'exists', id: first.id });
        const now = await found(ref);
        expect([now.cells.name, holds(now, 'dealValue')]).toEqual([value('From Partner Center'), '1300']);
      });

      test('what it goes by before it is made is no other record\'s, and tells whether the CRM chooses the id', async () => {
        const waits = bench.port.plannedId('3f2504e0-4f89-41d3-9a0c-0305e82c3301');
        expect(waits).toBe(bench.port.plannedId('3F2504E0-4F89-41D3-9A0C-0305E82C3301'));
        const first = await bench.port.create(record('3f2504e0-4f89-41d3-9a0c-0305e82c3301'));
        const id = first.type === 'created' ? first.id : '';
        expect(bench.port.canonicalId(waits) === null ? id !== waits && waits === '3f2504e0-4f89-41d3-9a0c-0305e82c3301' : id === waits).toBe(true);
        expect(bench.port.canonicalId(id)).toBe(id);
        expect(await bench.port.read({ kind: 'opportunity', id: bench.port.plannedId('00000000-0000-4000-8000-0000000000ff') })).toEqual({ type: 'gone' });
      });

      test('refuses a text that is longer than the column, the name included: what is to be shortened is not for it to say', async () => {
        expect(await bench.port.create(record('referral-2', { name: `${'long '.repeat(bench.longest.name / 5)}end` }))).toMatchObject({ type: 'refused', reasons: [{ code: 'text-too-long', field: 'name' }] });
        expect(await bench.port.create({ ...record('referral-3'), values: { ...record('x').values, notes: 'y'.repeat(bench.longest.notes + 1) } })).toMatchObject({ type: 'refused', reasons: [{ code: 'text-too-long', field: 'notes' }] });
      });

      test('finds the customer by name without case, told apart by postal code or country', async () => {
        const customer = { name: 'CONTOSO retail', line1: null, line2: null, city: null, state: null, postalCode: '98 052', country: 'US' };
        expect(await bench.port.matchCustomer(customer)).toEqual({ type: 'one', id: bench.ids.contoso });
        expect(await bench.port.matchCustomer({ ...customer, postalCode: '10115', country: 'DE' })).toEqual({ type: 'none' });
        expect(await bench.port.matchCustomer({ ...customer, postalCode: null, country: 'DE' })).toEqual({ type: 'none' });
        for (const name of ["O'Hara & Söhne + 50% #1", "Back\\", "Robert'); DROP", '\\\' OR Name != \'', '"quoted"']) expect(await bench.port.matchCustomer({ ...customer, name })).toEqual({ type: 'none' });
      });

      test('makes customer and contact under their keys once, and says several when several could be meant', async () => {
        const customer = { name: 'Tailspin "Toys" & O\'Hara \\ Co', line1: '3 High Street', line2: 'Floor 2', city: 'London', state: null, postalCode: 'EC1A 1BB', country: 'GB' };
        const one = await bench.port.ensureCustomer(bench.port.keyFor('customer tailspin'), customer);
        if (one.type !== 'there') throw new Error(JSON.stringify(one));
        expect(await bench.port.ensureCustomer(bench.port.keyFor('customer tailspin'), { ...customer, city: 'Leeds' })).toEqual(one);
        expect(await bench.port.matchCustomer(customer)).toEqual({ type: 'one', id: one.id });
        const person = { firstName: 'Ada', lastName: null, email: 'Ada@tailspin.example', phone: null };
        const contact = await bench.port.ensureContact(bench.port.keyFor('contact ada'), one.id, person);
        if (contact.type !== 'there') throw new Error(JSON.stringify(contact));
        expect(await bench.port.ensureContact(bench.port.keyFor('contact ada'), one.id, person)).toEqual(contact);
        expect(await bench.port.matchContact(one.id, { ...person, email: 'ada@tailspin.example' })).toEqual({ type: 'one', id: contact.id });
        expect(await bench.port.matchContact(bench.ids.contoso, person)).toEqual({ type: 'none' });
        const deal = await bench.port.create({ ...record('referral-4'), customerId: one.id, contactId: contact.id });
        expect(deal).toMatchObject({ type: 'created', snapshot: { cells: { 'customer.address': value({ line1: '3 High Street', line2: 'Floor 2', city: 'London', state: null, postalCode: 'EC1A 1BB' }), 'customer.country': value(expect.objectContaining({ code: 'GB' })) } } });
        await bench.port.ensureCustomer(bench.port.keyFor('customer tailspin 2'), customer);
        expect(await bench.port.matchCustomer(customer)).toEqual({ type: 'several', count: 2 });
      });

      test('finds the first active user with one of the addresses', async () => {
        expect(await bench.port.findUserByEmail(['nobody@contoso.example', 'Robin.Seller@contoso.example', 'dana.seller@contoso.example'])).toBe(bench.ids.robin);
        expect(await bench.port.findUserByEmail(['nobody@contoso.example'])).toBeNull();
        expect(await bench.port.findUserByEmail([])).toBeNull();
      });
    });

    describe('looking around', () => {
      test('lists what changed since a mark and concerns us, with the CRM\'s own time', async () => {
        const shared = await made();
        const mark = new Date(Date.parse(shared.base.createdOn) - 60_000).toISOString();
        const silent = await bench.makes({ sync: false });
        const page = await bench.port.changedSince('opportunity', mark, null);
        const ids = page.records.map((record) => record.id);
        expect(ids).toContain(shared.ref.id);
        expect(ids).not.toContain(silent.id);
        expect(page.records.find((record) => record.id === shared.ref.id)).toMatchObject({ kind: 'opportunity', version: (await found(shared.ref)).version, modifiedOn: expect.stringMatching(/Z$/) });
        expect(Date.parse(page.serverNow)).toBeGreaterThanOrEqual(Date.parse(shared.base.createdOn));
        expect((await bench.port.changedSince('account', '2020-01-01T00:00:00Z', null)).records.map((record) => record.id)).toContain(bench.ids.contoso);
        expect(await bench.port.changedSince('lead', mark, null)).toMatchObject({ records: [], next: null });
        const later = new Date(Date.parse(page.serverNow) + 3_600_000).toISOString();
        expect(await bench.port.changedSince('opportunity', later, null)).toMatchObject({ records: [], next: null });
      });

      test('describes lengths and currencies and misses nothing that is installed', async () => {
        const description = await bench.port.describe();
        expect(description).toMatchObject({ maxLengths: bench.longest, currencies: { USD: 2, EUR: 2, JPY: 0 }, missing: [] });
        expect(description.currencies.CHF).toBeUndefined();
      });

      test('knows who it is, and makes one key of one name', async () => {
        expect(await bench.port.identity()).toEqual({ organizationId: expect.stringMatching(/\S/), userId: bench.ids.serviceUser });
        expect(bench.port.keyFor('a')).toBe(bench.port.keyFor('a'));
        expect(bench.port.keyFor('a')).not.toBe(bench.port.keyFor('b'));
        expect(bench.port.keyFor('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        for (const text of ['', 'deal 7', 'https://example.com', '12345']) expect(bench.port.canonicalId(text)).toBeNull();
      });
    });

    describe('trouble', () => {
      const over = (what: string, run: (network: NonNullable<CrmBench['network']>) => Promise<void>): void =>
        test(what, async () => {
          if (bench.network) await run(bench.network);
          else expect(bench.port.budget?.() ?? null).toBeNull();
        });

      over('signs in again once when its session stopped counting', async (network) => {
        const { ref } = await made();
        network.endSessions();
        expect((await bench.port.read(ref)).type).toBe('found');
        expect((await bench.port.read(ref)).type).toBe('found');
      });

      over('names what the schedule acts upon', async (network) => {
        const { ref, base } = await made();
        let now = await written(ref, { values: {}, present: { status: 'failed' } }, base);
        const fails = async (kind: Parameters<typeof network.fails>[0]): Promise<unknown> => {
          network.fails(kind, 'write');
          return bench.port.write(ref, { values: { dealValue: '1' }, present: {} }, now).then((answer) => answer, (error: unknown) => error);
        };
        expect(await fails('429')).toMatchObject({ class: 'throttled', surelyNotSent: true });
        expect(await fails('503')).toMatchObject({ class: 'unreachable', status: 503 });
        expect(await fails('500')).toMatchObject({ class: 'remote', status: 500 });
        expect(await fails('hang')).toMatchObject({ class: 'unreachable', surelyNotSent: false });
        expect(await fails('drop')).toMatchObject({ class: 'unreachable', surelyNotSent: false });
        now = await found(ref);
        expect(holds(now, 'dealValue')).toBe('50000.5');
        const lost = await fails('dropAfterEffect');
        expect(lost).toBeInstanceOf(RemoteFailure);
        expect(lost).toMatchObject({ class: 'unreachable', connection: bench.port.connection });
        expect(holds(await found(ref), 'dealValue')).toBe('1');
      });

      over('reads again by itself when the connection broke, once', async (network) => {
        const { ref } = await made();
        network.fails('drop', 'read', 1);
        expect((await bench.port.read(ref)).type).toBe('found');
        network.fails('drop', 'read', 2);
        await expect(bench.port.read(ref)).rejects.toMatchObject({ class: 'unreachable' });
      });

      over('gives up at once when the caller does', async (network) => {
        const { ref } = await made();
        network.fails('hang', 'read');
        const stop = new AbortController();
        setTimeout(() => stop.abort(new Error('the lease is gone')), 30);
        await expect(bench.port.read(ref, stop.signal)).rejects.toThrow('the lease is gone');
      });
    });
  });
}
