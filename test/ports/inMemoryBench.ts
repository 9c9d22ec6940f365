// The in-memory CRM with people in it.
import { syncStatuses } from '../../core/index';
import { usualDeal, type CrmBench, type Deal } from './crmBench';
import { createInMemoryCrm, lengths, type Deal as Row } from './inMemoryCrm';

const ids = { contoso: 'account-contoso', fabrikam: 'account-fabrikam', avery: 'contact-avery', dana: 'user-dana', robin: 'user-robin', serviceUser: 'user-service' };

export async function openInMemoryBench(): Promise<CrmBench> {
  const crm = createInMemoryCrm(ids.serviceUser);
  crm.accounts.set(ids.contoso, { key: null, name: 'Contoso Retail', line1: '1 Main Street', line2: null, city: 'Redmond', state: 'WA', postalCode: '98052', country: 'US' });
  crm.accounts.set(ids.fabrikam, { key: null, name: 'Fabrikam Workshop', line1: '2 Side Street', line2: null, city: 'Springfield', state: null, postalCode: null, country: null });
  crm.contacts.set(ids.avery, { key: null, account: ids.contoso, firstName: 'Avery', lastName: 'Howard', email: 'avery.howard@contosoretail.example', phone: '+1 425 555 0120' });
  crm.users.set(ids.dana, { firstName: 'Dana', lastName: 'Seller', email: 'dana.seller@contoso.example', phone: '+1 425 555 0100' });
  crm.users.set(ids.robin, { firstName: 'Robin', lastName: 'Seller', email: 'robin.seller@contoso.example', phone: null });
  return {
    port: crm.port, ids, longest: { name: lengths.name!, notes: lengths.notes! }, nobody: 'deal-999999',
    makes: async (deal = {}) => ({ kind: 'opportunity', id: crm.makes(toRow({ ...usualDeal, ...deal })) }),
    edits: async (ref, deal) => crm.edits(ref.id, toRow(deal, crm.row(ref.id))),
    deletes: async (ref) => crm.deletes(ref.id),
    withhold: async (field, withheld) => void (withheld ? crm.withheld.add(field) : crm.withheld.delete(field)),
    forbidWrites: (forbidden) => void (crm.writable = !forbidden),
    computesAmount: async (ref) => crm.edits(ref.id, { isSum: true }),
    calls() {
      const { calls } = crm;
      crm.calls = 0;
      return calls;
    },
    statusShown: (ref) => syncStatuses.find((status) => status === crm.row(ref.id)?.shown.status) ?? null,
    async mend() {
      crm.withheld.clear();
      crm.writable = true;
    },
    close: async () => undefined,
  };
}

function toRow({ products, sync, requestedAction, requestedReason, choices, customer, contact, ...plain }: Deal, before?: Row): Partial<Row> {
  const asked = Object.fromEntries(Object.entries({ sync, requestedAction, requestedReason, choices }).filter(([, each]) => each !== undefined));
  return {
    ...(plain as Partial<Row>), ...(products === undefined ? {} : { solutions: products }),
    ...(customer === undefined ? {} : { customer: customer && (customer === 'contoso' ? ids.contoso : ids.fabrikam) }), ...(contact === undefined ? {} : { contact: contact && ids.avery }),
    control: { ...(before?.control ?? { sync: false, requestedAction: null, requestedReason: null, choices: null }), ...asked },
  };
}
