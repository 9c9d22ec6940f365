// The trip begins here: what forms and lists of Dynamics 365 call in the library cosell_/CoSell.js, by the names of the global CoSell.
import { onLoad } from './form/onLoad';
import { onSave } from './form/onSave';
import { guarded } from './guarded';
import { syncStatusIcon } from './grid/syncStatusIcon';

/** Handlers of the opportunity's main form; both take the execution context. */
export const Form = { onLoad: guarded('onLoad', onLoad), onSave: guarded('onSave', onSave) };

/** Icon functions of list columns. */
export const Grid = { syncStatusIcon };
