// The told trip: what a seller does and sees, whichever CRM they work in.

/** A deal as the seller types it; what is left out stays. */
export interface TypedDeal {
  readonly name?: string;
  readonly notes?: string;
  readonly dealValue?: number;
  /** `YYYY-MM-DD` */
  readonly closingDate?: string;
  readonly visible?: boolean;
  /** The API's code. */
  readonly help?: string;
  readonly notesToMicrosoft?: string;
  readonly products?: string;
  readonly share?: boolean;
}

/** A deal as the seller sees it, its customer, contact and owner beside it. */
export interface SeenDeal {
  readonly id: string;
  readonly name: string | null;
  readonly notes: string | null;
  readonly dealValue: number | null;
  readonly currency: string | null;
  readonly closingDate: string | null;
  readonly status: 'Active' | 'Closed/Won' | 'Closed/Lost';
  readonly shared: boolean;
  readonly identifier: string | null;
  readonly link: string | null;
  readonly help: string | null;
  readonly notesToMicrosoft: string | null;
  readonly products: string | null;
  /** `null`: nobody chose. */
  readonly visible: boolean | null;
  /** The word that people read. */
  readonly syncStatus: string | null;
  readonly syncDetails: string | null;
  readonly microsoftStatus: string | null;
  readonly lastSyncedOn: string | null;
  readonly audit: string | null;
  readonly customer: { readonly name: string | null; readonly address: readonly (string | null)[]; readonly country: string | null } | null;
  /** First name, last name, e-mail, phone. */
  readonly contact: readonly (string | null)[] | null;
  readonly owner: string | null;
}

export interface CrmDesk {
  /** As people say it. */
  readonly name: string;
  /** Saves a new deal of Contoso Retail in US dollars, Avery Howard being its contact; answers its id. */
  save(deal: TypedDeal): Promise<string>;
  change(id: string, deal: TypedDeal): Promise<void>;
  win(id: string): Promise<void>;
  read(id: string): Promise<SeenDeal>;
  findByReferral(referralId: string): Promise<SeenDeal | undefined>;
}

export const isSynced = ({ syncStatus }: SeenDeal): boolean => syncStatus === 'Synced';

/** The sync columns in words, for a line that says what is there instead. */
export const describeSync = ({ syncStatus, syncDetails }: SeenDeal): string => `sync status ${syncStatus ?? 'empty'}${syncDetails ? `, details ${syncDetails}` : ''}`;
