import { requestsReceived } from "../../interop/sipp/message-trace.ts";
import type { Peer } from "../../interop/sipp/peer.ts";
import { callOutcomes } from "../peers/call-outcomes.ts";
import type { GatewayHost } from "../standard/gateway-host.ts";
import type { Stand } from "./stand.ts";

/** Calls that a SIPp placed, and the SIPp that they came to. */
export interface CallLoad {
  /** `the customer's calls with both regions`. */
  readonly what: string;
  readonly caller: Peer;
  readonly callee: Peer;
  readonly calls: number;
  /** A call that is answered later has failed. */
  readonly answeredMs: number;
  /** Address of a gateway on the callee's side. */
  readonly addressOf: (gateway: GatewayHost) => string;
  /** Names of the gateways that may place them; each must have placed one. */
  readonly gateways: readonly string[];
}

/** Every call was answered in time and released in order, and came from these gateways and no other. */
export function judgeCalls({ verdicts, gateways }: Stand, load: CallLoad): void {
  const { what, caller, callee, calls, answeredMs } = load;
  const outcomes = callOutcomes(caller.trace);
  const answered = outcomes.flatMap((one) => one.answeredAfterMs ?? []);
  verdicts.equal(`${what}: answered`, answered.length, calls);
  verdicts.equal(`${what}: released in order`, outcomes.filter((one) => one.isReleased).length, calls);
  verdicts.atMost(`${what}: the slowest was answered after`, Math.max(0, ...answered), answeredMs, "ms");
  const beganAtMs = Math.min(...outcomes.map((one) => one.sentAtMs));
  const vias = requestsReceived(
    callee.trace.filter((one) => one.atMs >= beganAtMs),
    "INVITE",
  ).map((invite) => invite.value("Via") ?? "");
  const seen = gateways.filter((one) => vias.some((via) => via.includes(`${load.addressOf(one)}:`)));
  verdicts.equal(`${what}: placed by`, seen.map(({ name }) => name).join(" "), load.gateways.join(" "));
}
