import assert from "node:assert/strict";
import { join } from "node:path";
import { waitFor } from "../../harness/wait.ts";
import { blackhole } from "../builder/cuts.ts";
import { Frr } from "../frr/frr.ts";
import { customerNumber, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";
import { type PageBlock, pageBlocks } from "./page-blocks.ts";
import { PageRun } from "./page-run.ts";

const page = join(import.meta.dirname, "..", "..", "..", "docs", "interconnect.md");
const asOperator = "control";
const asCustomer = "control, as the customer";
const lineLimitMs = 90_000;
const [customer] = customerPlans;
const [carrier] = carrierPlans;

interface Reader {
  readonly run: PageRun;
  readonly blocks: readonly PageBlock[];
  readonly stand: Stand;
}

/** Follows the page, section by section, and does between them what it says that people and cables do. */
async function play(stand: Stand): Promise<void> {
  stand.build({ gateways: { "san-jose-ix": 0, umatilla: 0 } });
  const { network } = stand;
  // The internet knows the signaling addresses of the standard network; the page has one more for media.
  network.host("internet").ip("route", "add", "168.86.129.1/32", "dev", "ashburn-1");
  for (const host of ["ashburn-ix-1", customer.name]) await Frr.start(network.host(host), "");
  const reader = { run: new PageRun(network), blocks: pageBlocks(page), stand };
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) await readSection(reader, number);
  await untilLine(reader, "up");
  await firstCall(reader);
  blackhole(network.link(`line-1a:${customer.name}`), "both");
  stand.timeline.tell("line-1a", "loses everything");
  await untilLine(reader, "down");
  await callWithoutTheLine(reader);
}

function sectionOf({ blocks }: Reader, number: number): readonly PageBlock[] {
  const found = blocks.filter(({ section }) => section.startsWith(`${number}. `));
  assert.ok(found.length > 0, `the page has no commands in section ${number}`);
  return found;
}

async function readSection(reader: Reader, number: number): Promise<void> {
  const blocks = sectionOf(reader, number);
  for (const block of blocks) await reader.run.block(block);
  reader.stand.timeline.tell("page", blocks[0]?.section ?? "");
}

interface LineView {
  readonly status: string;
  readonly health: readonly { readonly state: string; readonly bfd: string | null }[];
}

async function untilLine({ run, stand }: Reader, state: "up" | "down"): Promise<void> {
  let seen = "";
  await waitFor(
    `the line to be ${state}`,
    async () => {
      seen = await run.command(asOperator, "./tandem connections show TX… --json");
      const { status, health } = JSON.parse(seen) as LineView;
      return status === "active" && health.length === 1 && health[0]?.state === state;
    },
    lineLimitMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${seen}`, { cause: error });
  });
  stand.timeline.tell("line-1a", `is ${state}`);
}

/** A command of the page until it says so: what was changed reaches gateways and name servers a moment later. */
async function eventually({ run }: Reader, block: PageBlock | undefined, wanted: RegExp): Promise<string> {
  assert.ok(block !== undefined);
  let last = "";
  await waitFor(
    `${wanted} from ${JSON.stringify(block)}`,
    async () => {
      last = await run.block(block).then(
        (outputs) => outputs.join("\n"),
        (error: unknown) => String(error),
      );
      return wanted.test(last);
    },
    lineLimitMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${last}`, { cause: error });
  });
  return last;
}

async function firstCall(reader: Reader): Promise<void> {
  const { run, stand } = reader;
  const [dig, explain, calls] = sectionOf(reader, 9);
  await eventually(reader, dig, /^208\.78\.112\.64$/m);
  await eventually(reader, explain, /1\. use +sip:203\.0\.113\.10[^\n]*\n +2\. use +sip:192\.0\.2\.11/);
  const sbc = await stand.phone(customer.name, { address: customer.sbcAddress, toneHz: 600 });
  const pstn = await stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 });
  const call = await sbc.call({
    requestUri: `sip:${pstnNumber}@office.pstn.ashburn-ix.tandem.test`,
    from: `sip:${customerNumber}@${customer.sbcAddress}`,
    to: { address: "208.78.112.64", port: 5060 },
  });
  stand.verdicts.equal("the first call is answered", (await call.settled()).statusCode, 200);
  const callee = await pstn.incoming(0);
  await waitFor("tones in both directions", async () => {
    const heard = [(await call.view()).heardToneHz, (await callee.view()).heardToneHz];
    return heard[0] === pstn.toneHz && heard[1] === sbc.toneHz;
  });
  await call.hangUp();
  await callee.ended();
  await eventually(reader, calls, new RegExp(`\\${pstnNumber} `));
  const sid = run.value("TX…");
  const listed = await run.command(asCustomer, "./tandem calls list --connection-sid TX… --json");
  stand.verdicts.equal("the record names the line", listed.includes(sid), true);
}

/** A call of the carrier, through the gateway whose line is dead, to the customer's second address. */
async function callWithoutTheLine(reader: Reader): Promise<void> {
  const { stand } = reader;
  const [health, lists, reason] = sectionOf(reader, 10);
  const office = await stand.phone(customer.name, { address: customer.internetAddress, toneHz: 500 });
  const pstn = await stand.phone(carrier.name, { address: carrier.dispatcherAddress, toneHz: 800 });
  const call = await pstn.call({
    requestUri: `sip:${customerNumber}@10.20.1.1`,
    from: `sip:${pstnNumber}@${carrier.dispatcherAddress}`,
    to: { address: "10.20.1.1", port: 5060 },
  });
  stand.verdicts.equal("a call of the carrier is answered", (await call.settled()).statusCode, 200);
  stand.verdicts.equal("by the office on the internet", (await office.received()).length, 1);
  await call.hangUp();
  const shown = await eventually(reader, health, /"state":"down"/);
  stand.verdicts.equal("BFD is down", /"bfd":"down"/.test(shown), true);
  await eventually(reader, lists, new RegExp(`\\${pstnNumber} `));
  await eventually(reader, reason, /90240/);
}

export const interconnectPage: NetworkScenario = {
  name: "interconnect-page",
  sentence:
    "docs/interconnect.md: its commands, typed in their order, end in a call over the line and one without it",
  programs: ["frr", "nft"],
  play,
};
