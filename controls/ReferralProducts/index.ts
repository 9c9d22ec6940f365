// Life cycle only: what the platform calls, what it is given back.
import { h } from '../shared/react';
import { toColumn, toSolutionIds } from '../shared/solutionIds';
import { frameOf } from '../shared/theme';
import { createWords } from '../shared/words';
import { readCatalogue } from './catalogue';
import type { Inputs, Outputs } from './inputs';
import { ProductBox } from './ProductBox';

type Context = ComponentFramework.Context<Inputs>;

let instances = 0;

export class ReferralProducts implements ComponentFramework.ReactControl<Inputs, Outputs> {
  private notify: () => void = () => undefined;
  private outputs: Outputs = {};
  /** What the column holds, or will: a form may take its time to say so, and the next change builds on this one. */
  private ids: readonly string[] = [];
  private readonly id = `cosell-products-${(instances += 1)}`;

  init(_context: Context, notifyOutputChanged?: () => void): void {
    if (notifyOutputChanged) this.notify = notifyOutputChanged;
  }

  updateView(context: Context): React.ReactElement {
    const { parameters: { products }, resources, userSettings, mode, webAPI } = context;
    const words = createWords(resources);
    const { readable, editable } = products.security ?? { readable: true, editable: true };
    if (this.outputs.products === undefined) this.ids = toSolutionIds(products.raw);
    return h(ProductBox, {
      ids: this.ids,
      mode: !readable ? 'masked' : mode.isControlDisabled || !editable ? 'readOnly' : 'edit',
      label: mode.label || words('fld.products'),
      words, id: this.id, frame: frameOf(context), isRightToLeft: userSettings.isRTL,
      read: () => readCatalogue(webAPI, Date.now()),
      change: (edit) => {
        this.ids = edit(this.ids);
        this.outputs = { products: toColumn(this.ids) };
        this.notify();
      },
    });
  }

  getOutputs(): Outputs {
    const { outputs } = this;
    this.outputs = {};
    return outputs;
  }

  destroy(): void {
    this.notify = () => undefined;
  }
}
