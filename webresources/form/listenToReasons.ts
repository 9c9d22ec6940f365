// Reasons have buttons: what the status control says when one is pressed.
import { columns } from '../columns';
import { attempt } from '../guarded';
import { columnOn } from './formColumns';
import { leadTo } from './leadToField';
import { putBack } from './putBack';
import { sessionOf } from './session';

/** Of a control that declares events (Learn, addEventHandler); older clients lack it. */
interface Eventful {
  addEventHandler?(name: string, handle: (...given: readonly unknown[]) => void): void;
}

const heard = new WeakSet<object>();

/** Hears the status control's events, once for each control: no way is documented to take such a handler away. The form may show another record by then. */
export function listenToReasons(form: Xrm.FormContext): void {
  columnOn(form, columns.status)?.controls.forEach((control) => {
    if (heard.has(control)) return;
    heard.add(control);
    const { addEventHandler } = control as Eventful;
    addEventHandler?.call(control, 'onGoTo', (...given) => attempt('the way to a field', () => leadTo(sessionOf(form), given)));
    addEventHandler?.call(control, 'onPutBack', (...given) => attempt('putting back the shared value', () => putBack(sessionOf(form), given)));
  });
}
