// `npm start`, the first time: what a seller has in Salesforce. Made-up companies, other ones than in Dynamics 365: no customer is kept in both.

/** Days from the first start; amounts in dollars. What was forgotten is left out, and the record says so once it is shared. */
export interface FirstSalesforceDeal {
  readonly customer: string;
  readonly topic: string;
  readonly value?: number;
  readonly closesIn: number;
  readonly stage: string;
  readonly share?: { readonly products?: string; readonly visible?: true; readonly help?: string };
  /** Microsoft takes it on, once it is shared. */
  readonly accepted?: true;
  readonly address: readonly [street: string, city: string, state: string, postalCode: string];
  readonly contact: readonly [firstName: string, lastName: string];
}

const products = 'SOL-34104-EBB;SOL-15974-MQF';

export const firstSalesforceDeals: readonly FirstSalesforceDeal[] = [
  { customer: 'Wide World Importers', topic: 'Wide World Importers – Warehouse analytics', value: 274_000, closesIn: 112, stage: 'Proposal/Price Quote', share: { products, visible: true, help: 'ProofOfConceptOrDemo' }, accepted: true, address: ['88 Dock Street', 'Tacoma', 'WA', '98402'], contact: ['Kayla', 'Woodcock'] },
  { customer: 'Blue Yonder Airlines', topic: 'Blue Yonder Airlines – Crew planning', value: 412_500, closesIn: 76, stage: 'Value Proposition', share: { products, visible: true }, address: ['15 Runway Court', 'Chicago', 'IL', '60666'], contact: ['Eva', 'Corets'] },
  { customer: 'Humongous Insurance', topic: 'Humongous Insurance – Claims automation', value: 538_000, closesIn: 193, stage: 'Needs Analysis', share: { products, visible: true, help: 'CustomerTechnicalArchitecture' }, accepted: true, address: ['201 Policy Plaza', 'Hartford', 'CT', '06103'], contact: ['Jay', 'Hamlin'] },
  { customer: 'Southridge Video', topic: 'Southridge Video – Media archive', value: 89_400, closesIn: 58, stage: 'Qualification', share: { products }, address: ['7 Studio Road', 'Burbank', 'CA', '91502'], contact: ['Toni', 'Poe'] },
  { customer: 'Munson’s Pickles', topic: 'Munson’s Pickles – Plant telemetry', value: 67_000, closesIn: 91, stage: 'Qualification', share: { visible: true }, address: ['3 Orchard Lane', 'Fresno', 'CA', '93721'], contact: ['Hanna', 'Moos'] },
  { customer: 'Consolidated Messenger', topic: 'Consolidated Messenger – Route planning', closesIn: 140, stage: 'Prospecting', share: { products, visible: true }, address: ['640 Parcel Avenue', 'Memphis', 'TN', '38103'], contact: ['Pilar', 'Ackerman'] },
  { customer: 'Margie’s Travel', topic: 'Margie’s Travel – Booking assistant', value: 118_000, closesIn: 164, stage: 'Prospecting', address: ['52 Compass Street', 'Austin', 'TX', '78701'], contact: ['Arlene', 'Huff'] },
];
