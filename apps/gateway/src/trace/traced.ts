import type { CallFacts } from "@tandem/b2bua";
import type { Clock } from "@tandem/clock";
import type { GatewayConfiguration, LiveCall } from "@tandem/contracts";
import type { CallIdentity } from "../calls/call-record.ts";
import type { GatewayTransport } from "../gateway-options.ts";
import { type Collect, HepAudience } from "./hep-audience.ts";
import { SipTrace } from "./sip-trace.ts";
import type { TraceAudience, TracedCall } from "./traced-message.ts";
import { TracedTransport } from "./traced-transport.ts";

export interface TracedOptions {
  readonly clock: Clock;
  readonly configuration: GatewayConfiguration;
  readonly collect?: Collect | undefined;
}

/** The LiveCalls fit. */
interface TracedCalls {
  bySipCallId(sipCallId: string): { describe(): LiveCall } | undefined;
  setOnEnded(listener: (identity: CallIdentity, facts: CallFacts) => void): void;
}

/**
 * A transport whose messages may be seen: by the configured collector, and by whoever else listens at the time.
 * @param capture the calls that control has asked to see
 */
export function traced(
  transport: GatewayTransport,
  { clock, configuration, collect }: TracedOptions,
  calls: TracedCalls,
  capture: TraceAudience,
): GatewayTransport {
  const wanted = configuration.trace;
  const hep = wanted && collect && new HepAudience(wanted, collect);
  const trace = new SipTrace({
    clock,
    audiences: hep === undefined ? [capture] : [hep, capture],
    callOf: (sipCallId) => calls.bySipCallId(sipCallId)?.describe(),
  });
  calls.setOnEnded((identity, facts) => {
    if (!trace.isHeard) return;
    const call = endedCall(identity, facts);
    for (const sipCallId of sipCallIdsOf(facts)) trace.remember(sipCallId, call);
  });
  return new TracedTransport(transport, trace, hep);
}

function endedCall(
  { trunkSid, callingNumber, calledNumber }: CallIdentity,
  { exchangeCallId }: CallFacts,
): TracedCall {
  return { sid: exchangeCallId, trunkSid, callingNumber, calledNumber };
}

/** Of both legs, and of the attempts that failed. */
function sipCallIdsOf({ ingressSipCallId, egressSipCallId, attempts }: CallFacts): ReadonlySet<string> {
  const all = [ingressSipCallId, egressSipCallId, ...attempts.map(({ sipCallId }) => sipCallId)];
  return new Set(all.filter((one) => one !== undefined));
}
