import type { CallFacts, JoinedLegs, Side } from "@tandem/b2bua";
import type { CallIdentity } from "../calls/call-record.ts";

/** An answered call, as a transfer sees it. */
export interface TransferableCall {
  readonly identity: CallIdentity;
  readonly facts: CallFacts;
  readonly legs: JoinedLegs;
}

/**
 * Whether a side of a call is the trunk's customer: who called a number, or was called at an origination URL. A call from one
 * number to another, which a transfer made, has none.
 */
export function transferorMayBe(identity: CallIdentity, side: Side): boolean {
  if (identity.direction === "origination") return side === "egress";
  return side === "ingress" && identity.parentCallSid === undefined;
}

/** The number of a side, as the record has it. */
export function numberOn(identity: CallIdentity, side: Side): string {
  return side === "ingress" ? identity.callingNumber : identity.calledNumber;
}

/** Where a side of a call is: the caller's, or that of the attempt that answered. */
export function legFacts(
  { identity, facts, legs }: TransferableCall,
  side: Side,
): Pick<CallIdentity, "ingressInterface" | "ingressConnection" | "ingressRemote"> {
  if (side === "ingress") {
    const { ingressInterface, ingressConnection, ingressRemote } = identity;
    return { ingressInterface, ingressConnection, ingressRemote };
  }
  const { path } = legs.leg("egress");
  const answered = facts.attempts.find(({ result }) => result === "answered");
  return {
    ingressInterface: path.interfaceName,
    ingressConnection: path.connection ?? null,
    ingressRemote: answered?.remote ?? "",
  };
}
