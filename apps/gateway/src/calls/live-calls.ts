import type { CallFacts, ReleasedBy } from "@tandem/b2bua";
import type { LiveCall } from "@tandem/contracts";
import type { Reason } from "@tandem/reasons";
import { TextTable } from "@tandem/tables";
import { CallTally } from "../metrics/call-tally.ts";
import type { QualityFacts } from "../quality/call-quality.ts";
import type { WatchedCall } from "../quality/quality-watch.ts";
import type { TransferableCall } from "../transfer/transferable-call.ts";
import type { CallIdentity } from "./call-record.ts";
import type { EndedCalls } from "./ended-calls.ts";
import type { TrunkLimits } from "./trunk-limits.ts";

/** A call of this gateway, set up here or adopted, or a leg that it placed for a call that entered elsewhere. */
export interface GatewayCall extends WatchedCall {
  /** The exchangeCallId; of a leg its key. */
  readonly callSid: string;
  /** The trunk whose limits it counts for. */
  readonly trunkSid: string | null;
  /** The call entered elsewhere, and is told of there. */
  readonly isLeg: boolean;
  /** Undefined until it is answered. */
  readonly transferable: TransferableCall | undefined;
  /** Whether one of its legs has this Call-ID, or an attempt had it. */
  hasSipCallId(callId: string): boolean;
  /** Whether it has a leg on that interface, or is about to. */
  usesInterface(name: string): boolean;
  /** A private line is dead: set-up over it goes on elsewhere, an answered call stays. */
  onConnectionDown(connectionSid: string, text: string): void;
  describe(): LiveCall;
  hangUp(releasedBy: ReleasedBy, reason: Reason): void;
  /** A fault of ours while the call was handled: it ends, in order if it can, and is forgotten in any case. */
  fail(error: unknown): void;
}

/** All calls of this gateway, by exchangeCallId. */
export class LiveCalls {
  /** What became of those that are over. */
  readonly tally: CallTally;
  readonly #calls = new TextTable<GatewayCall>();
  readonly #limits: TrunkLimits;
  readonly #ended: EndedCalls;
  #whenEmpty: (() => void) | undefined;
  #onEnded: ((identity: CallIdentity, facts: CallFacts) => void) | undefined;

  constructor(limits: TrunkLimits, ended: EndedCalls, tally: CallTally = new CallTally()) {
    this.tally = tally;
    this.#limits = limits;
    this.#ended = ended;
  }

  /** Calls and legs. */
  get size(): number {
    return this.#calls.size;
  }

  /** Calls and legs, the oldest first. */
  all(): readonly GatewayCall[] {
    return this.#calls.values();
  }

  /** Calls that entered here. */
  get entered(): number {
    let count = 0;
    for (const call of this.#calls.values()) if (!call.isLeg) count += 1;
    return count;
  }

  /** Ends them all, legs too. */
  hangUpAll(releasedBy: ReleasedBy, reason: Reason): void {
    for (const call of this.#calls.values()) call.hangUp(releasedBy, reason);
  }

  add(call: GatewayCall): void {
    this.#calls.set(call.callSid, call);
    if (call.trunkSid !== null) this.#limits.begin(call.trunkSid);
  }

  /** It has ended. Idempotent. */
  remove(callSid: string): void {
    const call = this.#calls.get(callSid);
    if (call === undefined) return;
    if (!call.isLeg) this.#ended.add(call.describe());
    this.#calls.delete(callSid);
    if (call.trunkSid !== null) this.#limits.end(call.trunkSid);
    if (this.#calls.size === 0) this.#whenEmpty?.();
  }

  /** A call is over, or was refused before it was one. */
  ended(identity: CallIdentity, facts: CallFacts, quality: QualityFacts | undefined): void {
    this.tally.ended(identity, facts, quality);
    this.#onEnded?.(identity, facts);
  }

  /** Has one listener told of each call that is over, before its record is written. */
  setOnEnded(listener: (identity: CallIdentity, facts: CallFacts) => void): void {
    this.#onEnded = listener;
  }

  bySid(callSid: string): GatewayCall | undefined {
    return this.#calls.get(callSid);
  }

  /** Walks all calls: for transfers, not for messages. */
  find(isIt: (call: GatewayCall) => boolean): GatewayCall | undefined {
    return this.#calls.values().find(isIt);
  }

  /** Walks the calls, the newest first: for faults and traces, not for every message. */
  bySipCallId(callId: string): GatewayCall | undefined {
    return this.#calls.values().findLast((call) => call.hasSipCallId(callId));
  }

  /** Walks all calls. */
  useInterface(name: string): boolean {
    return this.find((call) => call.usesInterface(name)) !== undefined;
  }

  onConnectionDown(connectionSid: string, text: string): void {
    for (const call of this.#calls.values()) call.onConnectionDown(connectionSid, text);
  }

  /** Calls that entered here. */
  list(): LiveCall[] {
    const calls = this.#calls.values().filter((call) => !call.isLeg);
    return calls.map((call) => call.describe());
  }

  /** Calls that entered here and have ended lately: their records may not be in the database yet. */
  listEnded(): readonly LiveCall[] {
    return this.#ended.list();
  }

  /** Resolves when the last call has gone; at once when there is none. */
  whenEmpty(): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const earlier = this.#whenEmpty;
      this.#whenEmpty = () => {
        earlier?.();
        resolve();
      };
    });
  }
}
