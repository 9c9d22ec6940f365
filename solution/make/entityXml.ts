// Solution sources: Entity.xml of the two tables that get columns, and of the catalogue's own table.
import { catalogue, catalogueColumns } from '../model/catalogue';
import { columns, referralKey } from '../model/columns';
import type { Words } from '../model/words';
import { el, texts, xsi, type Element } from '../xml/element';
import { attributeXml } from './attributeXml';
import { descriptions, displayNames, localizedCollectionNames, localizedNames } from './labels';
import { primaryKeyXml, systemAttributesXml } from './systemAttributeXml';
import { introduced } from './version';

/** A table that is not ours: its columns and key of ours, nothing else about it. */
export function extendedTable(schemaName: 'Opportunity' | 'Lead'): Element {
  const table = schemaName.toLowerCase();
  const own = columns.filter((column) => table === 'opportunity' || column.lead);
  return el('Entity', xsi, [
    el('Name', { LocalizedName: schemaName, OriginalName: '' }, schemaName),
    el('EntityInfo', {}, [el('entity', { Name: schemaName }, [el('attributes', {}, own.map((column) => attributeXml(column, table))), keys(referralKey)])]),
    ...(table === 'opportunity' ? [el('FormXml'), el('SavedQueries')] : []),
    el('RibbonDiffXml'),
  ]);
}

export function catalogueTable(): Element {
  const { name, label, plural, about, set, key } = catalogue;
  const attributes = [primaryKeyXml(), ...catalogueColumns.map((column, at) => attributeXml(column, name, at === 0)), ...systemAttributesXml()];
  return el('Entity', xsi, [
    el('Name', { LocalizedName: label.en, OriginalName: label.en }, name),
    el('EntityInfo', {}, [
      el('entity', { Name: name }, [
        localizedNames(label), localizedCollectionNames(plural), descriptions(about),
        el('attributes', {}, attributes),
        keys(key),
        ...texts({ EntitySetName: set, ...whatItDoes, IntroducedVersion: introduced, ...whatMayBeChanged }),
      ]),
    ]),
    el('FormXml'), el('SavedQueries'), el('RibbonDiffXml'),
  ]);
}

const keys = ({ name, columns: of, label }: { readonly name: string; readonly columns: readonly string[]; readonly label: Words }): Element =>
  el('EntityKeys', {}, [
    el('EntityKey', {}, [
      ...texts({ Name: name, LogicalName: name, IntroducedVersion: introduced, IsCustomizable: 1 }),
      el('EntityKeyAttributes', {}, of.map((column) => el('AttributeName', {}, column))),
      displayNames(label),
    ]),
  ]);

const whatItDoes = {
  IsDuplicateCheckSupported: 1, IsBusinessProcessEnabled: 0, IsRequiredOffline: 0, IsInteractionCentricEnabled: 0, IsCollaboration: 0, AutoRouteToOwnerQueue: 0,
  IsConnectionsEnabled: 0, EntityColor: '', IsDocumentManagementEnabled: 0, AutoCreateAccessTeams: 0, IsOneNoteIntegrationEnabled: 0, IsKnowledgeManagementEnabled: 0,
  IsSLAEnabled: 0, IsDocumentRecommendationsEnabled: 0, IsBPFEntity: 0, OwnershipTypeMask: 'UserOwned', IsAuditEnabled: 0, IsActivity: 0, ActivityTypeMask: '',
  IsActivityParty: 0, IsReplicated: 0, IsReplicationUserFiltered: 0, IsMailMergeEnabled: 0, IsVisibleInMobile: 0, IsVisibleInMobileClient: 1, IsReadOnlyInMobileClient: 0,
  IsOfflineInMobileClient: 0, DaysSinceRecordLastModified: 0, MobileOfflineFilters: '', IsMapiGridEnabled: 1, IsReadingPaneEnabled: 1, IsQuickCreateEnabled: 0, SyncToExternalSearchIndex: 0,
} as const;

const whatMayBeChanged = {
  IsCustomizable: 1, IsRenameable: 1, IsMappable: 1, CanModifyAuditSettings: 1, CanModifyMobileVisibility: 1, CanModifyMobileClientVisibility: 1, CanModifyMobileClientReadOnly: 1,
  CanModifyMobileClientOffline: 1, CanModifyConnectionSettings: 1, CanModifyDuplicateDetectionSettings: 1, CanModifyMailMergeSettings: 1, CanModifyQueueSettings: 1,
  CanCreateAttributes: 1, CanCreateForms: 1, CanCreateCharts: 1, CanCreateViews: 1, CanModifyAdditionalSettings: 1, CanEnableSyncToExternalSearchIndex: 1, IconVectorName: '',
  EnforceStateTransitions: 0, CanChangeHierarchicalRelationship: 1, EntityHelpUrlEnabled: 0, EntityHelpUrl: '', ChangeTrackingEnabled: 0, CanChangeTrackingBeEnabled: 1, IsEnabledForExternalChannels: 0,
} as const;
