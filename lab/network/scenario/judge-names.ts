/** What a trunk's name says at the moment, as one host hears it. */
import { heartbeatDeadAfterMs } from "@tandem/contracts";
import type { Program } from "../../harness/program.ts";
import { waitFor } from "../../harness/wait.ts";
import { digIn } from "../peers/dig-in-host.ts";
import type { Stand } from "./stand.ts";

export interface AskedName {
  /** Where it is asked. */
  readonly host: string;
  readonly name: string;
}

/** Beside the silence that makes a gateway dead: a busy machine's delay. */
const givenUpMs = heartbeatDeadAfterMs + 1000;
/** What a resolver may keep of an answer. */
const keptSeconds = 30;

/** The address, for customers that ask for nothing else, and the targets of SRV in their order. */
export async function judgeNames(
  stand: Stand,
  { host, name }: AskedName,
  first: string,
  order: readonly string[],
): Promise<void> {
  const { verdicts, network, timeline } = stand;
  const addresses = digIn(network.host(host), name, "A");
  const wanted = stand.gateway(first).internetAddress;
  verdicts.equal(`A of ${name}`, addresses.map(({ data }) => data).join(" "), wanted);
  const services = digIn(network.host(host), `_sip._udp.${name}`, "SRV");
  for (const { data } of services) timeline.tell("dig", `_sip._udp.${name} SRV ${data}`);
  const targets = services
    .map(({ data }) => data.split(" "))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map((fields) => fields[3]?.split(".")[0]);
  verdicts.equal(`SRV of ${name}`, targets.join(" "), order.join(" "));
  const longest = Math.max(...[...addresses, ...services].map(({ ttl }) => ttl));
  verdicts.atMost("resolvers may keep them for", longest, keptSeconds, "s");
}

export interface Move {
  readonly nameServer: Program;
  /** Names of gateways. */
  readonly lost: string;
  readonly next: string;
  /** Wall clock just before it was killed. */
  readonly killedAtMs: number;
}

/**
 * The name server gives the lost gateway up in time, by its own log, and then the name has the address of the next one.
 * How long a question takes on a busy machine is not judged.
 */
export async function judgeMove(stand: Stand, { host, name }: AskedName, move: Move): Promise<void> {
  const { verdicts, network } = stand;
  const { nameServer, lost, next, killedAtMs } = move;
  const address = stand.gateway(next).internetAddress;
  const hasMoved = () => digIn(network.host(host), name, "A").some(({ data }) => data === address);
  const isMoved = await waitFor(`${name} to be ${address}`, hasMoved).catch(() => false);
  verdicts.expect(`${name} moved to ${next}`, isMoved, address);
  // What it logs is written in batches.
  const silentAtMs = await waitFor(`${lost} in the log`, () => silentSince(nameServer, lost)).catch(
    () => Number.POSITIVE_INFINITY,
  );
  verdicts.atMost(`${lost} was dead to the name server after`, silentAtMs - killedAtMs, givenUpMs, "ms");
}

/** Wall clock at which a gateway became silent to the name server. */
function silentSince({ output }: Program, gateway: string): number | undefined {
  const lines = output.split("\n").filter((line) => line.includes('"gateway-silent"'));
  const line = lines.findLast((one) => one.includes(`"gateway":"${gateway}"`));
  return line === undefined ? undefined : Date.parse((JSON.parse(line) as { time: string }).time);
}
