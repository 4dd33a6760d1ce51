/** Calls that cross gateways: three gateway processes, telephones with tones of their own, and no control at all. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { CallRecord, LegRecord, OutboxEntry } from "@tandem/contracts";
import { gatewayCounts } from "../harness/gateway-counts.ts";
import { delay, waitFor } from "../harness/wait.ts";
import type { Phone, PhoneCall } from "../user-agents/phone.ts";
import {
  BackboneScene,
  baseDomain,
  type GatewayName,
  gatewayAddress,
  label,
  numbers,
  phonePort,
  places,
  sipPort,
  tones,
} from "./backbone-scene.ts";
import { RawSocket } from "./raw-socket.ts";

/** Generous: only a failing test waits this long. */
const limitMs = 60_000;

function reached(call: PhoneCall, state: PhoneCall["state"]): Promise<true> {
  return waitFor(
    `a call to be ${state}, not ${call.state} ${call.statusCode}`,
    () => call.state === state,
    limitMs,
  );
}

function newest(phone: Phone, count: number): Promise<PhoneCall> {
  return waitFor(`call ${count}`, () => phone.received[count - 1], limitMs);
}

/** Both sides hear the tone of the other. */
async function assertTalking(
  caller: PhoneCall,
  callee: PhoneCall,
  heard: readonly [number, number],
): Promise<void> {
  await waitFor(
    "tones both ways",
    () => caller.audio.heardToneHz === heard[0] && callee.audio.heardToneHz === heard[1],
    limitMs,
  );
}

describe("calls across gateways", { concurrency: 1 }, () => {
  let scene: BackboneScene;
  let pstn: Phone;
  let customer: Phone;
  let otherCustomer: Phone;
  let pbx: Phone;
  let farCarrier: Phone;

  before(async () => {
    scene = await BackboneScene.open();
    pstn = await scene.phone("pstn");
    customer = await scene.phone("customer");
    otherCustomer = await scene.phone("otherCustomer");
    pbx = await scene.phone("pbx", { statusCode: 486 });
    farCarrier = await scene.phone("farCarrier");
    for (const name of ["entry", "near", "far"] as const) await sistersUp(name);
  });

  after(() => scene.close());

  /** Waits until a gateway has heard from its sisters. */
  async function sistersUp(name: GatewayName): Promise<void> {
    await waitFor(
      `sisters of ${name}`,
      async () => {
        scene.gateway(name).program.signal("SIGUSR2");
        await delay(300);
        const lines = scene
          .gateway(name)
          .program.output.split("\n")
          .filter((line) => line.includes('"sisters"'));
        return (lines.at(-1)?.match(/"state":"up"/g) ?? []).length === 2;
      },
      limitMs,
    );
  }

  /** Waits until the last call has left the gateway and its journal: only then a killed gateway has nothing to go on with. */
  async function idle(name: GatewayName): Promise<void> {
    await waitFor(
      `${name} to be idle`,
      async () => {
        const { calls, journal } = await gatewayCounts(scene.gateway(name).program);
        return calls === 0 && journal === 0;
      },
      limitMs,
    );
  }

  it("origination enters on the public edge and reaches the customer by the private one, with media both ways", async () => {
    const call = await scene.fromPstn(pstn, numbers.plain);
    await reached(call, "answered");
    const callee = await newest(customer, 1);
    await assertTalking(call, callee, [tones.customer, tones.pstn]);
    const invite = callee.request;
    assert.ok(invite !== undefined);
    assert.equal(invite.requestUri, `sip:${numbers.plain}@${places.customer}:${phonePort}`);
    assert.equal(invite.value("Diversion"), `<sip:${numbers.plain}@${baseDomain}>;reason=unconditional`);
    assert.equal(invite.value("P-Asserted-Identity"), `<sip:+442071838750@${baseDomain}>`);
    assert.equal(invite.value("X-Line"), "west 1");
    assert.match(invite.value("X-Tandem-CallSid") ?? "", /^CA[0-9a-f]{32}$/);
    assert.equal(invite.value("X-Tandem-Backbone"), undefined);
    const via = invite.via();
    assert.ok(via.ok);
    const sanJose = [gatewayAddress("near", "customers"), gatewayAddress("far", "customers")];
    assert.ok(sanJose.includes(via.value.host), `the INVITE came from ${via.value.host}`);
    for (const address of [
      places.pstn,
      gatewayAddress("entry", "backbone"),
      gatewayAddress("entry", "carriers"),
    ]) {
      assert.ok(!invite.text.includes(address), `${address} stands in the INVITE`);
    }
    call.hangUp();
    await reached(callee, "ended");
  });

  it("termination leaves by the edge that the carrier hangs on; the callee hangs up", async () => {
    const to = { address: gatewayAddress("entry", "customers"), port: sipPort };
    const requestUri = `sip:+442079460000@${label}.pstn.${baseDomain}`;
    const call = await customer.call({ requestUri, from: `sip:+15550001001@${places.customer}`, to });
    await reached(call, "answered");
    const callee = await newest(farCarrier, 1);
    await assertTalking(call, callee, [tones.farCarrier, tones.customer]);
    assert.equal(callee.request?.value("P-Asserted-Identity"), `<sip:+15550001001@${baseDomain}>`);
    assert.equal(callee.request?.value("X-Tandem-Backbone"), undefined);
    callee.hangUp();
    await reached(call, "ended");
  });

  it("a busy customer ends the call; the next URL hears nothing", async () => {
    const call = await scene.fromPstn(pstn, numbers.busy);
    await reached(call, "refused");
    assert.equal(call.statusCode, 486);
    assert.equal(otherCustomer.received.length, 0);
    assert.equal(pbx.received.length, 0);
  });

  it("a target that is silent behind the sister leads to the next URL", async () => {
    const call = await scene.fromPstn(pstn, numbers.silent);
    await reached(call, "answered");
    call.hangUp();
    await reached(await newest(otherCustomer, 1), "ended");
  });

  it("nobody but a sister is answered on the backbone, and nobody shows a backbone request anywhere else", async () => {
    const backbone = { address: gatewayAddress("near", "backbone"), port: sipPort };
    const forged = (from: string): string =>
      [
        `INVITE sip:OU00@${backbone.address}:${sipPort} SIP/2.0`,
        `Via: SIP/2.0/UDP ${from};branch=z9hG4bK${Math.random().toString(36).slice(2)}`,
        "From: <sip:+442071838750@tandem.test>;tag=forged",
        `To: <sip:OU00@${backbone.address}:${sipPort}>`,
        `Call-ID: ${Math.random().toString(36).slice(2)}`,
        "CSeq: 1 INVITE",
        `Contact: <sip:${from}>`,
        "Max-Forwards: 70",
        `X-Tandem-Backbone: v=1;key=1;hop=1;from=entry;to=near;time=${Date.now()};call=CA1;attempt=0;` +
          "direction=origination;candidate=OU00;trunk=TK0;account=AC1;calling=1;called=+15550001001;alerted=0;" +
          `nonce=${"a".repeat(32)};mac=${"b".repeat(64)}`,
        "Content-Length: 0",
        "",
        "",
      ].join("\r\n");
    const carriers = { address: gatewayAddress("near", "carriers"), port: sipPort };
    const customers = { address: gatewayAddress("near", "customers"), port: sipPort };
    const sources: [address: string, to: typeof backbone][] = [
      [places.customer, backbone],
      [places.pstn, backbone],
      [places.nobody, backbone],
      // From an address of a sister, with a signature that is none.
      [gatewayAddress("entry", "backbone"), backbone],
      [places.pstn, carriers],
      [places.customer, customers],
    ];
    const sockets: RawSocket[] = [];
    for (const [address, to] of sources) {
      const socket = await RawSocket.open(address);
      sockets.push(socket);
      socket.send(forged(`${address}:${socket.port}`), to);
    }
    const { program } = scene.gateway("near");
    const silences = await waitFor(
      "all of them to be counted",
      async () => {
        program.signal("SIGUSR2");
        await delay(200);
        const line = program.output.split("\n").findLast((text) => text.includes('"backboneSilences"'));
        const counted = (JSON.parse(line ?? "{}") as { backboneSilences?: Record<string, number> })
          .backboneSilences;
        const sum = Object.values(counted ?? {}).reduce((total, count) => total + count, 0);
        return sum >= sources.length ? counted : undefined;
      },
      limitMs,
    );
    assert.deepEqual(silences, { "unknown-source": 3, "wrong-signature": 1, "wrong-interface": 2 });
    for (const socket of sockets) {
      assert.deepEqual(socket.received, []);
      socket.close();
    }
  });

  it("a sister is killed in a call and comes back: BYE from either side ends it", async () => {
    for (const who of ["caller", "callee"] as const) {
      const count = customer.received.length;
      const call = await scene.fromPstn(pstn, numbers.plain);
      await reached(call, "answered");
      const callee = await newest(customer, count + 1);
      await assertTalking(call, callee, [tones.customer, tones.pstn]);
      const sister = scene.gateway(placedBy(callee));
      await sister.program.kill();
      await sister.start();
      assert.match(sister.program.output, /"adopted":1,"closed":0/);
      callee.audio.forgetHeard();
      call.audio.forgetHeard();
      await assertTalking(call, callee, [tones.customer, tones.pstn]);
      const [ending, other] = who === "caller" ? [call, callee] : [callee, call];
      ending.hangUp();
      await reached(other, "ended");
      await idle(sister.name as GatewayName);
    }
  });

  it("a dead sister: the other one of the edge; both dead: the next URL", async () => {
    await scene.gateway("near").program.kill();
    for (let round = 0; round < 2; round += 1) {
      const count = customer.received.length;
      const call = await scene.fromPstn(pstn, numbers.failover);
      await reached(call, "answered");
      const callee = await newest(customer, count + 1);
      assert.equal(placedBy(callee), "far");
      call.hangUp();
      await reached(callee, "ended");
    }
    await idle("far");
    await scene.gateway("far").program.kill();
    const count = otherCustomer.received.length;
    const call = await scene.fromPstn(pstn, numbers.failover);
    await reached(call, "answered");
    await newest(otherCustomer, count + 1);
    call.hangUp();
    await reached(call, "ended");
    await scene.gateway("near").start();
    await scene.gateway("far").start();
  });

  it("the records: one a call where it entered, with what the sister did; one leg record a placed attempt", async () => {
    const { records, legs } = split(await scene.outboxes());
    assert.deepEqual(
      records.map((record) => `${record.gateway} ${record.calledNumber} ${record.status}`),
      [
        `entry ${numbers.plain} completed`,
        "entry +442079460000 completed",
        `entry ${numbers.busy} busy`,
        `entry ${numbers.silent} completed`,
        `entry ${numbers.plain} completed`,
        `entry ${numbers.plain} completed`,
        `entry ${numbers.failover} completed`,
        `entry ${numbers.failover} completed`,
        `entry ${numbers.failover} completed`,
      ],
    );
    const silent = records.find((record) => record.calledNumber === numbers.silent);
    assert.deepEqual(
      silent?.attempts.map((one) => [one.edge, one.interface, one.remote, one.reason?.code ?? null]),
      [
        ["san-jose-ix", "customers", `UDP ${places.nobody}:${phonePort}`, 90204],
        ["ashburn", "customers", `UDP ${places.otherCustomer}:${phonePort}`, null],
      ],
    );
    assertLegs(records, legs);
    const first = legs.find((leg) => leg.callSid === records[0]?.sid);
    assert.ok(
      first !== undefined && first.media.fromIngress.packets > 0 && first.media.fromEgress.packets > 0,
    );
  });
});

/** The gateways where no call entered have leg records, and nothing else. */
function split(outboxes: ReadonlyMap<GatewayName, readonly OutboxEntry[]>) {
  const records: CallRecord[] = [];
  const legs: LegRecord[] = [];
  for (const [name, entries] of outboxes) {
    for (const entry of entries) {
      if (entry.kind === "call-record") records.push(entry.record);
      if (entry.kind === "leg-record") legs.push(entry.leg);
      assert.equal(entry.kind === "leg-record", name !== "entry", `${entry.kind} of ${name}`);
    }
  }
  return { records, legs };
}

/** Each attempt that reached the far end over the backbone has its leg record, and there are no others. */
function assertLegs(records: readonly CallRecord[], legs: readonly LegRecord[]): void {
  const placed = records.flatMap(({ sid, attempts }) =>
    attempts
      .filter((one) => one.viaGateway !== null && one.remote !== null)
      .map((one) => [sid, one.index, one.viaGateway, one.remote, one.sipCallId]),
  );
  const told = legs.map((leg) => [
    leg.callSid,
    leg.attemptIndex,
    leg.gateway,
    leg.remote,
    leg.backboneSipCallId,
  ]);
  assert.equal(placed.length, 8);
  assert.deepEqual(told.map(String).sort(), placed.map(String).sort());
  assert.equal(legs.filter((leg) => leg.adopted).length, 2);
}

/** The gateway whose address the customer's INVITE came from. */
function placedBy(call: PhoneCall): GatewayName {
  const via = call.request?.via();
  assert.ok(via?.ok === true);
  const host = via.value.host;
  const found = (["near", "far"] as const).find((name) => gatewayAddress(name, "customers") === host);
  assert.ok(found !== undefined, `placed from ${host}`);
  return found;
}
