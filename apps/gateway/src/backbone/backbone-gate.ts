import type { Clock } from "@tandem/clock";
import type { BackboneKey, SnapshotSettings } from "@tandem/contracts";
import type { SipRequest } from "@tandem/sip/message";
import type { Flow } from "@tandem/sip/transport";
import { type BackboneRequest, onlyHop, readBackboneRequest } from "./backbone-request.ts";
import { backboneHeaderField, maximumAgeMs, verified } from "./backbone-signature.ts";
import type { ReplayWindow } from "./replay-window.ts";
import { receivedRequestParts } from "./signed-parts.ts";
import type { SisterDirectory } from "./sister-directory.ts";

/** Why a message on the backbone gets no answer. */
export type Silence =
  | "wrong-interface"
  | "unknown-source"
  | "unexpected-method"
  | "unsigned"
  | "malformed"
  | "unknown-key"
  | "wrong-signature"
  | "wrong-sender"
  | "not-for-us"
  | "too-old"
  | "before-start"
  | "too-many-hops"
  | "replayed";

export type BackboneVerdict =
  /** `request` of a new INVITE; undefined for what belongs to one that was taken, and for OPTIONS. */
  | { readonly kind: "sister"; readonly request: BackboneRequest | undefined }
  | { readonly kind: "silence"; readonly why: Silence };

export interface BackboneGateOptions {
  readonly clock: Clock;
  /** Name of this gateway. */
  readonly gateway: string;
  readonly replays: Pick<ReplayWindow, "has">;
  /** Monotonic time when `replays` was empty: what an earlier life of this gateway has taken is not in it. */
  readonly startedMs: number;
  /** Whether a request comes again, and its transaction will absorb it. */
  readonly isKnown: (request: SipRequest) => boolean;
  readonly sisters: () => SisterDirectory;
}

/**
 * Decides which requests outside a dialog are a sister's. Address, signature, receiver, age, hop and novelty must all be
 * right; for anything else there is no answer, and it is counted. A request from before this gateway's start may have been
 * taken by its earlier life, or its sender may have given it up long ago: it gets none either.
 */
export class BackboneGate {
  readonly #options: BackboneGateOptions;
  readonly #silences = new Map<Silence, number>();
  /** An INVITE is asked about when it comes and when it becomes a call. */
  #last: { readonly request: SipRequest; readonly verdict: BackboneVerdict } | undefined;

  constructor(options: BackboneGateOptions) {
    this.#options = options;
  }

  /** How many messages were not answered, and why. */
  get silences(): ReadonlyMap<Silence, number> {
    return this.#silences;
  }

  count(why: Silence): void {
    this.#silences.set(why, (this.#silences.get(why) ?? 0) + 1);
  }

  /** On an interface of role backbone. */
  judge(request: SipRequest, flow: Flow, snapshot: SnapshotSettings): BackboneVerdict {
    if (this.#last?.request === request) return this.#last.verdict;
    const verdict = this.#judge(request, flow, snapshot);
    this.#last = { request, verdict };
    return verdict;
  }

  #judge(request: SipRequest, flow: Flow, snapshot: SnapshotSettings): BackboneVerdict {
    const senders = this.#options.sisters().at(flow.remoteAddress);
    if (senders.length === 0) return silence("unknown-source");
    if (isUnsigned(request) || this.#options.isKnown(request)) return ofSister;
    if (request.method !== "INVITE") return silence("unexpected-method");
    const signed = request.values(backboneHeaderField);
    if (signed.length !== 1) return silence("unsigned");
    const asked = verifiedRequest(request, signed[0] ?? "", snapshot.backboneKeys);
    if (typeof asked === "string") return silence(asked);
    if (!senders.some((sister) => sister.gateway === asked.from)) return silence("wrong-sender");
    const why = this.#objection(asked);
    return why === undefined ? { kind: "sister", request: asked } : silence(why);
  }

  #objection(asked: BackboneRequest): Silence | undefined {
    const { clock, gateway, replays, startedMs } = this.#options;
    if (asked.to !== gateway) return "not-for-us";
    const ageMs = clock.wallMs() - asked.timeMs;
    if (Math.abs(ageMs) > maximumAgeMs) return "too-old";
    if (ageMs > clock.monotonicMs() - startedMs) return "before-start";
    if (asked.hop !== onlyHop) return "too-many-hops";
    return replays.has(asked.nonce) ? "replayed" : undefined;
  }
}

/** ACK and CANCEL find their INVITE or nothing. A sister that asks in a dialog which we have lost must hear 481. */
function isUnsigned({ method, toTag }: SipRequest): boolean {
  return method === "ACK" || method === "CANCEL" || method === "OPTIONS" || toTag !== "";
}

const ofSister: BackboneVerdict = { kind: "sister", request: undefined };

function silence(why: Silence): BackboneVerdict {
  return { kind: "silence", why };
}

function verifiedRequest(
  request: SipRequest,
  signed: string,
  keys: readonly BackboneKey[],
): BackboneRequest | Silence {
  const claimed = readBackboneRequest(signed);
  if (claimed === undefined) return "malformed";
  const key = keys.find((one) => one.id === claimed.keyId);
  if (key === undefined) return "unknown-key";
  return verified(key, signed, receivedRequestParts(request)) === undefined ? "wrong-signature" : claimed;
}
