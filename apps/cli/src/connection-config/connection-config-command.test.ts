import assert from "node:assert/strict";
import { test } from "node:test";
import { buildProgram } from "../program.ts";
import { startControlDouble } from "../testing/control-double.ts";
import { recordingContext } from "../testing/recording-context.ts";
import { exampleDocuments } from "./line-example.ts";

const { exchange: ashburn } = exampleDocuments();
const elsewhere = { ...ashburn, edges: ["london-ix"], bgp_prefixes: [], encryption_domain: ["192.0.2.0/24"] };
/** What control does not tell a customer. */
const unseen = { device: null, routing_table: null, next_hop: null, local_address: null };

async function run(
  words: readonly string[],
  pages: readonly (readonly unknown[])[] = [[elsewhere, ashburn]],
  changes: Parameters<typeof exampleDocuments>[0] = {},
) {
  const { connection, secrets } = exampleDocuments(changes);
  const next = "http://elsewhere.invalid/v1/Interconnect/Exchanges?PageToken=p2";
  const control = await startControlDouble([
    { body: connection },
    { body: secrets },
    ...pages.map((exchanges, index) => ({
      body: { exchanges, meta: { next_page_url: index + 1 < pages.length ? next : null } },
    })),
  ]);
  const environment = { TANDEM_URL: control.url, TANDEM_ACCOUNT_SID: "AC1", TANDEM_AUTH_TOKEN: "t" };
  const context = recordingContext({ environment });
  try {
    await buildProgram(context).parseAsync(["node", "tandem", "connection", "config", "TX1", ...words]);
  } finally {
    await control.close();
  }
  return { text: context.printed.join("\n"), requests: control.requests };
}

function wordsFor(format: string, side: string): readonly string[] {
  const words = ["--format", format, "--side", side];
  return format === "strongswan" ? [...words, "--exchange-gateway", "203.0.113.1"] : words;
}

const formats: readonly (readonly [format: string, side: string, line: string])[] = [
  ["frr", "customer", "router bgp 65010"],
  ["frr", "exchange", "router bgp 64512"],
  ["bird", "customer", "  local 169.254.10.1 as 65010;"],
  ["bird", "exchange", "  local 169.254.10.0 as 64512;"],
  ["strongswan", "customer", "    local_addrs = 203.0.113.9"],
  ["strongswan", "exchange", "    local_addrs = 203.0.113.1"],
];
for (const [format, side, line] of formats) {
  test(`connection config --format ${format} --side ${side}`, async () => {
    const { text } = await run(wordsFor(format, side));
    assert.ok(text.split("\n").includes(line), text);
    assert.match(text, /208\.78\.112\.0\/25/);
    assert.ok(!text.endsWith("\n"));
  });
}

test("it reads the connection, its secrets and the exchange of its edge", async () => {
  const { requests } = await run(["--format", "frr", "--side", "customer"]);
  assert.deepEqual(requests, [
    "GET /v1/Interconnect/Connections/TX1",
    "GET /v1/Interconnect/Connections/TX1/Secrets",
    "GET /v1/Interconnect/Exchanges?PageSize=1000",
  ]);
});

test("the exchange of the edge may be on a later page", async () => {
  const { text, requests } = await run(["--format", "frr", "--side", "customer"], [[elsewhere], [ashburn]]);
  assert.match(text, /permit 208\.78\.112\.0\/25/);
  assert.equal(requests.at(-1), "GET /v1/Interconnect/Exchanges?PageToken=p2");
});

test("a customer, who is told nothing of the gateway hosts, gets every format of the customer's side", async () => {
  for (const format of ["frr", "bird", "strongswan"]) {
    const words = ["--format", format, "--side", "customer", "--exchange-gateway", "203.0.113.1"];
    assert.match((await run(words, undefined, { connection: unseen })).text, /Side of the customer/);
  }
  for (const hidden of [{ device: null }, { routing_table: null }]) {
    await assert.rejects(
      run(["--format", "frr", "--side", "exchange"], undefined, { connection: hidden }),
      /--side exchange needs the line's device and routing table: control shows them to the operator only/,
    );
  }
});

test("--exchange-gateway names our end of the tunnel", async () => {
  const words = ["--format", "strongswan", "--side", "customer", "--exchange-gateway", "203.0.113.50"];
  assert.match((await run(words)).text, /remote_addrs = 203\.0\.113\.50/);
});

test("what cannot be is said", async () => {
  await assert.rejects(run(["--format", "ios", "--side", "customer"]), /frr, bird or strongswan/);
  await assert.rejects(run(["--format", "frr", "--side", "left"]), /customer or exchange/);
  await assert.rejects(
    run(["--format", "frr", "--side", "customer"], [[elsewhere]]),
    /no exchange has the edge ashburn-ix/,
  );
});
