import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, settled } from "@tandem/sip/testing";
import {
  assertNoFaults,
  attemptViews,
  type BackboneScriptOptions,
  backboneAddresses,
  backboneScript,
  backboneSnapshot,
  farTarget,
  gatewayRow,
  lastOf,
  respond,
  twoUrls,
} from "../testing/backbone-script.ts";
import { answer } from "../testing/gateway-script.ts";
import { SisterDirectory } from "./sister-directory.ts";
import { maximumSistersPerAttempt, SisterOrder } from "./sister-order.ts";

const { near: nearAddress, far: farAddress } = backboneAddresses;
const code = reasons.edgeUnreachable.code;

test("a sister that is silent for a second: the next one, within the same attempt, with a request of its own", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  const { entry, far, link, clock } = script;
  link.dead.add(nearAddress);
  script.carrierInvite();
  const [asked] = link.carried.filter(({ text }) => text.startsWith("INVITE"));
  clock.advance(999);
  far.wire.expectNothing();
  clock.advance(1);
  const invite = far.wire.expect("INVITE");
  const again = link.carried.filter(({ text, to }) => text.startsWith("INVITE") && to === farAddress)[0];
  assert.notEqual(parsedRequest(again?.text ?? "").callId, parsedRequest(asked?.text ?? "").callId);
  respond(far, invite, 200, { body: answer });
  lastOf(entry, 200);
  entry.gateway.endAllCalls();
  assert.deepEqual(attemptViews(entry.ledger.records[0]), [
    "answered OU1 far san-jose-ix customers UDP 192.0.2.20:5080 200",
  ]);
  assertNoFaults(script);
});

test("a sister that refuses the connection: the next at once; a dead one is last for the next call", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  const { near, far, link } = script;
  link.refusing.add(nearAddress);
  script.carrierInvite();
  await settled();
  far.wire.expect("INVITE");
  link.refusing.clear();
  for (const callId of ["call-2", "call-3"]) {
    script.carrierInvite({ callId, branch: `z9hG4bK-${callId}` });
    far.wire.expect("INVITE");
    near.wire.expectNothing();
  }
});

test("no sister answers: the attempt has failed with what each of them did, and the next URL is tried", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  const { entry, link, clock } = script;
  link.dead.add(nearAddress);
  link.refusing.add(farAddress);
  script.carrierInvite();
  clock.advance(1000);
  await settled();
  respond(entry, lastOf(entry, "INVITE"), 486);
  assert.deepEqual(attemptViews(entry.ledger.records[0]), [
    `failed OU1 far san-jose-ix ${code} near: did not answer in time; far: connection refused`,
    "failed OU2 ashburn customers UDP 192.0.2.30:5060 486",
  ]);
  assert.equal(entry.gateway.health.stateOf(farTarget).isDown, false, "the target has done nothing");
  assertNoFaults(script);
});

test("a draining sister answers 503: the next one, and nothing of it in the record", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  const { entry, near, far, link } = script;
  near.gateway.perform({ name: "drain", exitWhenIdle: false });
  script.carrierInvite();
  assert.ok(link.take().includes("SIP/2.0 503 Gateway Draining"));
  respond(far, far.wire.expect("INVITE"), 486);
  lastOf(entry, 486);
  assert.deepEqual(attemptViews(entry.ledger.records[0]), [
    "failed OU1 far san-jose-ix customers UDP 192.0.2.20:5080 486",
  ]);
  assert.deepEqual([near.ledger.records.length, near.ledger.legs.length], [0, 0]);
  far.gateway.perform({ name: "drain", exitWhenIdle: false });
  script.carrierInvite({ callId: "call-2", branch: "z9hG4bK-2" });
  respond(entry, lastOf(entry, "INVITE"), 486);
  const attempt = entry.ledger.records[1]?.attempts[0];
  assert.equal(attempt?.reason?.code, reasons.draining.code);
  assertNoFaults(script);
});

test("a sister that dies after its 100, or while it rings, is given up after seven seconds of silence", async () => {
  for (const rings of [false, true]) {
    const script = await backboneScript({ snapshot: twoUrls });
    const { entry, near, far, link, clock } = script;
    script.carrierInvite();
    const invite = near.wire.expect("INVITE");
    respond(near, invite, rings ? 180 : 100);
    clock.advance(3000);
    link.dead.add(nearAddress);
    // Its last sign of life was at 2 s.
    clock.advance(5999);
    far.wire.expectNothing();
    clock.advance(1);
    respond(far, far.wire.expect("INVITE"), 200, { body: answer });
    lastOf(entry, 200);
    assert.match(entry.gateway.state().sisters.find((one) => one.gateway === "near")?.state ?? "", /down/);
    assertNoFaults(script);
  }
});

test("signs of life keep a sister for as long as it rings, and end with the final response", async () => {
  const script = await backboneScript();
  const { entry, near, link, clock } = script;
  script.carrierInvite();
  const invite = near.wire.expect("INVITE");
  respond(near, invite, 180);
  clock.advance(170_000);
  // The caller hears of it once a minute.
  for (let minute = 0; minute <= 2; minute += 1) entry.wire.expect(180);
  assert.equal(link.take().filter((line) => line === "SIP/2.0 100 Trying").length, 86);
  entry.wire.expectNothing();
  respond(near, invite, 200, { body: answer });
  clock.advance(10_000);
  assert.equal(link.take().filter((line) => line === "SIP/2.0 100 Trying").length, 0);
});

test("without a way there the reason says which part is missing", async () => {
  const table: [what: string, snapshot: typeof twoUrls, text: RegExp][] = [
    ["no key", { backboneKeys: [] }, /the snapshot has no backbone key$/],
    ["no gateway", { gateways: [] }, /has no gateway of san-jose-ix with a backbone interface$/],
    [
      "no shared transport",
      {
        gateways: [gatewayRow("near", "san-jose-ix", nearAddress)].map((row) => ({
          ...row,
          interfaces: row.interfaces.map((one) => ({ ...one, udpPort: null, tlsPort: 5061 })),
        })),
      },
      /^no gateway of san-jose-ix serves a transport of the interface backbone$/,
    ],
  ];
  for (const [what, snapshot, text] of table) assert.match(await skippedText({ snapshot }), text, what);
  const interfaces = [
    { name: "customers", roles: ["public" as const], localAddress: "198.51.100.1", udpPort: 5060 },
    { name: "carriers", roles: ["carrier" as const], localAddress: "198.51.100.2", udpPort: 5060 },
  ];
  const text = await skippedText({ configuration: { interfaces } });
  assert.match(text, /^this gateway is on ashburn and has no interface of role backbone$/);
});

/** Why the only URL of the trunk was not tried. */
async function skippedText(options: BackboneScriptOptions): Promise<string> {
  const script = await backboneScript(options);
  script.carrierInvite();
  script.entry.wire.expect(480);
  const [attempt] = script.entry.ledger.records[0]?.attempts ?? [];
  assert.deepEqual([attempt?.result, attempt?.reason?.code], ["skipped", code]);
  return attempt?.reason?.text ?? "";
}

test("healthy sisters take turns, draining ones come behind them, dead ones last; at most four are asked", () => {
  const names = ["g1", "g2", "g3", "g4", "g5"];
  const gateways = names.map((name, index) => gatewayRow(name, "san-jose-ix", `100.64.0.${index + 10}`));
  const sisters = SisterDirectory.from(backboneSnapshot({ gateways }), "entry").of("san-jose-ix");
  const states = new Map<string, "up" | "draining" | "down" | "unknown">();
  const order = new SisterOrder({
    of: (gateway) => ({ state: states.get(gateway) ?? "up", reason: undefined }),
  });
  const next = (isTurn = true): string =>
    order
      .order(sisters, isTurn)
      .map((one) => one.gateway)
      .join(" ");
  assert.equal(maximumSistersPerAttempt, 4);
  assert.deepEqual(
    [next(), next(), next(false), next()],
    ["g1 g2 g3 g4", "g2 g3 g4 g5", "g3 g4 g5 g1", "g3 g4 g5 g1"],
  );
  states.set("g4", "down").set("g5", "draining").set("g1", "unknown");
  assert.deepEqual([next(), next()], ["g1 g2 g3 g5", "g1 g2 g3 g5"]);
  states.set("g1", "down").set("g2", "down").set("g3", "down");
  assert.equal(next(), "g5 g1 g2 g3");
});

test("the directory: by every backbone address, by edge or its legacy id, never this gateway itself", () => {
  const two = gatewayRow("two", "us2-ix", "100.64.0.2");
  const [first] = two.interfaces;
  assert.ok(first !== undefined);
  const gateways = [
    gatewayRow("own", "san-jose-ix", "100.64.0.1"),
    { ...two, interfaces: [first, { ...first, address: "100.64.0.22" }] },
    gatewayRow("six", "san-jose-ix", "2001:DB8::6"),
    { name: "public", edge: "san-jose-ix", interfaces: [{ ...first, roles: ["public" as const] }] },
  ];
  const directory = SisterDirectory.from(backboneSnapshot({ gateways }), "own");
  const named = (sisters: readonly { gateway: string }[]): string[] => sisters.map((one) => one.gateway);
  assert.deepEqual(named(directory.all), ["two", "six"]);
  assert.deepEqual(named(directory.of("san-jose-ix")), ["two", "six"]);
  assert.deepEqual(named(directory.of("us2-ix")), []);
  for (const [address, found] of [
    ["100.64.0.2", ["two"]],
    ["100.64.0.22", ["two"]],
    ["::ffff:100.64.0.2", ["two"]],
    ["[2001:db8::6]", ["six"]],
    ["100.64.0.1", []],
    ["100.64.0.3", []],
  ] as const) {
    assert.deepEqual(named(directory.at(address)), found, address);
  }
});
