// A code component's context: what the component framework gives, as far as the try-out plays it.
import type { ComponentModel } from '../../../dynamics/pageModels';
import { languageCode, readSettings } from '../../settings';
import { locale, money, shortDate, shortDateTime } from '../../words';
import type { ControlState } from '../record/screen';
import { strict } from '../xrm/strict';
import { userSettings } from '../xrm/xrm';
import { designLanguage } from './platform';

export interface ContextParts {
  readonly component: ComponentModel;
  readonly state: ControlState;
  readonly parameters: object;
  readonly updatedProperties: readonly string[];
  readonly isDark: boolean;
  /** -1 until the component asks for its size. */
  readonly width: number;
  readonly isDisabled: boolean;
  readonly record: { readonly id: string | undefined; readonly table: string; readonly name: string };
  /** The global Xrm, whose navigation and Web API the framework shares. */
  readonly xrm: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  trackSize(isTracking: boolean): void;
  requestRender(): void;
}

export function createContext(parts: ContextParts): object {
  const { component, state, xrm } = parts;
  const own = (name: string, members: object): object => strict(`${component.registeredAs} context.${name}`, members);
  return strict(`${component.registeredAs} context`, {
    parameters: parts.parameters,
    updatedProperties: parts.updatedProperties,
    events: own('events', Object.fromEntries(component.events.map((event) => [event, (payload?: unknown) => raise(state, event, payload)]))),
    mode: own('mode', {
      isControlDisabled: parts.isDisabled, isVisible: state.isVisible, label: state.label, allocatedWidth: parts.width, allocatedHeight: -1, isAuthoringMode: false,
      // Documented nowhere, but model-driven forms have it and many components read it.
      contextInfo: { entityId: parts.record.id, entityTypeName: parts.record.table, entityRecordName: parts.record.name },
      trackContainerResize: parts.trackSize, setControlState: () => true, setFullScreen: () => undefined, setNotification: () => true, clearNotification: () => true,
    }),
    resources: own('resources', { getString: (key: string) => component.strings[key] ?? key, getResource: (_path: string, _success: unknown, failure: () => void) => failure() }),
    userSettings: userSettings(),
    client: own('client', { disableScroll: false, getClient: () => 'Web', getFormFactor: () => 1, isOffline: () => !navigator.onLine, isNetworkAvailable: () => navigator.onLine }),
    formatting: own('formatting', formatting()),
    navigation: own('navigation', { openUrl: xrm.Navigation?.openUrl, openForm: xrm.Navigation?.openForm, openConfirmDialog: xrm.Navigation?.openConfirmDialog, openAlertDialog: xrm.Navigation?.openAlertDialog, openErrorDialog: xrm.Navigation?.openErrorDialog, navigateTo: xrm.Navigation?.navigateTo }),
    webAPI: own('webAPI', { createRecord: xrm.WebApi?.createRecord, updateRecord: xrm.WebApi?.updateRecord, deleteRecord: xrm.WebApi?.deleteRecord, retrieveRecord: xrm.WebApi?.retrieveRecord, retrieveMultipleRecords: xrm.WebApi?.retrieveMultipleRecords }),
    utils: own('utils', { hasEntityPrivilege: () => true, getEntityMetadata: xrm.Utility?.getEntityMetadata, lookupObjects: () => Promise.resolve([]) }),
    factory: own('factory', { requestRender: parts.requestRender, getPopupService: () => ({}) }),
    accessibility: own('accessibility', { _customBindings: {}, assignedTooltip: undefined }),
    page: { getClientUrl: () => location.origin },
    orgSettings: { isOffline: false, organizationId: readSettings().organization?.id, uniqueName: readSettings().organization?.name },
    fluentDesignLanguage: designLanguage(parts.isDark),
  });
}

function raise({ eventHandlers }: ControlState, event: string, payload: unknown): void {
  for (const handler of eventHandlers.get(event) ?? []) handler(payload);
}

function formatting(): object {
  const format = (options: Intl.DateTimeFormatOptions) => (date: Date): string => new Intl.DateTimeFormat(locale(), options).format(date);
  return {
    formatCurrency: (value: number, precision = 2, symbol?: string) => (symbol ? `${symbol}${new Intl.NumberFormat(locale(), { minimumFractionDigits: precision, maximumFractionDigits: precision }).format(value)}` : money(value, 'USD', precision)),
    formatDecimal: (value: number, precision = 2) => new Intl.NumberFormat(locale(), { minimumFractionDigits: precision, maximumFractionDigits: precision }).format(value),
    formatInteger: (value: number) => new Intl.NumberFormat(locale()).format(value),
    formatDateShort: (date: Date, withTime = false) => (withTime ? shortDateTime(date) : shortDate(date)),
    formatDateLong: format({ dateStyle: 'long' }),
    formatDateLongAbbreviated: format({ dateStyle: 'medium' }),
    formatDateYearMonth: format({ year: 'numeric', month: 'long' }),
    formatTime: shortDateTime,
    formatUserDateTimeToUTC: (date: Date) => date,
    formatUTCDateTimeToUserDate: (date: Date) => date,
    formatDateAsFilterStringInUTC: (date: Date) => date.toISOString(),
    formatLanguage: () => String(languageCode()),
    getWeekOfYear: () => 1,
  };
}
