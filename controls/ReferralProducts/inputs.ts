// What the form hands to this control and takes back: the property of its manifest.

export interface Inputs {
  readonly products: ComponentFramework.PropertyTypes.StringProperty;
}

export interface Outputs {
  products?: string | null;
}
