import type { Flow } from "@tandem/sip/transport";
import type { ReferTarget } from "./refer-target.ts";

/** What a REFER in a call asks for, with what is known of the call. */
export interface TransferRequest {
  readonly target: ReferTarget;
  /** The customer's side sent it; carriers transfer nobody. */
  readonly isCustomers: boolean;
  /** Where the transferor is. */
  readonly flow: Flow;
  readonly transfereeNumber: string;
  readonly transferorNumber: string;
  /** The transferor's call with the target is one of ours, over the same trunk: nobody needs to be called. */
  readonly hasBothCalls: boolean;
  /** Media of one of these calls are in rtpengine, whose sessions no leg can leave. */
  readonly hasFixedMedia: boolean;
}
