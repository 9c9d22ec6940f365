// Life cycle only: what the platform calls, what it is given back.
import { createMoments } from '../shared/moments';
import { h } from '../shared/react';
import { frameOf } from '../shared/theme';
import { createWords } from '../shared/words';
import { HelpForm } from './HelpForm';
import type { Inputs, Outputs } from './inputs';
import { toView } from './view';

type Context = ComponentFramework.Context<Inputs>;

let instances = 0;

export class MicrosoftHelp implements ComponentFramework.ReactControl<Inputs, Outputs> {
  private notify: () => void = () => undefined;
  private outputs: Outputs = {};
  private readonly id = `cosell-help-${(instances += 1)}`;

  init(_context: Context, notifyOutputChanged?: () => void): void {
    if (notifyOutputChanged) this.notify = notifyOutputChanged;
  }

  updateView(context: Context): React.ReactElement {
    const words = createWords(context.resources);
    return h(HelpForm, {
      view: toView(context.parameters, words, createMoments(context, Date.now()), context.mode.isControlDisabled),
      words, id: this.id, frame: frameOf(context),
      chooseHelp: (value) => this.change({ help: value }),
      writeNotes: (text) => this.change({ notes: text || null }),
    });
  }

  /** What was changed since it was last asked for; a masked or locked value is never among it. */
  getOutputs(): Outputs {
    const { outputs } = this;
    this.outputs = {};
    return outputs;
  }

  destroy(): void {
    this.notify = () => undefined;
  }

  private change(outputs: Outputs): void {
    this.outputs = { ...this.outputs, ...outputs };
    this.notify();
  }
}
