// The Client API of the try-out: the global Xrm.
import { languageCode, readSettings } from '../../settings';
import { bracedId } from '../record/values';
import type { Dialogs } from '../dialogs';
import { strict } from './strict';
import { createWebApi, type WebApiParts } from './webApiApi';

export interface XrmParts extends WebApiParts {
  readonly dialogs: Dialogs;
  openRecord(table: string, id: string | undefined, options: { readonly inNewWindow?: boolean; readonly isQuick?: boolean; readonly inDialog?: boolean; readonly defaults?: Readonly<Record<string, unknown>> }): Promise<{ savedEntityReference: object[] }>;
  openList(table: string, view: string | undefined): void;
  /** Of the page as it is now. */
  page(): { readonly pageType: string; readonly entityName?: string; readonly entityId?: string };
}

export interface XrmGlobal {
  readonly api: object;
  readonly globalContext: object;
}

export function createXrm(parts: XrmParts): XrmGlobal {
  const globalContext = createGlobalContext();
  const api = strict('Xrm', {
    WebApi: createWebApi(parts),
    Navigation: createNavigation(parts),
    Utility: createUtility(parts, globalContext),
    App: createApp(parts.dialogs),
    Encoding: strict('Xrm.Encoding', { xmlEncode: escapeXml, xmlAttributeEncode: escapeXml, htmlEncode: escapeXml, htmlAttributeEncode: escapeXml }),
  });
  return { api, globalContext };
}

export const userSettings = (): object => {
  const { user } = readSettings();
  const isChinese = languageCode() === 2052;
  return strict('userSettings', {
    userId: bracedId(user?.id ?? ''), userName: user?.name ?? '', languageId: languageCode(), isRTL: false, isHighContrastEnabled: matchMedia('(forced-colors: active)').matches, isGuidedHelpEnabled: false,
    securityRoles: [], roles: { get: () => [], forEach: () => undefined, getLength: () => 0 }, securityRolePrivileges: [], transactionCurrencyId: null, defaultDashboardId: null,
    dateFormattingInfo: strict('dateFormattingInfo', { shortDatePattern: isChinese ? 'yyyy/M/d' : 'M/d/yyyy', longDatePattern: isChinese ? "yyyy'年'M'月'd'日'" : 'dddd, MMMM d, yyyy', shortTimePattern: isChinese ? 'H:mm' : 'h:mm tt', dateSeparator: '/', timeSeparator: ':', firstDayOfWeek: 0, amDesignator: 'AM', pmDesignator: 'PM' }),
    numberFormattingInfo: strict('numberFormattingInfo', { currencySymbol: '$', numberDecimalSeparator: '.', numberGroupSeparator: ',', currencyDecimalDigits: 2, numberDecimalDigits: 2, currencyDecimalSeparator: '.', currencyGroupSeparator: ',' }),
    getTimeZoneOffsetMinutes: (date = new Date()) => -date.getTimezoneOffset(),
  });
};

function createGlobalContext(): object {
  const { organization } = readSettings();
  const query = (): Record<string, string> => Object.fromEntries(new URLSearchParams(location.search));
  return strict('globalContext', {
    client: strict('globalContext.client', { getClient: () => 'Web', getClientState: () => (navigator.onLine ? 'Online' : 'Offline'), getFormFactor: () => 1, isOffline: () => !navigator.onLine, isNetworkAvailable: () => navigator.onLine }),
    organizationSettings: strict('organizationSettings', { uniqueName: organization?.name ?? '', organizationId: bracedId(organization?.id ?? ''), languageId: 1033, isAutoSaveEnabled: true, baseCurrencyId: null, attributes: {} }),
    userSettings: userSettings(),
    getClientUrl: () => location.origin,
    getVersion: () => '9.2.25113.00185',
    isOnPremises: () => false,
    getQueryStringParameters: query,
    getWebResourceUrl: (name: string) => `${location.origin}/WebResources/${name}`,
    prependOrgName: (path: string) => path,
    getCurrentAppName: () => Promise.resolve('Sales Hub'),
    getCurrentAppUrl: () => location.origin,
    getCurrentAppProperties: () => Promise.resolve({ displayName: 'Sales Hub', uniqueName: 'msdynce_saleshub' }),
    getCurrentAppSetting: () => null,
    getAdvancedConfigSetting: () => null,
  });
}

interface FormOptions {
  readonly entityName?: string;
  readonly entityId?: string;
  readonly openInNewWindow?: boolean;
  readonly useQuickCreateForm?: boolean;
}

function createNavigation({ dialogs, openRecord, openList }: XrmParts): object {
  return strict('Xrm.Navigation', {
    openConfirmDialog: dialogs.confirm,
    openAlertDialog: dialogs.alert,
    openErrorDialog: ({ message = '', details }: { message?: string; details?: string }) => dialogs.alert({ text: [message, details].filter(Boolean).join('\n') }),
    openForm: ({ entityName = '', entityId, openInNewWindow, useQuickCreateForm }: FormOptions, defaults?: Readonly<Record<string, unknown>>) => openRecord(entityName, entityId, { inNewWindow: openInNewWindow, isQuick: useQuickCreateForm, defaults }),
    openUrl: (url: string) => void window.open(url, '_blank', 'noopener'),
    /** `target` 2 is a dialog over the page; the promise settles when that is closed (Learn, navigateTo). */
    async navigateTo(input: { pageType: string; entityName?: string; entityId?: string; viewId?: string }, options: { target?: number } = {}) {
      if (input.pageType === 'entitylist') return openList(input.entityName ?? '', input.viewId);
      if (input.pageType !== 'entityrecord') throw new Error(`Xrm.Navigation.navigateTo: the try-out opens entityrecord and entitylist, not ${input.pageType}.`);
      return openRecord(input.entityName ?? '', input.entityId, { inDialog: options.target === 2 });
    },
  });
}

function createUtility({ dialogs, page }: XrmParts, globalContext: object): object {
  return strict('Xrm.Utility', {
    getGlobalContext: () => globalContext,
    getPageContext: () => ({ input: page() }),
    showProgressIndicator: dialogs.showProgress,
    closeProgressIndicator: dialogs.closeProgress,
    getResourceString: () => '',
    getEntityMetadata: async (table: string) => ({ LogicalName: table }),
  });
}

const createApp = (dialogs: Dialogs): object => strict('Xrm.App', { addGlobalNotification: dialogs.addGlobal, clearGlobalNotification: dialogs.clearGlobal });

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
