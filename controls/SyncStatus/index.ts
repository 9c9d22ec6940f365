import { createElement, type ReactElement } from 'react';
import { Label } from '@fluentui/react';
import { syncStatuses } from '../../core/browser';

type Context = ComponentFramework.Context<Record<string, never>>;

export class SyncStatus implements ComponentFramework.ReactControl<Record<string, never>, object> {
  init(_context: Context): void {}
  updateView(_context: Context): ReactElement {
    return createElement(Label, null, syncStatuses.join());
  }
  getOutputs(): object { return {}; }
  destroy(): void {}
}
