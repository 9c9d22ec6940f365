// What the form hands to this control and takes back: the properties of its manifest. All but the kind of help may be left unbound.

type Text = ComponentFramework.PropertyTypes.StringProperty;

export interface Inputs {
  readonly help: ComponentFramework.PropertyTypes.OptionSetProperty;
  readonly notes?: Text;
  readonly identifier?: Text;
  readonly details?: Text;
}

/** Only what was changed; `null` empties the column, which for the kind of help means that none is asked for. */
export interface Outputs {
  help?: number | null;
  notes?: string | null;
}
