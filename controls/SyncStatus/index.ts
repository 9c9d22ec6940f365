// Life cycle only: what the platform calls, what it is given back.
import { h } from '../shared/react';
import { frameOf } from '../shared/theme';
import { StatusPanel } from './StatusPanel';
import type { Events, Inputs, Outputs } from './inputs';
import { createTools } from './tools';
import { toView } from './view';

type Context = ComponentFramework.Context<Inputs, Events>;

const PENDING = 481_200_001;

export class SyncStatus implements ComponentFramework.ReactControl<Inputs, Outputs, Events> {
  private notify?: () => void;
  private outputs: Outputs = {};
  private savedOn?: number;
  private wasOther = false;

  init(_context: Context, notifyOutputChanged?: () => void): void {
    this.notify = notifyOutputChanged;
  }

  updateView(context: Context): React.ReactElement {
    const { parameters, mode, client, events } = context;
    const now = Date.now();
    // The form sets Pending in the very save that it stands for; what was Pending when the form opened was saved at a time that nobody saw.
    const status = parameters.status.raw;
    if (status !== PENDING) this.wasOther = true;
    else if (this.wasOther) {
      this.savedOn = now;
      this.wasOther = false;
    }
    const tools = createTools(context, now);
    // Not in the types, but what every control reads that needs to know its record; absent outside of model-driven apps.
    const { contextInfo: record } = mode as { contextInfo?: { entityId?: string; entityTypeName?: string } };
    const place = { isNew: !!record?.entityTypeName && !record.entityId, isOffline: client.isOffline(), isDisabled: mode.isControlDisabled };
    return h(StatusPanel, {
      view: toView(parameters, tools, place, this.savedOn), words: tools.words, frame: frameOf(context),
      ask: (wish) => {
        this.outputs = wish;
        this.notify?.();
      },
      lead: (field, isUndo) => events[isUndo ? 'onPutBack' : 'onGoTo']?.(field),
    });
  }

  /** Each wish is handed over once: a later one must not repeat it. */
  getOutputs(): Outputs {
    const { outputs } = this;
    this.outputs = {};
    return outputs;
  }

  destroy(): void {}
}
