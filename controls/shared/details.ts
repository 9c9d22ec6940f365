// Sync details as they stand on the record (core/details.ts writes them). Members may be missing; whoever reads them expects an exception where one is not what it should be.

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

export interface ReasonDetail {
  readonly code: string;
  readonly field?: string;
  readonly actor?: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export interface ConflictDetail {
  readonly field: string;
  readonly group: string;
  readonly agreed: Value;
  readonly crm: Value;
  readonly partner: Value;
  readonly crmOn?: string | null;
  readonly partnerOn?: string | null;
}

export interface Details {
  readonly reasons?: readonly ReasonDetail[];
  readonly conflicts?: readonly ConflictDetail[];
  readonly progress?: string;
  readonly tookMs?: number;
  readonly nextTryOn?: string;
  readonly microsoft?: { readonly status: string; readonly direction?: string; readonly expiresOn?: string };
  readonly frozen?: { readonly fields: readonly string[]; readonly since?: string };
}

/**
 * Maps with the details that a column holds; when they cannot be read, once more without any.
 * @param map must have read all that it needs of them when it returns
 */
export function withDetails<View>(column: ComponentFramework.PropertyTypes.StringProperty | undefined, map: (details: Details, areReadable: boolean) => View): View {
  try {
    return map((JSON.parse(column?.raw || '{}') as Details | null)!, true);
  } catch {
    return map({}, false);
  }
}
