import type { Clock } from "@tandem/clock";
import type { SnapshotTrunk } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";
import { HeaderFields, type SipRequest } from "@tandem/sip/message";
import type { TransactionLayer } from "@tandem/sip/transaction";
import type { Flow } from "@tandem/sip/transport";
import type { DigestGate } from "../digest-gate.ts";
import { challengesOf } from "../pipeline/authentication.ts";
import type { ProbeBucket } from "../probe-bucket.ts";
import { hasCredentials } from "./has-credentials.ts";
import type { Shield } from "./shield.ts";

/** Requests of unverified sources that may begin a transaction, per second; as many at once. */
export const unverifiedTransactionsPerSecond = 500;

export interface UnverifiedCallersOptions {
  readonly clock: Clock;
  readonly layer: Pick<TransactionLayer, "respondNoLonger" | "respondStatelessly" | "knows">;
  readonly digest: Pick<DigestGate, "challenge">;
  readonly shield: Pick<Shield, "isUnverified">;
  /** Answers that may be longer than what they answer. */
  readonly probes: Pick<ProbeBucket, "take">;
}

/**
 * Requests for a trunk over UDP whose source address may be anybody's: they are challenged without a trace in memory, and
 * what does need a transaction is rationed among all of them. Nobody gains by writing another's address: each datagram is
 * worth one answer at most, and one that is longer than its request is given five times a minute and source.
 */
export class UnverifiedCallers {
  readonly #options: UnverifiedCallersOptions;
  #left = unverifiedTransactionsPerSecond;
  #endsMs = 0;
  /** Requests that got nothing. */
  dropped = 0;

  constructor(options: UnverifiedCallersOptions) {
    this.#options = options;
  }

  /** Whether the request goes on as those of others do. False: it has got all that it gets. */
  mayGoOn(request: SipRequest, flow: Flow, trunk: SnapshotTrunk, table: RoutingTable): boolean {
    const { shield, layer } = this.#options;
    const { method } = request;
    if (method === "ACK" || method === "CANCEL" || !shield.isUnverified(flow)) return true;
    if (layer.knows(request)) return true;
    if (method === "OPTIONS") {
      this.#answer(request, 200, flow);
      return false;
    }
    if (method === "INVITE" && isKnownByPasswordAlone(trunk) && !hasCredentials(request)) {
      this.#answer(request, 407, flow, this.#challenges(trunk, table));
      return false;
    }
    if (this.#take()) return true;
    this.dropped += 1;
    return false;
  }

  #answer(request: SipRequest, statusCode: number, flow: Flow, headerFields?: HeaderFields): void {
    const { layer, probes } = this.#options;
    if (layer.respondNoLonger(request, statusCode, flow, { headerFields })) return;
    if (probes.take(flow.remoteAddress))
      layer.respondStatelessly(request, statusCode, flow, { headerFields });
    else this.dropped += 1;
  }

  #challenges(trunk: SnapshotTrunk, table: RoutingTable): HeaderFields {
    return new HeaderFields(challengesOf(trunk, table, this.#options.digest, false));
  }

  #take(): boolean {
    const now = this.#options.clock.monotonicMs();
    if (now >= this.#endsMs) {
      this.#left = unverifiedTransactionsPerSecond;
      this.#endsMs = now + 1000;
    }
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}

/**
 * Whether a request would be challenged without a transaction if its source were not banned: an INVITE outside a dialog,
 * without credentials, for a trunk that is known by its password alone.
 */
export function isForChallenge(request: SipRequest, table: RoutingTable | undefined): boolean {
  if (request.method !== "INVITE" || request.toTag !== "" || hasCredentials(request)) return false;
  const uri = request.uri();
  const found = uri.ok ? table?.trunkByHost(uri.value.host) : undefined;
  return (
    found !== undefined && isKnownByPasswordAlone(found.trunk) && found.trunk.credentialListSids.length > 0
  );
}

function isKnownByPasswordAlone({ ipAccessControlListSids }: SnapshotTrunk): boolean {
  return ipAccessControlListSids.length === 0;
}
