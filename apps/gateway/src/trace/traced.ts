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
interface CallsByCallId {
  bySipCallId(sipCallId: string): { readonly callSid: string } | undefined;
}

/** The transport itself when nothing is traced: no message pays for what nobody reads. */
export function traced(
  transport: GatewayTransport,
  { clock, configuration, collect }: TracedOptions,
  calls: () => CallsByCallId,
): GatewayTransport {
  if (configuration.trace === undefined || collect === undefined) return transport;
  const trace = new SipTrace({
    clock,
    configuration: configuration.trace,
    send: collect,
    exchangeCallIdOf: (sipCallId) => exchangeCallId(calls().bySipCallId(sipCallId)?.callSid),
  });
  return new TracedTransport(transport, trace);
}

/** A leg that was placed for a sister has a key that begins with the exchangeCallId of her call. */
function exchangeCallId(callSid: string | undefined): string | undefined {
  return callSid?.split("/", 1)[0];
}
