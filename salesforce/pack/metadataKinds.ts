// What the package consists of: each folder of the source format, its metadata type and its file ending in the Metadata API's format.

export interface MetadataKind {
  readonly folder: string;
  readonly type: string;
  /** Ending of a file in the Metadata API's format; in the source format `-meta.xml` follows. */
  readonly suffix: string;
  /** The file holds code; what describes it lies beside it as `<file>-meta.xml`, in both formats. */
  readonly isCode?: true;
}

/** The kinds that are one file each (Metadata API guide, "Metadata Types"). Objects and their translations are put together from several. */
export const metadataKinds: readonly MetadataKind[] = [
  { folder: 'classes', type: 'ApexClass', suffix: 'cls', isCode: true },
  { folder: 'triggers', type: 'ApexTrigger', suffix: 'trigger', isCode: true },
  { folder: 'customMetadata', type: 'CustomMetadata', suffix: 'md' },
  { folder: 'customPermissions', type: 'CustomPermission', suffix: 'customPermission' },
  { folder: 'externalCredentials', type: 'ExternalCredential', suffix: 'externalCredential' },
  { folder: 'layouts', type: 'Layout', suffix: 'layout' },
  { folder: 'namedCredentials', type: 'NamedCredential', suffix: 'namedCredential' },
  { folder: 'permissionsets', type: 'PermissionSet', suffix: 'permissionset' },
  { folder: 'tabs', type: 'CustomTab', suffix: 'tab' },
];

export interface ComposedKind {
  readonly folder: string;
  readonly type: string;
  readonly suffix: string;
  /** Parts that lie in files of their own, in the order in which they are joined. `folder` '' means beside the main file. */
  readonly parts: readonly { readonly folder: string; readonly suffix: string; readonly element: string; readonly type?: string }[];
}

export const composedKinds: readonly ComposedKind[] = [
  {
    folder: 'objects', type: 'CustomObject', suffix: 'object',
    parts: [
      { folder: 'fields', suffix: 'field', element: 'fields', type: 'CustomField' },
      { folder: 'listViews', suffix: 'listView', element: 'listViews', type: 'ListView' },
    ],
  },
  {
    folder: 'objectTranslations', type: 'CustomObjectTranslation', suffix: 'objectTranslation',
    parts: [{ folder: '', suffix: 'fieldTranslation', element: 'fields' }],
  },
];
