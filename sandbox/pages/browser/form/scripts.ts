// Opportunity form: loads the form's scripts and calls their handlers, as the platform does: a fault of a script never breaks the form.
import type { HandlerModel } from '../../shipped/formModel';
import type { FormEvents, FormSession, SaveOutcome } from './record/session';
import { bracedId } from './record/values';
import { createExecutionContext, createSaveArgs } from './xrm/executionContext';
import type { FormContext, FormHandlers } from './xrm/formContext';
import { strict } from './xrm/strict';

export interface ScriptParts {
  readonly session: FormSession;
  readonly formContext: FormContext;
  readonly handlers: FormHandlers;
  readonly globalContext: object;
  /** Told of a script that threw, in words. */
  readonly failed: (message: string) => void;
}

const loading = new Map<string, Promise<void>>();

/** Loads a script once for a page. @throws Error when it cannot be had */
export function loadScript(url: string): Promise<void> {
  const known = loading.get(url);
  if (known) return known;
  const done = new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${url} cannot be loaded.`));
    document.head.append(script);
  });
  loading.set(url, done);
  return done;
}

/** The events of a form, as its XML and its scripts have asked for them. */
export function createEvents(parts: ScriptParts): FormEvents {
  const { session, handlers, formContext } = parts;
  const declared = (event: string, attribute?: string): readonly ((context: unknown) => unknown)[] =>
    session.page.form.handlers.filter((each) => each.event === event && each.attribute === attribute).map((each) => (context: unknown) => callDeclared(each, context));
  const raise = (all: readonly ((context: unknown) => unknown)[], eventSource: unknown, eventArgs: object | null): void => {
    const shared = new Map<string, unknown>();
    // Handlers that are added while the event runs wait for the next one.
    [...all].forEach((handler, depth) => guard(parts, () => handler(createExecutionContext({ formContext: formContext.api, eventSource, eventArgs, depth, shared, globalContext: parts.globalContext }))));
  };
  const loadArgs = (state: number): object => strict('loadEventArgs', { getDataLoadState: () => state });
  return {
    onLoad() {
      raise([...declared('onload'), ...handlers.onLoad], formContext.api, loadArgs(1));
      raise(handlers.onLoaded, formContext.api, loadArgs(1));
    },
    onDataLoad: (state) => raise(handlers.onDataLoad, formContext.api, loadArgs(state)),
    onSave(mode) {
      const save = createSaveArgs(mode);
      raise([...declared('onsave'), ...handlers.onSave], formContext.api, save.args);
      save.close();
      return save.isPrevented();
    },
    onPostSave: (outcome) => raise(handlers.onPostSave, formContext.api, postSaveArgs(session, outcome)),
    onChange(column) {
      const attribute = session.attributes.get(column);
      raise([...declared('onchange', column), ...(attribute?.handlers ?? [])], formContext.attribute(column), null);
    },
  };
}

function postSaveArgs(session: FormSession, outcome: SaveOutcome): object {
  const isSuccess = outcome.type === 'saved' || outcome.type === 'unchanged';
  const reference = { entityType: session.page.table.name, id: session.id() === undefined ? '' : bracedId(session.id() ?? ''), name: String(session.attributes.get(session.page.table.primaryName)?.value ?? '') };
  return strict('postSaveEventArgs', { getIsSaveSuccess: () => isSuccess, getEntityReference: () => reference, getSaveErrorInfo: () => (outcome.type === 'refused' ? { errorCode: outcome.problem.errorCode, message: outcome.problem.message } : null) });
}

/** @throws Error when the library has no such function, in the platform's manner */
function callDeclared({ functionName, library, passesContext }: HandlerModel, context: unknown): unknown {
  const found = functionName.split('.').reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name], window);
  if (typeof found !== 'function') throw new Error(`${functionName} does not exist in ${library}.`);
  return (found as (context?: unknown) => unknown)(...(passesContext ? [context] : []));
}

function guard({ failed }: ScriptParts, call: () => unknown): void {
  try {
    const answer = call();
    if (answer instanceof Promise) answer.catch((error: unknown) => failed(wordsOf(error)));
  } catch (error) {
    failed(wordsOf(error));
  }
}

function wordsOf(error: unknown): string {
  console.error('A script of the form failed.', error);
  return error instanceof Error ? error.message : String(error);
}
