// What the contract of the CRM port is tried on: a CRM with people in it who do what people do, whichever CRM it is.
import type { SyncStatus } from '../../core/index';
import type { CrmPort, CrmRef } from '../../plugins-proxy/ports/crm';

/** A deal as a seller types it; what is left out stands as `usualDeal` has it, `null` empties. */
export interface Deal {
  readonly name?: string;
  readonly dealValue?: number | null;
  /** ISO code; every CRM here has USD, EUR, JPY and KWD, and no CHF. */
  readonly currency?: string;
  readonly closingDate?: string;
  readonly notes?: string | null;
  readonly products?: string | null;
  readonly help?: string | null;
  readonly visibility?: 'private' | 'visible' | null;
  readonly sync?: boolean;
  readonly requestedAction?: 'syncNow' | 'accept' | 'decline' | null;
  readonly requestedReason?: string | null;
  readonly choices?: string | null;
  readonly customer?: 'contoso' | 'fabrikam' | null;
  readonly contact?: 'avery' | null;
}

export const usualDeal = {
  name: 'Rollout for Contoso', dealValue: 50000.5, currency: 'USD', closingDate: '2027-03-31', notes: 'First line\nSecond line', products: 'SOL-1, SOL-2;SOL-1\nSOL-3', help: 'ProofOfConceptOrDemo',
  visibility: 'visible', sync: true, requestedAction: null, requestedReason: null, choices: null, customer: 'contoso', contact: 'avery',
} as const satisfies Required<Deal>;

export interface CrmBench {
  readonly port: CrmPort;
  readonly ids: { readonly contoso: string; readonly fabrikam: string; readonly avery: string; readonly dana: string; readonly robin: string; readonly serviceUser: string };
  /** Longest texts, in characters. */
  readonly longest: { readonly name: number; readonly notes: number };
  /** An id that no record has. */
  readonly nobody: string;
  makes(deal?: Deal): Promise<CrmRef>;
  edits(ref: CrmRef, deal: Deal): Promise<void>;
  deletes(ref: CrmRef): Promise<void>;
  /** Takes the right to read a field from the service, or gives it back. */
  withhold(field: 'dealValue' | 'notes', withheld: boolean): Promise<void>;
  /** Takes the right to write deals from the service, or gives it back. */
  forbidWrites(forbidden: boolean): void;
  /** Whether the deal's amount is the system's own sum. */
  computesAmount(ref: CrmRef): Promise<void>;
  /** Calls since the last time that this was asked. */
  calls(): number;
  /** What this CRM shows of a record's own columns, as its users see them. */
  statusShown(ref: CrmRef): SyncStatus | null;
  /** Of a CRM that is spoken to over a network; times 1. */
  readonly network?: {
    fails(kind: '429' | '503' | '500' | 'hang' | 'drop' | 'dropAfterEffect', on: 'read' | 'write', times?: number): void;
    endSessions(): void;
  };
  /** Everything that was broken is whole again. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export const value = (content: unknown): unknown => ({ kind: 'value', value: content });
