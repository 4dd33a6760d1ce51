import { waitFor } from "../../harness/wait.ts";
import { blackhole, type LostDirection, mend, pull } from "../builder/cuts.ts";
import type { Link } from "../builder/link.ts";
import { bfdState, sessionState, wentDown } from "../frr/session-state.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { customerSideOf, type LinePlan, linePlans } from "../standard/addresses.ts";
import type { RoutingDaemons } from "../standard/routing-daemons.ts";

/** 3 × 300 ms, and time for a busy machine. */
const noticedMs = 1500;
const [line1a, line1b, line1w, line2] = linePlans;

interface Part {
  readonly stand: Stand;
  readonly daemons: RoutingDaemons;
}

/** Every way a line can die must be known to the gateway within 1.5 s, whichever end the fault is at. */
async function play(stand: Stand): Promise<void> {
  stand.build({ gateways: { ashburn: 0, umatilla: 0 } });
  const part = { stand, daemons: await stand.startRouting() };
  await oneLineOfSeveral(part);
  await Promise.all([
    noticed(part, line1b, "loses what the customer sends", (link) => blackhole(link, "from-near")),
    noticed(part, line2, "loses what the exchange sends", (link) => blackhole(link, "to-near")),
    noticed(part, line1w, "pulled at the customer", (link) => pull(link, "near")),
  ]);
  await gatewayCablePulled(part);
}

/** A silent line: the others stay, the customer's route to the edge goes, and all is back when it is mended. */
async function oneLineOfSeveral(part: Part): Promise<void> {
  const { stand, daemons } = part;
  const { verdicts, timeline } = stand;
  const beganMs = Date.now();
  verdicts.equal("the customer reaches the edge by its line", routeToEdge(part), "line-1a");
  await noticed(part, line1a, "loses everything", (link) => blackhole(link, both));
  const gateway = frrOf(daemons, "ashburn-ix-1");
  verdicts.equal("BFD says so", bfdState(gateway, customerSideOf(line1a)), "down");
  await waitFor("the customer to notice", () => wentDown(frrOf(daemons, line1a.site), "100.64.1.1", beganMs));
  verdicts.equal("the customer reaches the edge by", await routeToEdgeWithout(part, "line-1a"), "internet");
  for (const other of [line1b, line2]) {
    const { bgp, bfd } = sessionState(gateway, customerSideOf(other));
    const down = wentDown(gateway, customerSideOf(other), beganMs);
    verdicts.expect(
      `${other.name} is not touched`,
      down === undefined && bfd === "up",
      `BGP ${bgp}, BFD ${bfd}`,
    );
  }
  mend(linkOf(stand, line1a));
  const mendedMs = performance.now();
  await waitFor("the route to come back", () => routeToEdge(part) === "line-1a");
  timeline.tell(
    line1a.name,
    `mended; the route is back after ${Math.round(performance.now() - mendedMs)} ms`,
  );
}

const both: LostDirection = "both";

async function noticed(
  { stand, daemons }: Part,
  line: LinePlan,
  what: string,
  cut: (link: Link) => void,
): Promise<void> {
  const gateway = `${line.edge}-1`;
  const beganMs = Date.now();
  cut(linkOf(stand, line));
  // On a busy machine it takes a while to give the command.
  const cutAtMs = Date.now();
  stand.timeline.tell(line.name, what);
  const down = await waitFor(`${gateway} to notice`, () =>
    wentDown(frrOf(daemons, gateway), customerSideOf(line), beganMs),
  );
  const who = `${line.name} ${what}: ${gateway} knows (${down.reason})`;
  stand.verdicts.atMost(who, down.atMs - cutAtMs, noticedMs, "ms");
}

/** The gateway's own end: the device loses its carrier, and keeps address and routes. */
async function gatewayCablePulled({ stand, daemons }: Part): Promise<void> {
  const { verdicts, timeline, network } = stand;
  const host = network.host("ashburn-ix-1");
  const cutAtMs = Date.now();
  pull(network.link("line-1a:ashburn-ix-1"));
  timeline.tell(line1a.name, "pulled at the gateway");
  const [device] = JSON.parse(host.ip("-j", "link", "show", "dev", line1a.name)) as { operstate: string }[];
  verdicts.equal("state of its device", device?.operstate, "DOWN");
  const address = host.ip("-br", "address", "show", "dev", line1a.name);
  verdicts.expect(
    "it keeps its address",
    address.includes("100.64.1.1/28"),
    address.trim().replaceAll(/\s+/g, " "),
  );
  const down = await waitFor("bgpd to notice", () =>
    wentDown(frrOf(daemons, "ashburn-ix-1"), customerSideOf(line1a), cutAtMs),
  );
  verdicts.atMost(`the gateway knows (${down.reason})`, down.atMs - cutAtMs, noticedMs, "ms");
}

function linkOf({ network }: Stand, line: LinePlan): Link {
  return network.link(`${line.name}:${line.site}`);
}

function frrOf(daemons: RoutingDaemons, host: string) {
  const frr = daemons.get(host);
  if (frr === undefined) throw new Error(`no FRR on ${host}`);
  return frr;
}

/** Device by which customer 1 sends to the address of ashburn-ix-1. */
function routeToEdge({ stand }: Part): string | undefined {
  const [route] = JSON.parse(stand.network.host(line1a.site).ip("-j", "route", "get", "208.78.112.64")) as {
    dev: string;
  }[];
  return route?.dev;
}

function routeToEdgeWithout(part: Part, device: string): Promise<string> {
  return waitFor(`a route without ${device}`, () => {
    const now = routeToEdge(part);
    return now === device ? undefined : now;
  });
}

export const deadLineNoticed: NetworkScenario = {
  name: "dead-line-noticed",
  sentence: "a line that is cut, or silently loses one direction or both, is known to be dead within 1.5 s",
  programs: ["frr", "nft"],
  play,
};
