// What the form hands to this control and takes back: the properties of its manifest. All but the status may be left unbound.

type Text = ComponentFramework.PropertyTypes.StringProperty;
type Choice = ComponentFramework.PropertyTypes.OptionSetProperty;
type Lookup = ComponentFramework.PropertyTypes.LookupProperty;
type Moment = ComponentFramework.PropertyTypes.DateTimeProperty;

export interface Inputs {
  readonly status: Choice;
  readonly details?: Text;
  readonly audit?: Text;
  readonly lastSyncedOn?: Moment;
  readonly identifier?: Text;
  readonly link?: Text;
  readonly microsoftStatus?: Text;
  readonly microsoftCrmId?: Text;
  readonly sync?: ComponentFramework.PropertyTypes.TwoOptionsProperty;
  readonly customer?: Lookup;
  readonly conflictChoices?: Text;
  readonly requestedAction?: Choice;
  readonly requestedReason?: Text;
  /** From here on: the values that a reason may be about, so that a mended one is seen before it is saved. */
  readonly topic?: Text;
  readonly dealValue?: ComponentFramework.PropertyTypes.NumberProperty;
  readonly closingDate?: Moment;
  readonly contact?: Lookup;
  readonly products?: Text;
  readonly help?: Choice;
  readonly visibility?: Choice;
  readonly notes?: Text;
}

/** Only what the seller has just asked for; a property that is not named stays as it is. */
export interface Outputs {
  conflictChoices?: string;
  requestedReason?: string;
  requestedAction?: number;
}

export interface Events extends Record<string, (params?: unknown) => void> {
  /** Leads to a field: by its key, as in core/fields. */
  onGoTo: (field?: unknown) => void;
  /** Puts the shared value of a field back, by the same key. */
  onPutBack: (field?: unknown) => void;
}
