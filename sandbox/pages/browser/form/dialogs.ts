// A seller's Dynamics 365: what stands over the page: dialogs, progress, notifications of the whole app.

export interface ConfirmStrings {
  readonly text: string;
  readonly title?: string;
  readonly subtitle?: string;
  readonly confirmButtonLabel?: string;
  readonly cancelButtonLabel?: string;
}

export interface AlertStrings {
  readonly text: string;
  readonly title?: string;
  readonly confirmButtonLabel?: string;
}

export type OpenDialog =
  | { readonly kind: 'confirm'; readonly strings: ConfirmStrings; close(isConfirmed: boolean): void }
  | { readonly kind: 'alert'; readonly strings: AlertStrings; close(): void }
  | { readonly kind: 'unsaved'; close(choice: 'save' | 'discard' | 'stay'): void };

/** A form that lies over the page. */
export interface OverlayForm {
  readonly kind: 'quick' | 'record';
  readonly table: string;
  readonly id?: string;
}

/** Levels of the Client API: 1 success, 2 error, 3 warning, 4 information. */
export interface GlobalNotification {
  readonly id: string;
  readonly level: number;
  readonly message: string;
  readonly canClose: boolean;
  readonly action?: { readonly actionLabel?: string; readonly eventHandler?: () => void };
}

export interface Dialogs {
  readonly open: OpenDialog | undefined;
  readonly progress: string | undefined;
  readonly forms: readonly (OverlayForm & { close(): void })[];
  readonly global: readonly GlobalNotification[];
  /** Settles with what was pressed; Esc and a press beside it are no. */
  confirm(strings: ConfirmStrings, size?: object): Promise<{ confirmed: boolean }>;
  alert(strings: AlertStrings, size?: object): Promise<void>;
  askUnsaved(): Promise<'save' | 'discard' | 'stay'>;
  /** Settles when the form is closed. */
  openRecord(form: OverlayForm): Promise<void>;
  showProgress(message: string): void;
  closeProgress(): void;
  addGlobal(notification: { type: number; level: number; message: string; showCloseButton?: boolean; action?: GlobalNotification['action'] }): Promise<string>;
  clearGlobal(id: string): Promise<void>;
  subscribe(listener: () => void): () => void;
}

export function createDialogs(): Dialogs {
  const waiting: OpenDialog[] = [];
  const forms: (OverlayForm & { close(): void })[] = [];
  const global: GlobalNotification[] = [];
  const listeners = new Set<() => void>();
  let progress: string | undefined;
  let number = 0;
  const changed = (): void => listeners.forEach((listener) => listener());
  /** One after the other, as the platform shows them. */
  const show = <Answer>(make: (close: (answer: Answer) => void) => OpenDialog): Promise<Answer> =>
    new Promise((resolve) => {
      const dialog = make((answer) => {
        waiting.splice(waiting.indexOf(dialog), 1);
        changed();
        resolve(answer);
      });
      waiting.push(dialog);
      changed();
    });
  return {
    get open() {
      return waiting[0];
    },
    get progress() {
      return progress;
    },
    forms, global,
    openRecord: (form) =>
      new Promise((resolve) => {
        const open = {
          ...form,
          close(): void {
            forms.splice(forms.indexOf(open), 1);
            changed();
            resolve();
          },
        };
        forms.push(open);
        changed();
      }),
    confirm: async (strings) => ({ confirmed: await show<boolean>((close) => ({ kind: 'confirm', strings, close })) }),
    alert: (strings) => show<void>((close) => ({ kind: 'alert', strings, close })),
    askUnsaved: () => show((close) => ({ kind: 'unsaved', close })),
    showProgress: (message) => (void (progress = message), changed()),
    closeProgress: () => (void (progress = undefined), changed()),
    async addGlobal({ level, message, showCloseButton, action }) {
      number += 1;
      global.push({ id: `global${number}`, level, message, canClose: showCloseButton === true, action });
      changed();
      return `global${number}`;
    },
    async clearGlobal(id) {
      const at = global.findIndex((each) => each.id === id);
      if (at >= 0) global.splice(at, 1);
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
