// The Client API of the try-out: what a handler is given.
import { strict } from './strict';

export interface ContextOptions {
  readonly formContext: object;
  readonly eventSource: unknown;
  readonly eventArgs: object | null;
  readonly depth: number;
  /** Shared by the handlers of one event. */
  readonly shared: Map<string, unknown>;
  readonly globalContext: object;
}

export const createExecutionContext = ({ formContext, eventSource, eventArgs, depth, shared, globalContext }: ContextOptions): object =>
  strict('executionContext', {
    getFormContext: () => formContext,
    getEventSource: () => eventSource,
    getEventArgs: () => eventArgs,
    getDepth: () => depth,
    getContext: () => globalContext,
    getSharedVariable: (key: string) => shared.get(key),
    setSharedVariable: (key: string, value: unknown) => void shared.set(key, value),
  });

export interface SaveArgs {
  readonly args: object;
  isPrevented(): boolean;
  /** From now on it is too late: the platform reads the answer when the handlers have returned (dataverse.md section 5). */
  close(): void;
}

export function createSaveArgs(mode: number): SaveArgs {
  let isPrevented = false;
  let isOpen = true;
  const prevent = (): void => {
    if (isOpen) isPrevented = true;
    else console.warn('preventDefault was called after the handlers of OnSave had returned: the platform saves all the same.');
  };
  return {
    args: strict('saveEventArgs', { getSaveMode: () => mode, isDefaultPrevented: () => isPrevented, preventDefault: prevent, preventDefaultOnError: () => undefined, disableAsyncTimeout: () => undefined }),
    isPrevented: () => isPrevented,
    close: () => void (isOpen = false),
  };
}
