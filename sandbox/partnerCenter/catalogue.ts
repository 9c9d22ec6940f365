// What the stand-in knows of the world: solutions, countries, currencies, sizes.

export interface KnownSolution {
  readonly id: string;
  readonly name: string;
  readonly type: 'Name' | 'Category';
}

/** Partner solutions are `SOL-…`, Microsoft's own are GUIDs, tags are categories (partner-center.md 3). There is no API to look them up. */
export const DEFAULT_SOLUTIONS: readonly KnownSolution[] = [
  { id: 'SOL-12345-ABC', name: 'Fabrikam Inventory Cloud', type: 'Name' },
  { id: 'SOL-23456-BCD', name: 'Fabrikam Field Service', type: 'Name' },
  { id: 'SOL-34567-CDE', name: 'Fabrikam Demand Forecast', type: 'Name' },
  { id: 'SOL-45678-DEF', name: 'Fabrikam Invoice Reader', type: 'Name' },
  { id: 'SOL-56789-EFG', name: 'Fabrikam Store Analytics', type: 'Name' },
  { id: 'SOL-6789-FGHI', name: 'Fabrikam Warehouse Robotics', type: 'Name' },
  { id: '7f2c7c3e-3a55-4a43-9d0d-0a4b1f6f2f11', name: 'Azure Virtual Machines', type: 'Name' },
  { id: 'BusinessIntelligence', name: 'Business intelligence', type: 'Category' },
];

/** partner-center.md 2.5; real rows also hold an empty text or null. */
export const CUSTOMER_SIZES: readonly string[] = ['1to50employees', '51to500employees', 'Morethan500employees', '1to9employees', '10to50employees', '51to250employees', '251to1000employees', '1001to5000employees', '5001to10000employees', '10001to20000employees', 'Morethan20000employees'];

const NO_COUNTRIES = new Set(['UK', 'EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA', 'AN', 'SU', 'YU', 'DD', 'FX', 'BU', 'TP', 'ZR', 'CS', 'NT', 'VD', 'YD', 'DY', 'HV', 'NH', 'RH']);
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** Two capital letters of ISO 3166-1 (partner-center.md 2.2: ignore the table that says three). */
export const isCountry = (code: unknown): code is string => typeof code === 'string' && /^[A-Z]{2}$/.test(code) && !NO_COUNTRIES.has(code) && regions.of(code) !== undefined;

export const ISO_CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
