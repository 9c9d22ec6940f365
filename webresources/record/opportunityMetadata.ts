// What dataverse-ify has to know of our table and our Custom API to turn rows and requests into its types and back.
import { OperationType, setMetadataCache, StructuralProperty } from 'dataverse-ify';
import { columns, table } from '../columns';

/** Bound to the opportunity, without parameters (contract, "Custom API"). */
export const syncReferral = 'cosell_SyncReferral';

export const describeToDataverseIfy = (): void => setMetadataCache({
  entities: {
    [table]: {
      typeName: `mscrm.${table}`,
      logicalName: table,
      collectionName: 'opportunities',
      primaryIdAttribute: 'opportunityid',
      attributeTypes: { [columns.status]: 'Optionset', [columns.requestedAction]: 'Optionset', [columns.lastSyncedOn]: 'DateAndTime:UserLocal', estimatedclosedate: 'DateOnly:DateOnly', estimatedvalue: 'Money' },
      navigation: { transactioncurrencyid: ['mscrm.transactioncurrency'] },
    },
  },
  actions: {
    [syncReferral]: {
      boundParameter: 'entity',
      parameterTypes: { entity: { typeName: `mscrm.${table}`, structuralProperty: StructuralProperty.EntityType } },
      operationType: OperationType.Action,
      operationName: syncReferral,
    },
  },
});
