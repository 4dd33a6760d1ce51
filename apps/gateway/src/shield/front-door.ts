import type { Clock } from "@tandem/clock";
import type { RoutingTable } from "@tandem/routing";
import { HeaderFields, type SipMessage, type SipRequest } from "@tandem/sip/message";
import type { Flow } from "@tandem/sip/transport";
import type { UserAgent } from "@tandem/sip/user-agent";
import type { Admission } from "../admission.ts";
import type { DigestGate } from "../digest-gate.ts";
import type { ProbeBucket } from "../probe-bucket.ts";
import type { Ban } from "./ban-table.ts";
import { Overload, overloadRetryAfterSeconds } from "./overload.ts";
import { Shield } from "./shield.ts";
import { UnverifiedCallers } from "./unverified-callers.ts";

export interface FrontDoorOptions {
  readonly clock: Clock;
  readonly agent: UserAgent;
  readonly digest: DigestGate;
  readonly probes: ProbeBucket;
  /** Undefined before the first snapshot. */
  readonly table: () => RoutingTable | undefined;
  readonly onEvent: (event: string, fields: Record<string, unknown>) => void;
}

/** What stands between the sockets and the calls: bans, rations for who may be anybody, and the end of our own strength. */
export class FrontDoor {
  readonly shield: Shield;
  readonly callers: UnverifiedCallers;
  readonly overload: Overload;
  readonly #options: FrontDoorOptions;
  readonly #isOfOurs = (message: SipMessage): boolean =>
    message.isRequest && (this.#options.agent.knowsDialogOf(message) || this.#layer.knows(message));

  constructor(options: FrontDoorOptions) {
    const { clock, digest, probes, onEvent } = options;
    this.#options = options;
    this.shield = new Shield({
      clock,
      isListed: (address) => options.table()?.isKnownSource(address) === true,
      onBan: (ban) => onEvent("source-banned", describe(ban, clock)),
      onLift: (ban) => onEvent("ban-lifted", describe(ban, clock)),
    });
    this.callers = new UnverifiedCallers({ clock, layer: this.#layer, digest, probes, shield: this.shield });
    this.overload = new Overload(clock, (isOverloaded, lateMs) =>
      onEvent(isOverloaded ? "overloaded" : "overload-over", { lateMs: Math.round(lateMs) }),
    );
  }

  /** Whether a message is looked at. */
  hears(message: SipMessage, flow: Flow): boolean {
    return this.shield.hears(message, flow, this.#isOfOurs);
  }

  /** Whether a request of somebody known goes on to the transactions; false: it has got its answer, or its silence. */
  lets(request: SipRequest, flow: Flow, admission: Admission, table: RoutingTable): boolean {
    if (this.overload.isOverloaded && isNewWork(request) && !this.#layer.knows(request)) {
      this.overload.refused += 1;
      const headerFields = new HeaderFields().append("Retry-After", String(overloadRetryAfterSeconds));
      this.#layer.respondNoLonger(request, 503, flow, { headerFields });
      return false;
    }
    return admission.kind !== "trunk" || this.callers.mayGoOn(request, flow, admission.found.trunk, table);
  }

  get #layer(): UserAgent["layer"] {
    return this.#options.agent.layer;
  }
}

function isNewWork(request: SipRequest): boolean {
  return request.toTag === "" && request.method !== "ACK" && request.method !== "CANCEL";
}

function describe(ban: Ban, clock: Clock): Record<string, unknown> {
  const seconds = Math.max(0, Math.round((ban.endsAtMs - clock.monotonicMs()) / 1000));
  return { interface: ban.interfaceName, address: ban.address, cause: ban.cause, seconds };
}
