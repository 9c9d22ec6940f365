// Save modes by number (Learn, getSaveMode). With autosave on, leaving a form is a save and close: nothing tells the two apart.
export const SAVE = 1;
export const SAVE_AND_CLOSE = 2;
export const SAVE_AND_NEW = 59;
export const AUTOSAVE = 70;

/** After these the form no longer shows the record. */
export const leavesRecord = (mode: number): boolean => mode === SAVE_AND_CLOSE || mode === SAVE_AND_NEW;

/** What `entity.save` takes to save in the same mode again. (The number that `data.save` takes is only told to handlers; Learn, formContext.data.save.) */
export const saveOption = (mode: number): Xrm.EntitySaveMode | undefined => (mode === SAVE_AND_CLOSE ? 'saveandclose' : mode === SAVE_AND_NEW ? 'saveandnew' : undefined);
