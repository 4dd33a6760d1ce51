import type { Ladder } from "./ladder.ts";
import type { Leg } from "./leg.ts";
import type { Party } from "./party.ts";
import type { Protocol } from "./wire.ts";

/** Both sides of a call that is up. */
export interface EstablishedCall {
  readonly caller: Leg;
  readonly callee: Leg;
}

/** What a script has to do with. */
export interface Scene {
  readonly protocol: Protocol;
  /** T1 of the gateway. */
  readonly t1Ms: number;
  readonly ladder: Ladder;
  /** The customer's SBC: calls by the trunk, and is called at the trunk's origination URL. */
  readonly customer: Party;
  /** The carrier's first gateway: is called for the customer's calls, and calls the trunk's number. */
  readonly carrier: Party;
  /** The carrier's gateway of lower priority. */
  readonly second: Party;
  /** Where the gateway hears customers, and where carriers. */
  readonly gateway: { readonly forCustomers: string; readonly forCarriers: string };
  /** A call of the customer that the carrier has answered; both 200s are acknowledged. */
  readonly setUp: () => Promise<EstablishedCall>;
  /** The caller says BYE, the callee gets one, and both are answered. */
  readonly hangUp: (call: EstablishedCall) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
}

/** What the snapshot has for a scenario beyond a trunk known by its address and a carrier. */
export interface ScenarioOptions {
  /** Transports of both sides; the scenario is played on each. Default UDP only. */
  readonly over?: readonly Protocol[];
  /** The trunk demands a password (`pbx`, `correct-horse-battery`) in place of the address. */
  readonly withPassword?: boolean;
  /** The carrier has credentials (`tandem`, `carrier-secret`). */
  readonly carrierCredentials?: boolean;
  /** The carrier has a second gateway. */
  readonly twoGateways?: boolean;
  /** Seconds until any response of the carrier; 4 otherwise. At least 1. */
  readonly firstResponseSeconds?: number;
  /** Seconds from 100 until 18x; 20 otherwise. At least 1. */
  readonly progressSeconds?: number;
  /** Seconds from 18x until a final response; 180 otherwise. At least 1. */
  readonly ringSeconds?: number;
  /** The peer of that name does not listen: connections are refused, datagrams go nowhere. */
  readonly deaf?: "carrier" | "customer";
  /** Seconds that an answered call may last. */
  readonly maximumDurationSeconds?: number;
}

export interface Scenario {
  /** What is true, in one sentence. */
  readonly sentence: string;
  readonly options: ScenarioOptions;
  readonly play: (scene: Scene) => Promise<void>;
}

/** Scenarios of one theme; one gateway plays them all. */
export interface Theme {
  readonly name: string;
  /** `127.0.190`: addresses of the theme. */
  readonly network: string;
  /** Its addresses come behind this one; default 0. No other test uses them. */
  readonly firstHost?: number;
  readonly scenarios: readonly Scenario[];
}

export function scenario(sentence: string, options: ScenarioOptions, play: Scenario["play"]): Scenario {
  return { sentence, options, play };
}

export const everyTransport: readonly Protocol[] = ["UDP", "TCP", "TLS"];
