import assert from "node:assert/strict";
import { test } from "node:test";
import { buildProgram } from "../program.ts";
import { startControlDouble } from "../testing/control-double.ts";
import { recordingContext } from "../testing/recording-context.ts";
import { exampleDocuments } from "./line-example.ts";

async function run(words: readonly string[], exchanges: readonly unknown[] = [exampleDocuments().exchange]) {
  const { connection, secrets } = exampleDocuments();
  const control = await startControlDouble([
    { body: connection },
    { body: secrets },
    { body: { exchanges, meta: { next_page_url: null } } },
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
    const { text } = await run(["--format", format, "--side", side]);
    assert.ok(text.split("\n").includes(line), text);
    assert.ok(!text.endsWith("\n"));
  });
}

test("it reads the connection, its secrets and the exchange of its edge", async () => {
  const { requests } = await run(["--format", "frr", "--side", "customer"]);
  assert.deepEqual(requests, [
    "GET /v1/Interconnect/Connections/TX1",
    "GET /v1/Interconnect/Connections/TX1/Secrets",
    "GET /v1/Interconnect/Exchanges?Edge=ashburn-ix&PageSize=1",
  ]);
});

test("--exchange-gateway names our end of the tunnel", async () => {
  const words = ["--format", "strongswan", "--side", "customer", "--exchange-gateway", "203.0.113.50"];
  assert.match((await run(words)).text, /remote_addrs = 203\.0\.113\.50/);
});

test("what cannot be is said", async () => {
  await assert.rejects(run(["--format", "ios", "--side", "customer"]), /frr, bird or strongswan/);
  await assert.rejects(run(["--format", "frr", "--side", "left"]), /customer or exchange/);
  await assert.rejects(
    run(["--format", "frr", "--side", "customer"], []),
    /no exchange has the edge ashburn-ix/,
  );
});
