import type { EgressCandidate, SkippedCandidate } from "@tandem/b2bua";
import type { SnapshotConnection } from "@tandem/contracts";
import type { Candidate } from "@tandem/routing";
import type { CallContext } from "../pipeline/call-context.ts";
import type { GatewayPlace } from "./egress-ways.ts";

/** A candidate of a call, and the gateway that has to place it. */
export interface PlacingContext {
  readonly call: CallContext;
  readonly candidate: Candidate;
  readonly place: GatewayPlace;
  readonly exchangeCallId: string;
  /** The same candidate as an attempt that leaves otherwise. */
  attemptBy(placeOf: EgressCandidate["placeOf"]): EgressCandidate;
  /** The same once more over the internet, in place of a line that carried nothing. */
  overInternet(connection: SnapshotConnection, why: string): EgressCandidate | SkippedCandidate;
}
