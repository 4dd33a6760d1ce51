/** Dialogs (RFC 3261 §12): data and rules, no I/O. */
export {
  Dialog,
  dialogKey,
  type FromRequestOptions,
  type InDialogRequestOptions,
} from "./dialog.ts";
export type { DialogJournal, DialogRole, DialogState } from "./dialog-journal.ts";
