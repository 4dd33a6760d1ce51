import type { SnapshotAccount } from "@tandem/contracts";

/** Names of the header fields in which we tell facts of a call; an account may want those of the reference system. */
export interface OwnHeaderNames {
  readonly accountSid: string;
  readonly callSid: string;
  readonly verStat: string;
}

const tandem: OwnHeaderNames = {
  accountSid: "X-Tandem-AccountSid",
  callSid: "X-Tandem-CallSid",
  verStat: "X-Tandem-VerStat",
};
const twilio: OwnHeaderNames = {
  accountSid: "X-Twilio-AccountSid",
  callSid: "X-Twilio-CallSid",
  verStat: "X-Twilio-VerStat",
};

export function ownHeaderNames(account: SnapshotAccount | undefined): OwnHeaderNames {
  return account?.compatibility === "twilio" ? twilio : tandem;
}
