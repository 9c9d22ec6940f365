// `npm start`, the first time: what a seller has on the desk. Made-up companies, in the states that a day brings.

/** Days from the first start; amounts in dollars. `help` is the position of a choice, counted from 0. */
export interface FirstDeal {
  readonly customer: string;
  readonly topic: string;
  readonly value: number;
  readonly closesIn: number;
  readonly share?: { readonly help?: number; readonly visible?: true };
  /** What Microsoft and the customer make of it, once it is shared. */
  readonly then?: 'accepted' | 'bothChanged' | 'lost';
}

export interface FirstCustomer {
  readonly name: string;
  readonly address: readonly [street: string, city: string, state: string, postalCode: string];
  /** Left out where the seller forgot it. */
  readonly country?: string;
  readonly contact: readonly [firstName: string, lastName: string];
}

/** Solutions of the catalogue and what kind of thing each is, as the pictures of the product have them. */
export const firstSolutions: readonly (readonly [code: string, name: string, type: string])[] = [
  ['SOL-34104-EBB', 'Fabrikam Data Estate Accelerator', 'IP'],
  ['SOL-15974-MQF', 'Lakehouse Managed Service', 'Services'],
  ['SOL-20417-KPD', 'Modern Workplace Care', 'Services'],
  ['SOL-61120-RTW', 'Data Modernization Assessment', 'Services'],
  ['SOL-48215-JHN', 'Model Operations for Azure', 'IP'],
  ['SOL-70033-QAL', 'Mobile Field Insights', 'IP'],
  ['SOL-12345-ABC', 'Fabrikam Inventory Cloud', 'IP'],
  ['SOL-23456-BCD', 'Fabrikam Field Service', 'IP'],
];

const us = 'United States';

export const firstCustomers: readonly FirstCustomer[] = [
  { name: 'Adventure Works Cycles', address: ['23 Tsawassen Blvd', 'Bothell', 'WA', '98011'], country: us, contact: ['Rene', 'Valdes'] },
  { name: 'Northwind Traders', address: ['400 Harbor Avenue', 'Portland', 'OR', '97201'], country: us, contact: ['Susan', 'Burk'] },
  { name: 'Tailspin Toys', address: ['12 Assembly Road', 'Toledo', 'OH', '43604'], contact: ['Jim', 'Glynn'] },
  { name: 'Wingtip Toys', address: ['9 Market Street', 'San Francisco', 'CA', '94103'], country: us, contact: ['Maria', 'Campbell'] },
  { name: 'Litware, Inc.', address: ['1 Foundry Lane', 'Dallas', 'TX', '75201'], country: us, contact: ['Scott', 'Konersmann'] },
  { name: 'Woodgrove Bank', address: ['77 Exchange Place', 'New York', 'NY', '10005'], country: us, contact: ['Nancy', 'Anderson'] },
  { name: 'Fourth Coffee', address: ['5 Roastery Row', 'Seattle', 'WA', '98104'], country: us, contact: ['Yvonne', 'McKay'] },
  { name: 'Trey Research', address: ['30 Laboratory Way', 'Boston', 'MA', '02110'], country: us, contact: ['Robert', 'Lyon'] },
  { name: 'Proseware, Inc.', address: ['8 Signal Hill', 'Denver', 'CO', '80202'], country: us, contact: ['Sidney', 'Higa'] },
  { name: 'Alpine Ski House', address: ['2 Summit Drive', 'Salt Lake City', 'UT', '84101'], country: us, contact: ['Thomas', 'Andersen'] },
  { name: 'Lamna Healthcare', address: ['61 Clinic Road', 'Minneapolis', 'MN', '55401'], country: us, contact: ['Darren', 'Parker'] },
  { name: 'Bellows College', address: ['14 Campus Walk', 'Ann Arbor', 'MI', '48104'], country: us, contact: ['Kim', 'Abercrombie'] },
  { name: 'VanArsdel, Ltd.', address: ['19 Mill Street', 'Atlanta', 'GA', '30303'], country: us, contact: ['Cat', 'Francis'] },
];

const poc = { help: 2 } as const;

export const firstDeals: readonly FirstDeal[] = [
  { customer: 'Adventure Works Cycles', topic: 'Adventure Works – Azure data platform', value: 485_000, closesIn: 128, share: poc, then: 'accepted' },
  { customer: 'Northwind Traders', topic: 'Northwind – Modern workplace rollout', value: 128_400, closesIn: 67, share: { help: 1 }, then: 'accepted' },
  { customer: 'Tailspin Toys', topic: 'Tailspin Toys – Connected factory pilot', value: 96_000, closesIn: 81, share: { visible: true } },
  { customer: 'Wingtip Toys', topic: 'Wingtip – Customer 360 on Fabric', value: 212_750, closesIn: 172, share: { help: 0 } },
  { customer: 'Litware, Inc.', topic: 'Litware – SAP on Azure', value: 1_150_000, closesIn: 219, share: poc, then: 'bothChanged' },
  { customer: 'Woodgrove Bank', topic: 'Woodgrove Bank – Fraud analytics', value: 640_000, closesIn: 137, share: { help: 3 } },
  { customer: 'Fourth Coffee', topic: 'Fourth Coffee – Loyalty app', value: 54_900, closesIn: 45, share: { visible: true } },
  { customer: 'Trey Research', topic: 'Trey Research – Lab automation', value: 78_000, closesIn: 102 },
  { customer: 'Proseware, Inc.', topic: 'Proseware – Contact centre AI', value: 187_300, closesIn: 95, share: { help: 5 }, then: 'accepted' },
  { customer: 'Alpine Ski House', topic: 'Alpine Ski House – Booking platform', value: 143_000, closesIn: 53, share: { visible: true }, then: 'lost' },
  { customer: 'Lamna Healthcare', topic: 'Lamna Healthcare – Imaging archive', value: 905_000, closesIn: 235, share: { help: 1 }, then: 'accepted' },
  { customer: 'Bellows College', topic: 'Bellows College – Student portal', value: 61_200, closesIn: 270 },
  { customer: 'VanArsdel, Ltd.', topic: 'VanArsdel – Sustainability data hub', value: 332_000, closesIn: 151, share: poc },
];

/** A deal that Microsoft sends, and that waits for an answer. */
export const firstIncoming = {
  name: 'Relecloud – Streaming analytics', customerName: 'Relecloud', dealValue: 260_000, notesToMicrosoft: 'Customer runs Kafka on premises and wants to move before the next season.',
  address: { addressLine1: '44 Harbor Way', city: 'Seattle', state: 'WA', postalCode: '98101', country: 'US' },
  contact: { firstName: 'Nicole', lastName: 'Wagner', email: 'nicole@relecloud.example', phoneNumber: '+1 425 555 0160' },
  solutions: ['SOL-34104-EBB'], closesIn: 186,
} as const;
