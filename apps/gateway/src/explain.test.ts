import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExplainRequest, ExplainResult, type Snapshot, validator } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { request } from "@tandem/sip/testing";
import {
  addresses,
  exampleCarrier,
  exampleGateway,
  exampleTrunk,
  exampleUrl,
  trunkHost,
} from "./testing/example-snapshot.ts";
import { type GatewayScript, gatewayScript } from "./testing/gateway-script.ts";

const facts: Extract<ExplainRequest, { kind: "facts" }> = {
  kind: "facts",
  direction: "termination",
  from: "+15550001111",
  to: "+15557654321",
  host: trunkHost,
  sourceAddress: addresses.customer,
};

const fromCarrier: ExplainRequest = {
  kind: "facts",
  direction: "origination",
  from: "+442071838750",
  to: "+15550001111",
  sourceAddress: addresses.carrier,
};

function explained({ gateway }: GatewayScript, asked: ExplainRequest): ExplainResult {
  const result = gateway.perform({ name: "explain", request: asked });
  assert.ok(result.ok && result.name === "explain", JSON.stringify(result));
  assert.ok(validator(ExplainResult)(result.result).ok);
  return result.result;
}

async function explain(asked: ExplainRequest, snapshot: Partial<Snapshot> = {}): Promise<ExplainResult> {
  return explained(await gatewayScript({ snapshot }), asked);
}

const stagesOf = (result: ExplainResult): string[] =>
  result.stages.map((one) => `${one.stage} ${one.verdict}`);

test("a termination that would go: every stage passes, and the candidates in their order", async () => {
  const gateways = [
    exampleGateway({ priority: 1 }),
    exampleGateway({ sid: "CG2", sipUrl: "sip:203.0.113.8", priority: 2 }),
  ];
  const result = await explain(facts, { carriers: [exampleCarrier({ gateways })] });
  assert.deepEqual(stagesOf(result), [
    "ingress-identification pass",
    "hop-limit pass",
    "client-certificate pass",
    "authentication pass",
    "account-status pass",
    "security-policy pass",
    "header-policy pass",
    "number-translation pass",
    "caller-identity pass",
    "caller-id-policy pass",
    "destination-policy pass",
    "identity pass",
    "limits pass",
    "route-selection pass",
    "media-engine pass",
  ]);
  assert.equal(result.stages[0]?.text, "trunk acme (TK1)");
  const { gateway, snapshotVersion, trunkSid, accountSid } = result;
  assert.deepEqual(
    { gateway, snapshotVersion, trunkSid, accountSid },
    {
      gateway: "gateway-1",
      snapshotVersion: 7,
      trunkSid: "TK1",
      accountSid: "AC1",
    },
  );
  assert.deepEqual(
    result.candidates.map(({ sid, url, edge, usable }) => [sid, url, edge, usable]),
    [
      ["CG1", "sip:203.0.113.7:5060", "ashburn-ix", true],
      ["CG2", "sip:203.0.113.8", "ashburn-ix", true],
    ],
  );
  assert.notEqual(result.candidates[0]?.text, "");
});

test("an origination: the carrier, the number's trunk, its URLs", async () => {
  const result = await explain(fromCarrier);
  assert.equal(result.stages[0]?.text, "carrier bigtel (CR1)");
  assert.equal(result.trunkSid, "TK1");
  assert.deepEqual(
    result.candidates.map((candidate) => candidate.sid),
    ["OU1"],
  );
});

test("a refusal ends it, with its reason and status", async () => {
  const result = await explain({ ...facts, to: "alice" });
  assert.deepEqual(result.stages.at(-1), {
    stage: "number-translation",
    verdict: "refuse",
    text: "alice is not E.164 with a leading plus",
    reasonCode: 32101,
    statusCode: 400,
  });
  assert.deepEqual(result.candidates, []);
});

test("a named edge is told", async () => {
  const result = await explain({ ...facts, host: "acme.pstn.us2-ix.tandem.test" });
  assert.equal(result.stages[0]?.text, "trunk acme (TK1), named at edge san-jose-ix");
});

test("candidates that would be skipped or are down say why", async () => {
  const originationUrls = [
    exampleUrl({ priority: 1 }),
    exampleUrl({ sid: "OU2", sipUrl: "sip:192.0.2.21;edge=san-jose-ix", priority: 2 }),
    exampleUrl({ sid: "OU3", enabled: false }),
  ];
  const script = await gatewayScript({ snapshot: { trunks: [exampleTrunk({ originationUrls })] } });
  script.carrierInvite();
  script.wire.expect("INVITE");
  script.wire.fail();
  const { candidates } = explained(script, fromCarrier);
  assert.deepEqual(
    candidates.map(({ sid, usable, text }) => [sid, usable, text]),
    [
      ["OU1", false, "could not be reached by the last call"],
      ["OU3", false, `${reasons.candidateDisabled.code} candidate-disabled: the origination URL is disabled`],
      [
        "OU2",
        false,
        `${reasons.edgeUnreachable.code} edge-unreachable: this gateway is on ashburn-ix and has no interface of role backbone`,
      ],
    ],
  );
});

test("a stranger is told apart from an unlisted address", async () => {
  const stranger = await explain({ ...facts, host: "198.51.100.1" });
  assert.deepEqual(stagesOf(stranger), ["ingress-identification refuse"]);
  assert.match(stranger.stages[0]?.text ?? "", /^stranger: .* nothing is answered$/);
  assert.deepEqual(
    [stranger.stages[0]?.reasonCode, stranger.stages[0]?.statusCode],
    [reasons.strangerSource.code, null],
  );
  const unlisted = await explain({ ...facts, sourceAddress: addresses.stranger });
  assert.match(unlisted.stages[0]?.text ?? "", /^192\.0\.2\.99 is in no access control list of the trunk/);
  assert.deepEqual([unlisted.stages[0]?.reasonCode, unlisted.stages[0]?.statusCode], [32201, 403]);
});

test("a dry run leaves no trace: no probe, no token, no nonce, no record, nothing on the wire", async () => {
  const trunks = [exampleTrunk({ callsPerSecond: 1 })];
  const script = await gatewayScript({ snapshot: { trunks } });
  for (let index = 0; index < 10; index += 1) {
    explained(script, { ...facts, sourceAddress: addresses.stranger });
    assert.equal(explained(script, facts).candidates.length, 1);
    explained(script, { ...facts, to: "alice" });
  }
  script.wire.expectNothing();
  assert.deepEqual(
    [script.ledger.records.length, script.ledger.alerts.length, script.gateway.calls.size],
    [0, 0, 0],
  );
  script.wire.inject(request("OPTIONS", { requestUri: `sip:${trunkHost}` }), {
    ...script.customer,
    remoteAddress: addresses.stranger,
  });
  script.wire.expect(200);
  script.invite();
  script.wire.expect("INVITE");
});

test("a digest user may be assumed", async () => {
  const trunks = [exampleTrunk({ ipAccessControlListSids: [], credentialListSids: ["CL1"] })];
  const known = await explain({ ...facts, username: "pbx" }, { trunks });
  assert.equal(known.stages[3]?.text, "user pbx is known");
  const unknown = await explain({ ...facts, username: "nobody" }, { trunks });
  assert.equal(unknown.stages.at(-1)?.reasonCode, 32202);
});

const invite = request("INVITE", {
  requestUri: `sip:+15557654321@${trunkHost}`,
  from: "<sip:+15550001111@a>",
});

test("an INVITE as text, also one that was pasted with bare line feeds", async () => {
  for (const text of [invite, invite.replaceAll("\r\n", "\n"), invite.trimEnd()]) {
    const result = await explain({ kind: "invite", text, sourceAddress: addresses.customer });
    assert.equal(result.candidates.length, 1);
  }
});

test("transport and interface count", async () => {
  const trunks = [exampleTrunk({ secure: true })];
  const udp = await explain(facts, { trunks });
  assert.equal(udp.stages.at(-1)?.reasonCode, 32209);
  const tls = await explain({ ...facts, transport: "TLS" }, { trunks });
  assert.equal(tls.stages.at(-1)?.reasonCode, 90070);
  const wrong = await explain({ ...facts, interface: "carriers" });
  assert.equal(wrong.stages[0]?.verdict, "refuse");
});

const refused: readonly (readonly [what: string, asked: ExplainRequest, error: RegExp])[] = [
  ["no message", { kind: "invite", text: "hello", sourceAddress: "192.0.2.1" }, /^not a SIP message: /],
  [
    "a response",
    { kind: "invite", text: "SIP/2.0 200 OK\r\n\r\n", sourceAddress: "192.0.2.1" },
    /^a response can't be explained, only an INVITE$/,
  ],
  ["an interface that is not there", { ...facts, interface: "moon" }, /^this gateway has no interface moon$/],
];

for (const [what, asked, error] of refused) {
  test(`refused: ${what}`, async () => {
    const { gateway } = await gatewayScript();
    const result = gateway.perform({ name: "explain", request: asked });
    assert.ok(!result.ok);
    assert.match(result.error, error);
  });
}

test("a gateway without an interface for a direction says so", async () => {
  const script = await gatewayScript({
    configuration: {
      interfaces: [{ name: "customers", roles: ["public"], localAddress: "198.51.100.1", udpPort: 5060 }],
    },
  });
  const result = script.gateway.perform({ name: "explain", request: fromCarrier });
  assert.deepEqual(result, { ok: false, error: "this gateway has no interface for that direction" });
});
