// Test kit: what a model-driven app hands to a control, as its types and documentation describe it. Plain, so that it also runs inside a page.
import { en, zh } from './hostWords';

/** A value, or the whole property of a column. */
export type Given = string | number | boolean | null | undefined | Date | readonly object[] | Property;

export interface Property {
  readonly raw: unknown;
  readonly formatted?: string;
  readonly security?: { readonly readable: boolean; readonly editable: boolean; readonly secured: boolean };
  readonly attributes?: object;
}

export interface HostSettings {
  readonly language: 1033 | 2052;
  /** Minutes east of Greenwich, in the user's personal settings. */
  readonly offset: number;
  readonly isRightToLeft: boolean;
  readonly isDisabled: boolean;
  readonly isOffline: boolean;
  readonly isNew: boolean;
  /** Milliseconds until the form takes what the control hands over; a busy form is no quicker. */
  readonly takesAfter: number;
  /** Fluent 9 tokens; none in the classic look. */
  readonly tokens?: Readonly<Record<string, string>> | undefined;
  readonly label: string;
  /** Words of the control's RESX. */
  readonly words: Readonly<Record<string, string>>;
  readonly retrieveMultipleRecords: (table: string, query?: string, size?: number) => Promise<{ entities: object[]; nextLink: string }>;
  readonly onEvent: (name: string, payload: unknown) => void;
}

export const plainSettings: HostSettings = {
  language: 1033, offset: -480, isRightToLeft: false, isDisabled: false, isOffline: false, isNew: false, takesAfter: 0, label: '', words: {},
  retrieveMultipleRecords: () => Promise.reject(new Error('nobody expected a call')), onEvent: () => undefined,
};

/** Values as properties, the way the form hands them over. */
export function toParameters(values: Readonly<Record<string, Given>>): Record<string, Property & { error: boolean; errorMessage: string; type: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, given]) => [name, { error: false, errorMessage: '', type: '', ...(isProperty(given) ? given : { raw: given }) }]));
}

const isProperty = (given: Given): given is Property => typeof given === 'object' && given !== null && 'raw' in given;

/** The context of one control. Its types are those of the control that is tried. */
export function createContext(values: Readonly<Record<string, Given>>, given: Partial<HostSettings> = {}): never {
  const settings = { ...plainSettings, ...given };
  const culture = settings.language === 2052 ? zh : en;
  const local = (at: Date): Date => new Date(at.getTime() + settings.offset * 60_000);
  const context = {
    parameters: toParameters(values),
    resources: { getString: (key: string) => settings.words[key] ?? key },
    userSettings: {
      languageId: settings.language, isRTL: settings.isRightToLeft, getTimeZoneOffsetMinutes: () => settings.offset,
      dateFormattingInfo: culture.dates, numberFormattingInfo: { currencyDecimalSeparator: '.', numberDecimalSeparator: '.' },
    },
    formatting: {
      formatCurrency: (value: number, places = 2, symbol = '$') => `${value < 0 ? '-' : ''}${symbol}${digits(Math.abs(value), places)}`,
      formatDecimal: (value: number, places = 2) => digits(value, places),
      // Without a behaviour the formatter shows the parts that the browser sees.
      formatDateShort: (date: Date) => culture.short(new Date(date.getTime() - date.getTimezoneOffset() * 60_000)),
      formatDateLong: (date: Date) => culture.long(new Date(date.getTime() - date.getTimezoneOffset() * 60_000)),
      formatTime: (date: Date, behavior: number) => (behavior === 1 ? `${culture.short(local(date))} ${culture.time(local(date))}` : 'no user’s time'),
    },
    mode: {
      isControlDisabled: settings.isDisabled, isVisible: true, label: settings.label, allocatedWidth: -1, allocatedHeight: -1,
      contextInfo: { entityTypeName: 'opportunity', entityId: settings.isNew ? '' : 'b5d7a4f0-0000-4000-8000-000000000001', entityRecordName: 'Adventure Works – Azure data platform' },
    },
    client: { isOffline: () => settings.isOffline, isNetworkAvailable: () => !settings.isOffline, getFormFactor: () => 1, getClient: () => 'Web', disableScroll: false },
    webAPI: { retrieveMultipleRecords: settings.retrieveMultipleRecords },
    events: new Proxy({}, { get: (_, name) => (payload: unknown) => settings.onEvent(String(name), payload) }),
    fluentDesignLanguage: settings.tokens && { tokenTheme: settings.tokens, isDarkTheme: false, brand: {} },
    updatedProperties: [],
  };
  return context as never;
}

const digits = (value: number, places: number): string => value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });
