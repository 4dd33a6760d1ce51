import type { Program } from "./program.ts";
import { waitFor } from "./wait.ts";

/** What the gateway says of itself on SIGUSR2. */
export type GatewayCounts = {
  readonly calls: number;
  readonly clientTransactions: number;
  readonly serverTransactions: number;
  readonly dialogs: number;
  readonly invites: number;
  readonly relayEndpoints: number;
  readonly sdpSessions: number;
  readonly journal: number;
  readonly heapUsed: number;
  /** Pending timers of all kinds, those of the program itself included. */
  readonly timers: number;
  /** Errors of its own that it has caught since it started. */
  readonly faults: number;
  readonly transport: {
    /** TCP and TLS, those being set up included. */
    readonly connections: number;
    readonly udpSockets: number;
  };
};

/** Asks the gateway by signal what it holds at this moment. */
export async function gatewayCounts(gateway: Program): Promise<GatewayCounts> {
  const seen = statusLines(gateway).length;
  gateway.signal("SIGUSR2");
  const line = await waitFor("the gateway's status", () => statusLines(gateway)[seen]);
  return JSON.parse(line) as GatewayCounts;
}

const counted = [
  "calls",
  "clientTransactions",
  "serverTransactions",
  "dialogs",
  "invites",
  "relayEndpoints",
  "sdpSessions",
  "journal",
] as const;

/** Names and numbers of what is left; empty when the gateway holds nothing. */
export function leftovers(counts: GatewayCounts): readonly string[] {
  return counted.filter((name) => counts[name] !== 0).map((name) => `${name}: ${counts[name]}`);
}

/** Whole lines only: the last piece may still be on its way. */
function statusLines(gateway: Program): readonly string[] {
  return gateway.output
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.includes('"event":"status"'));
}
