// The tables of the platform itself: people, currencies, messages, endpoints and the steps that ring outside systems.
import { choice, createTable, fraction, guid, lookup, memo, moment, text, whole, yesNo, type Choice, type Table } from './table';

const enabled: readonly Choice[] = [{ value: 0, label: 'Enabled' }, { value: 1, label: 'Disabled' }];
const enabledReasons: readonly Choice[] = [{ value: 1, label: 'Enabled', state: 0 }, { value: 2, label: 'Disabled', state: 1 }];
const platform = true;

export const platformTables: readonly Table[] = [
  createTable({ platform, name: 'organization', set: 'organizations', code: 1019, label: 'Organization', columns: [text('name', 160), lookup('basecurrencyid', 'transactioncurrency'), whole('languagecode')] }),
  createTable({ platform, name: 'businessunit', set: 'businessunits', code: 10, label: 'Business Unit', columns: [text('name', 160), yesNo('isdisabled')] }),
  createTable({
    platform, name: 'systemuser', set: 'systemusers', code: 8, label: 'User', primaryName: 'fullname',
    columns: [
      text('firstname', 256), text('lastname', 256), text('fullname', 200), text('internalemailaddress', 100, { format: 'Email' }), text('domainname', 1_024), text('address1_telephone1', 64), text('title', 128),
      yesNo('isdisabled'), guid('applicationid'), guid('azureactivedirectoryobjectid'), lookup('businessunitid', 'businessunit'),
    ],
  }),
  createTable({
    platform, name: 'transactioncurrency', set: 'transactioncurrencies', code: 9105, label: 'Currency', primaryName: 'currencyname', states: [{ value: 0, label: 'Active' }, { value: 1, label: 'Inactive' }], reasons: [{ value: 1, label: 'Active', state: 0 }, { value: 2, label: 'Inactive', state: 1 }],
    columns: [text('currencyname', 100), text('isocurrencycode', 5), text('currencysymbol', 13), whole('currencyprecision', { min: 0, max: 4 }), fraction('exchangerate')],
  }),
  createTable({ platform, name: 'sdkmessage', set: 'sdkmessages', code: 4606, label: 'Sdk Message', columns: [text('name', 100), yesNo('isprivate')] }),
  createTable({ platform, name: 'sdkmessagefilter', set: 'sdkmessagefilters', code: 4607, label: 'Sdk Message Filter', columns: [text('name', 100), text('primaryobjecttypecode', 100), lookup('sdkmessageid', 'sdkmessage'), yesNo('iscustomprocessingstepallowed')] }),
  createTable({
    platform, name: 'serviceendpoint', set: 'serviceendpoints', code: 4618, label: 'Service Endpoint',
    columns: [
      text('name', 160, { required: true }), text('url', 2_000), memo('description', 2_000),
      choice('contract', [{ value: 1, label: 'OneWay' }, { value: 2, label: 'Queue' }, { value: 7, label: 'Event Hub' }, { value: 8, label: 'Webhook' }], { required: true }),
      choice('authtype', [{ value: 0, label: 'Not Specified' }, { value: 2, label: 'SASKey' }, { value: 4, label: 'Webhook Key' }, { value: 5, label: 'Http Header' }, { value: 6, label: 'Http Query String' }], { required: true }),
      choice('messageformat', [{ value: 1, label: 'Binary XML' }, { value: 2, label: 'Json' }, { value: 3, label: 'Text XML' }]),
      // Values are never readable afterwards, IsAuthValueSet tells (dataverse.md section 3).
      text('authvalue', 2_000, { hidden: true }), yesNo('isauthvalueset', { readOnly: true }),
    ],
  }),
  createTable({
    platform, name: 'sdkmessageprocessingstep', set: 'sdkmessageprocessingsteps', code: 4608, label: 'Sdk Message Processing Step', states: enabled, reasons: enabledReasons,
    columns: [
      text('name', 256, { required: true }), memo('description', 256), choice('mode', [{ value: 0, label: 'Synchronous' }, { value: 1, label: 'Asynchronous' }], { required: true }),
      choice('stage', [{ value: 10, label: 'Pre-validation' }, { value: 20, label: 'Pre-operation' }, { value: 40, label: 'Post-operation' }], { required: true }),
      whole('rank', { required: true }), yesNo('asyncautodelete'), choice('supporteddeployment', [{ value: 0, label: 'Server Only' }, { value: 1, label: 'Outlook Client Only' }, { value: 2, label: 'Both' }]),
      memo('filteringattributes', 100_000), text('configuration', 1_073_741_823), yesNo('canbebypassed'),
      lookup('sdkmessageid', 'sdkmessage', { required: true }), lookup('sdkmessagefilterid', 'sdkmessagefilter'),
      lookup('eventhandler', [{ name: 'eventhandler_serviceendpoint', table: 'serviceendpoint' }], { required: true }),
    ],
  }),
  createTable({
    platform, name: 'asyncoperation', set: 'asyncoperations', code: 4700, label: 'System Job',
    states: [{ value: 0, label: 'Ready' }, { value: 1, label: 'Suspended' }, { value: 2, label: 'Locked' }, { value: 3, label: 'Completed' }],
    reasons: [{ value: 0, label: 'Waiting For Resources', state: 0 }, { value: 10, label: 'Waiting', state: 1 }, { value: 20, label: 'In Progress', state: 2 }, { value: 30, label: 'Succeeded', state: 3 }, { value: 31, label: 'Failed', state: 3 }, { value: 32, label: 'Canceled', state: 3 }],
    columns: [
      text('name', 256), text('messagename', 160), memo('message', 100_000), whole('operationtype'), moment('completedon'), whole('retrycount'),
      lookup('owningextensionid', [{ name: 'owningextensionid', table: 'sdkmessageprocessingstep' }]), memo('data', 1_048_576, { hidden: true }),
    ],
  }),
  createTable({
    platform, name: 'customapi', set: 'customapis', code: 10_026, label: 'Custom API', primaryName: 'name',
    columns: [
      text('uniquename', 128), text('name', 100), text('displayname', 100), text('boundentitylogicalname', 100), text('executeprivilegename', 100), yesNo('isfunction'), yesNo('isprivate'),
      choice('bindingtype', [{ value: 0, label: 'Global' }, { value: 1, label: 'Entity' }, { value: 2, label: 'EntityCollection' }]),
      choice('allowedcustomprocessingsteptype', [{ value: 0, label: 'None' }, { value: 1, label: 'Async Only' }, { value: 2, label: 'Sync and Async' }]),
      lookup('sdkmessageid', 'sdkmessage'),
    ],
  }),
];
