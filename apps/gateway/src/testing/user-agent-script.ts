import { HandClock } from "@tandem/clock/testing";
import { type DnsAnswer, Locator, type Resolver } from "@tandem/sip/locate";
import { WireDouble } from "@tandem/sip/testing";
import { defaultTransactionTimers } from "@tandem/sip/transaction";
import { UserAgent } from "@tandem/sip/user-agent";

export interface UserAgentScript {
  readonly clock: HandClock;
  readonly wire: WireDouble;
  readonly agent: UserAgent;
}

/** A user agent on a wire double and a hand clock; the names of `hosts` have those addresses. */
export function userAgentScript(hosts: Readonly<Record<string, readonly string[]>> = {}): UserAgentScript {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  const wire = new WireDouble();
  const none = async (): Promise<DnsAnswer<never>> => ({ ok: false, code: "NODATA", ttlSeconds: 30 });
  const resolver: Resolver = {
    naptr: none,
    srv: none,
    aaaa: none,
    a: async (name) => {
      const records = (hosts[name] ?? []).map((address) => ({ address }));
      return records.length === 0 ? none() : { ok: true, records, ttlSeconds: 3600 };
    },
  };
  const protocols = ["UDP", "TCP", "TLS"] as const;
  const agent = new UserAgent({
    clock,
    sink: wire,
    locator: new Locator({ clock, resolver, random: () => 0, cacheLimit: 100, protocols }),
    timers: defaultTransactionTimers,
    productName: "Tandem",
  });
  wire.attach((text, flow) => agent.layer.receive(text, flow, flow.isReliable ? "stream" : "datagram"));
  return { clock, wire, agent };
}

/** Promises that are settled have been dealt with. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
