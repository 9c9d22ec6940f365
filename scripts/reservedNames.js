/* global $ */
// Put into scripts for CRM pages, where the minifier then keeps off these names; nothing of it stays in the file.
// `$(...)` is jQuery to the Power Apps checker, and would be reported to every customer who runs it (avoid-dom-form).
export const reserved = /* @__PURE__ */ $();
