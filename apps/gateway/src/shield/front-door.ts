import type { Clock, Timer } from "@tandem/clock";
import type { RoutingTable } from "@tandem/routing";
import { announcesOverloadControl, type SipMessage, type SipRequest } from "@tandem/sip/message";
import type { Flow } from "@tandem/sip/transport";
import type { UserAgent } from "@tandem/sip/user-agent";
import type { Admission } from "../admission.ts";
import type { DigestGate } from "../digest-gate.ts";
import type { GatewayOverloadControl } from "../overload-control/gateway-overload-control.ts";
import { easeMs } from "../overload-control/loss-percentage.ts";
import type { ProbeBucket } from "../probe-bucket.ts";
import type { Ban } from "./ban-table.ts";
import { isUrgent } from "./is-urgent.ts";
import { Overload } from "./overload.ts";
import { Shield } from "./shield.ts";
import { isForChallenge, UnverifiedCallers } from "./unverified-callers.ts";

export interface FrontDoorOptions {
  readonly clock: Clock;
  readonly agent: UserAgent;
  readonly digest: DigestGate;
  readonly probes: ProbeBucket;
  /** 0 to 1; decides which of the calls that are too many are refused. */
  readonly random: () => number;
  readonly overloadControl: Pick<GatewayOverloadControl, "loss" | "report">;
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
  /** Runs from the end of an overload until everything is let in again. */
  #easing: Timer | undefined;
  readonly #isOfOurs = (message: SipMessage, flow: Flow): boolean =>
    message.isRequest &&
    (this.#options.agent.knowsDialogOf(message) ||
      // Whoever cancels must be where the INVITE came from: a branch can be seen on the way.
      this.#layer.knows(message, message.method === "CANCEL" ? flow : undefined));

  constructor(options: FrontDoorOptions) {
    const { clock, digest, probes, onEvent } = options;
    this.#options = options;
    this.shield = new Shield({
      clock,
      isListed: (address) => options.table()?.isKnownSource(address) === true,
      isForChallenge: (request) => isForChallenge(request, options.table()),
      onBan: (ban) => onEvent("source-banned", describe(ban, clock)),
      onLift: (ban) => onEvent("ban-lifted", describe(ban, clock)),
    });
    this.callers = new UnverifiedCallers({ clock, layer: this.#layer, digest, probes, shield: this.shield });
    this.overload = new Overload(clock, (isOverloaded, lateMs) => this.#onOverload(isOverloaded, lateMs));
  }

  /** Whether a message is looked at. */
  hears(message: SipMessage, flow: Flow): boolean {
    return this.shield.hears(message, flow, this.#isOfOurs);
  }

  stop(): void {
    this.overload.stop();
    this.#easing?.cancel();
  }

  /** Whether a request of somebody known goes on to the transactions; false: it has got its answer, or its silence. */
  lets(request: SipRequest, flow: Flow, admission: Admission, table: RoutingTable): boolean {
    if (this.#isTooMuch(request, admission) && isNewWork(request) && !this.#layer.knows(request)) {
      this.overload.refused += 1;
      // RFC 7339 §5.10.2: no Retry-After, which would take all calls away and bring them back all at once.
      this.#layer.respondNoLonger(request, 503, flow, { overload: this.#options.overloadControl });
      return false;
    }
    return admission.kind !== "trunk" || this.callers.mayGoOn(request, flow, admission.found.trunk, table);
  }

  /**
   * Whether a request, if it is new work, is refused: everything while the process can't keep up, and a share of the calls
   * for a while after. From clients that know overload control (RFC 7339) those have been held back already.
   */
  #isTooMuch(request: SipRequest, admission: Admission): boolean {
    if (this.overload.isOverloaded) return !isUrgent(request, admission);
    const { overloadControl, random } = this.#options;
    const { percentage } = overloadControl.loss;
    if (percentage === 0 || request.method !== "INVITE" || isUrgent(request, admission)) return false;
    const via = request.via();
    return !(via.ok && announcesOverloadControl(via.value)) && random() * 100 < percentage;
  }

  #onOverload(isOverloaded: boolean, lateMs: number): void {
    const { clock, onEvent, overloadControl } = this.#options;
    if (isOverloaded) {
      overloadControl.loss.rise();
      // Overloaded again before everything is let in is the same overload.
      if (this.#easing?.isPending === true) this.#easing.cancel();
      else onEvent("overloaded", { lateMs: Math.round(lateMs) });
      return;
    }
    overloadControl.loss.ease();
    this.#easing = clock.schedule(easeMs, onEased, this);
  }

  /** @internal Everything is let in again. */
  eased(): void {
    this.#options.onEvent("overload-over", {});
  }

  get #layer(): UserAgent["layer"] {
    return this.#options.agent.layer;
  }
}

const onEased = (door: FrontDoor): void => door.eased();

function isNewWork(request: SipRequest): boolean {
  return request.toTag === "" && request.method !== "ACK" && request.method !== "CANCEL";
}

function describe(ban: Ban, clock: Clock): Record<string, unknown> {
  const seconds = Math.max(0, Math.round((ban.endsAtMs - clock.monotonicMs()) / 1000));
  return { interface: ban.interfaceName, address: ban.address, cause: ban.cause, seconds };
}
