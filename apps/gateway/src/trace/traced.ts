import type { CallFacts } from "@tandem/b2bua";
import type { Clock } from "@tandem/clock";
import type { GatewayConfiguration } from "@tandem/contracts";
import type { GatewayTransport } from "../gateway-options.ts";
import { SipTrace } from "./sip-trace.ts";
import { TracedTransport } from "./traced-transport.ts";

/** Takes a datagram for the collector. @returns false: dropped */
export type Collect = (packet: Buffer) => boolean;

export interface TracedOptions {
  readonly clock: Clock;
  readonly configuration: GatewayConfiguration;
  readonly collect?: Collect | undefined;
}

/** The LiveCalls fit. */
interface TracedCalls {
  bySipCallId(sipCallId: string): { readonly callSid: string } | undefined;
  setOnEnded(listener: (facts: CallFacts) => void): void;
}

/** The transport itself when nothing is traced: no message pays for what nobody reads. */
export function traced(
  transport: GatewayTransport,
  { clock, configuration, collect }: TracedOptions,
  calls: TracedCalls,
): GatewayTransport {
  if (configuration.trace === undefined || collect === undefined) return transport;
  const trace = new SipTrace({
    clock,
    configuration: configuration.trace,
    send: collect,
    exchangeCallIdOf: (sipCallId) => exchangeCallId(calls.bySipCallId(sipCallId)?.callSid),
  });
  calls.setOnEnded((facts) => {
    for (const sipCallId of sipCallIdsOf(facts)) trace.remember(sipCallId, facts.exchangeCallId);
  });
  return new TracedTransport(transport, trace);
}

/** Of both legs, and of the attempts that failed. */
function sipCallIdsOf({ ingressSipCallId, egressSipCallId, attempts }: CallFacts): ReadonlySet<string> {
  const all = [ingressSipCallId, egressSipCallId, ...attempts.map(({ sipCallId }) => sipCallId)];
  return new Set(all.filter((one) => one !== undefined));
}

/** A leg that was placed for a sister has a key that begins with the exchangeCallId of her call. */
function exchangeCallId(callSid: string | undefined): string | undefined {
  return callSid?.split("/", 1)[0];
}
