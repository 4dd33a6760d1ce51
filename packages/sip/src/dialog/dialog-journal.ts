export type DialogState = "early" | "confirmed" | "terminated";
export type DialogRole = "uac" | "uas";

/** A dialog as plain JSON: all that a restarted process needs to go on with it. */
export interface DialogJournal {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly localUri: string;
  readonly remoteUri: string;
  readonly localContact: string;
  readonly remoteTarget: string;
  readonly routeSet: readonly string[];
  readonly localSequenceNumber: number;
  /** null: nothing received yet. */
  readonly remoteSequenceNumber: number | null;
  readonly state: DialogState;
  readonly role: DialogRole;
  readonly isSecure: boolean;
}
