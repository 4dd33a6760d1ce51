import { SystemClock } from "@tandem/clock";
import type { SippResult } from "../harness/sipp.ts";
import { delay, waitFor } from "../harness/wait.ts";
import type { CertificateStage } from "./certificate-stage.ts";
import { Handshakes } from "./handshakes.ts";
import { TlsCallers } from "./tls-callers.ts";

export interface ReloadPlan {
  readonly replacements: number;
  /** From one replacement to the next. */
  readonly replaceEveryMs: number;
  /** Handshakes beside those of the calls. */
  readonly handshakesPerSecond: number;
  /** Half of them through the proxy, half with a handshake each. */
  readonly callsPerSecond: number;
  readonly heldConnections: number;
  /** Replaces no file before a client has seen the last certificate: for machines of any speed. */
  readonly waitsForEach: boolean;
}

export interface ReloadResult {
  readonly seconds: number;
  readonly replacements: number;
  /** What the gateway said of it. A refusal: it came upon a pair that was half replaced. */
  readonly reloads: number;
  readonly refusals: number;
  readonly certificatesSeen: number;
  readonly handshakes: number;
  readonly failedHandshakes: number;
  readonly handshakesPerSecond: number;
  readonly proxyCalls: number;
  readonly failedProxyCalls: number;
  readonly agentCalls: number;
  readonly failedAgentCalls: number;
  readonly heldConnections: number;
  readonly lostConnections: number;
  /** The first few, in words. */
  readonly failures: readonly string[];
}

const toldFailures = 5;

/** Replaces the gateway's certificate files while new connections and calls come over TLS. */
export async function reloadUnderLoad(stage: CertificateStage, plan: ReloadPlan): Promise<ReloadResult> {
  const { exchange, authority } = stage;
  const gateway = { address: stage.address("gatewayForCustomers"), port: exchange.tlsPort };
  const clock = new SystemClock();
  const handshakes = new Handshakes({
    ...gateway,
    localAddress: stage.address("prober"),
    authority: authority.certificate,
  });
  const callers = new TlsCallers({
    clock,
    addresses: stage.callerAddresses,
    tls: {
      certificates: [{ ...(await stage.issue()), serverNames: [] }],
      authorities: authority.certificate,
    },
    gateway,
    requestUri: stage.requestUri,
    holdMs: 300,
  });
  const pairs = await Promise.all(Array.from({ length: plan.replacements }, () => stage.issue()));
  await callers.open();
  try {
    await handshakes.hold(plan.heldConnections);
    const ratePerSecond = plan.callsPerSecond / 2;
    const proxyCalls = Math.ceil((ratePerSecond * plan.replacements * plan.replaceEveryMs) / 1000);
    let isOver = false;
    const startedMs = clock.monotonicMs();
    const proxied = stage.callThroughProxy(proxyCalls, ratePerSecond).finished();
    const load = Promise.all([
      handshakes.run(plan.handshakesPerSecond, () => isOver),
      callers.run(ratePerSecond, () => isOver),
    ]);
    for (const [index, pair] of pairs.entries()) {
      const dueMs = startedMs + (index + 1) * plan.replaceEveryMs;
      await stage.files.replace(pair);
      if (plan.waitsForEach) {
        const seen = index + 2;
        await waitFor("the new certificate to be seen", () => handshakes.serialNumbers.size >= seen, 60_000);
      }
      await delay(Math.max(0, dueMs - clock.monotonicMs()));
      await handshakes.ping();
    }
    const proxiedResult = await proxied;
    isOver = true;
    const seconds = (clock.monotonicMs() - startedMs) / 1000;
    await load;
    await handshakes.ping();
    return resultOf(stage, plan, { seconds, handshakes, callers, proxyCalls, proxied: proxiedResult });
  } finally {
    handshakes.close();
    await callers.close();
    clock.close();
  }
}

function resultOf(
  stage: CertificateStage,
  plan: ReloadPlan,
  seen: {
    readonly seconds: number;
    readonly handshakes: Handshakes;
    readonly callers: TlsCallers;
    readonly proxyCalls: number;
    readonly proxied: SippResult;
  },
): ReloadResult {
  const { seconds, handshakes, callers, proxyCalls, proxied } = seen;
  const newConnections = handshakes.made - handshakes.held + callers.completed;
  return {
    seconds,
    replacements: plan.replacements,
    reloads: stage.countInLog("certificates-reloaded"),
    refusals: stage.countInLog("certificates-refused"),
    certificatesSeen: handshakes.serialNumbers.size,
    handshakes: newConnections,
    failedHandshakes: handshakes.failures.length,
    handshakesPerSecond: newConnections / seconds,
    proxyCalls,
    failedProxyCalls: proxyCalls - proxied.successful,
    agentCalls: callers.placed,
    failedAgentCalls: callers.placed - callers.completed,
    heldConnections: handshakes.held,
    lostConnections: handshakes.lost,
    failures: [...handshakes.failures, ...callers.failures, proxied.errors]
      .filter(Boolean)
      .slice(0, toldFailures),
  };
}
