import type { Clock } from "@tandem/clock";
import type { Exchange } from "../harness/exchange.ts";
import { delay, waitFor } from "../harness/wait.ts";
import { Phone } from "../user-agents/phone.ts";

export interface MediaCallerOptions {
  readonly clock: Clock;
  readonly exchange: Exchange;
  readonly customerAddress: string;
  readonly carrierAddress: string;
  readonly port: number;
  readonly trunkLabel: string;
  readonly called: string;
  readonly calls: number;
  readonly ratePerSecond: number;
}

export interface MediaCallerResult {
  readonly calls: number;
  readonly failed: number;
  readonly packetsSent: number;
  readonly packetsArrived: number;
}

/** RTP packets that each of these calls sends in each direction. */
export const packetsPerCall = 10;

/** Calls with real RTP beside the load: every packet sent must arrive at the other end. */
export async function runMediaCallers(options: MediaCallerOptions): Promise<MediaCallerResult> {
  const { clock, customerAddress, carrierAddress, port } = options;
  const customer = new Phone({ clock, address: customerAddress, port, toneHz: 440 });
  const carrier = new Phone({ clock, address: carrierAddress, port, toneHz: 1000 });
  await customer.open();
  await carrier.open();
  const results: Promise<CallResult>[] = [];
  try {
    const startedMs = clock.monotonicMs();
    for (let index = 0; index < options.calls; index += 1) {
      const dueMs = startedMs + (index * 1000) / options.ratePerSecond;
      await delay(Math.max(0, dueMs - clock.monotonicMs()));
      results.push(oneCall(options, customer, carrier, index));
    }
    const done = await Promise.all(results);
    return {
      calls: done.length,
      failed: done.filter((one) => one.isFailed).length,
      packetsSent: done.reduce((sum, one) => sum + one.sent, 0),
      packetsArrived: done.reduce((sum, one) => sum + one.arrived, 0),
    };
  } finally {
    await customer.close();
    await carrier.close();
  }
}

interface CallResult {
  readonly isFailed: boolean;
  readonly sent: number;
  readonly arrived: number;
}

async function oneCall(
  options: MediaCallerOptions,
  customer: Phone,
  carrier: Phone,
  index: number,
): Promise<CallResult> {
  const { exchange } = options;
  const caller = `+1202556${String(index % 10_000).padStart(4, "0")}`;
  const call = await customer.call({
    requestUri: `sip:${options.called}@${exchange.terminationHost(options.trunkLabel)}`,
    from: `sip:${caller}@${options.customerAddress}`,
    to: { address: exchange.customerAddress, port: exchange.sipPort },
  });
  try {
    await waitFor("an answer", () => call.state !== "setup", 20_000);
    const callee = carrier.received.find(
      (one) => one.request?.from().ok && one.request.text.includes(caller),
    );
    if (call.state !== "answered" || callee === undefined) return { isFailed: true, sent: 0, arrived: 0 };
    await waitFor(
      "the packets",
      () => call.audio.sentPackets >= packetsPerCall && callee.audio.sentPackets >= packetsPerCall,
    );
    call.audio.stop();
    callee.audio.stop();
    const sent = call.audio.sentPackets + callee.audio.sentPackets;
    const arrived = (): number => call.audio.receivedPackets + callee.audio.receivedPackets;
    await waitFor("the packets to arrive", () => arrived() >= sent, 2000).catch(() => undefined);
    call.hangUp();
    carrier.received.splice(carrier.received.indexOf(callee), 1);
    return { isFailed: false, sent, arrived: arrived() };
  } catch {
    call.hangUp();
    return { isFailed: true, sent: 0, arrived: 0 };
  }
}
