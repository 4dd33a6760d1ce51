/** Whole calls over private lines: which line, in and out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { flow, response, settled } from "@tandem/sip/testing";
import { connectionSid, exampleConnection, exampleTrunk } from "../testing/example-snapshot.ts";
import { answer } from "../testing/gateway-script.ts";
import { address, arriving, attempts, gateway, nextInvite, one, two, urls } from "../testing/line-script.ts";

test("kernel: each active line has an interface of its own, on its address and the private interface's ports", async () => {
  const script = await gateway({
    snapshot: {
      connections: [
        exampleConnection(1),
        exampleConnection(2, { status: "in-transition" }),
        exampleConnection(3, { status: "inactive" }),
        exampleConnection(4, { edge: "san-jose-ix" }),
      ],
    },
  });
  assert.deepEqual(
    [...script.wire.added.values()].map(({ name, localAddress, advertisedAddress, udpPort, tcpPort }) => [
      name,
      localAddress,
      advertisedAddress,
      udpPort,
      tcpPort,
    ]),
    [
      [`customers/${one}`, "100.127.0.1", "203.0.113.64", 5060, undefined],
      [`customers/${two}`, "100.127.0.2", "203.0.113.64", 5060, undefined],
    ],
  );
  assert.deepEqual([...script.relay.added.keys()], [`customers/${one}`, `customers/${two}`]);
});

test("kernel: two lines to the same network are told apart by their interface, in record and media", async () => {
  for (const sid of [one, two]) {
    const script = await gateway();
    script.invite({}, arriving(script, `customers/${sid}`));
    script.wire.expect("INVITE");
    assert.equal(script.relay.endpoints[0]?.mediaInterface, `customers/${sid}`);
    assert.equal(script.relay.endpoints[0]?.advertisedAddress, "203.0.113.64");
    script.gateway.endAllCalls();
    const [record] = script.ledger.records;
    assert.deepEqual(
      [record?.ingressInterface, record?.ingressConnection, record?.ingressRemote],
      [`customers/${sid}`, sid, `UDP ${address}:5060`],
    );
  }
});

test("kernel: the private interface itself serves no customer; the public one does, without a line", async () => {
  const script = await gateway();
  script.invite({}, arriving(script, "customers"));
  script.wire.expectNothing();
  script.invite({}, arriving(script, "internet"));
  script.wire.expect("INVITE");
  script.gateway.endAllCalls();
  assert.equal(script.ledger.records[0]?.ingressConnection, null);
});

test("address: the line is that of the source address, none and two alike are none, two are told", async () => {
  const connections = [
    exampleConnection(1),
    exampleConnection(2, { routes: ["172.56.42.192/26", "10.1.0.0/24"] }),
  ];
  const script = await gateway({ attribution: "address", snapshot: { connections } });
  assert.equal(script.wire.added.size, 0);
  const rows: readonly (readonly [from: string, on: string, line: string | undefined])[] = [
    [address, "customers", one],
    ["10.1.0.9", "customers", two],
    ["172.56.42.200", "customers", undefined],
    ["172.56.42.201", "customers", undefined],
    ["192.0.2.1", "customers", undefined],
    [address, "internet", undefined],
    [address, "carriers", undefined],
  ];
  for (const [from, on, line] of rows)
    assert.equal(script.wire.connectionOf(from, on), line, `${from} on ${on}`);
  const overlaps = script.events.filter(({ event }) => event === "lines-overlap");
  assert.deepEqual(overlaps, [
    { event: "lines-overlap", fields: { connections: [one, two], address: "172.56.42.200" } },
  ]);
});

test("a line that is not active, or of another account, makes strangers; an access control list bound to it knows", async () => {
  const rows: readonly (readonly [
    what: string,
    line: Parameters<typeof exampleConnection>[1],
    bound: string | null,
    isServed: boolean,
  ])[] = [
    ["its own", {}, null, true],
    ["shared", { accountSid: "AC9", sharedAccountSids: ["AC1"] }, null, true],
    ["another's, whose source is listed", { accountSid: "AC9" }, null, true],
    ["another's, and the list is bound to it", { accountSid: "AC9" }, one, true],
    ["its own, and the list is bound to another", {}, two, false],
    ["on its way", { status: "in-transition" }, null, false],
    ["inactive", { status: "inactive" }, null, false],
  ];
  for (const [what, line, bound, isServed] of rows) {
    const script = await gateway({
      snapshot: {
        connections: [exampleConnection(1, line)],
        ipAccessControlLists: [{ sid: "AL1", networks: ["172.56.42.0/24"], connectionSid: bound }],
      },
    });
    script.invite(
      {},
      flow("UDP", { interfaceName: `customers/${one}`, remoteAddress: address, connection: one }),
    );
    const sent = script.gateway.calls.size;
    assert.equal(sent, isServed ? 1 : 0, what);
    if (!isServed && what.startsWith("its own")) script.wire.expect(403);
    else if (!isServed) script.wire.expectNothing();
  }
});

test("another account's line: a password alone makes nobody known there, and there is no probe to answer", async () => {
  const trunks = [exampleTrunk({ credentialListSids: ["CL1"], ipAccessControlListSids: [] })];
  for (const [accountSid, isChallenged] of [
    ["AC1", true],
    ["AC9", false],
  ] as const) {
    const script = await gateway({
      snapshot: { trunks, connections: [exampleConnection(1, { accountSid })] },
    });
    script.invite({}, arriving(script, `customers/${one}`));
    if (isChallenged) script.wire.expect(407);
    else script.wire.expectNothing();
  }
});

test("a termination name of another edge is served where it arrives, and recorded", async () => {
  const script = await gateway();
  script.invite(
    { requestUri: "sip:+15557654321@acme.pstn.san-jose-ix.tandem.test" },
    arriving(script, `customers/${one}`),
  );
  script.wire.expect("INVITE");
  script.gateway.endAllCalls();
  const [record] = script.ledger.records;
  assert.deepEqual([record?.edge, record?.namedEdge], ["ashburn-ix", "san-jose-ix"]);
});

test("tnx: INVITE, ACK and BYE leave by that line, its media too, and the record says so", async () => {
  const script = await gateway({ snapshot: urls(`sip:${address};tnx=${two}`) });
  script.carrierInvite();
  const invite = nextInvite(script);
  assert.deepEqual([invite.by, invite.to], [two, address]);
  assert.equal(script.relay.endpoints[1]?.mediaInterface, `customers/${two}`);
  script.wire.inject(
    response(200, {
      contact: `<sip:${address}:5060>`,
      body: answer,
      headerFields: [["Content-Type", "application/sdp"]],
    }),
    arriving(script, `customers/${two}`),
  );
  assert.equal(script.wire.expectSent("ACK").target?.connection, two);
  script.wire.expect(200);
  script.gateway.endAllCalls();
  for (;;) {
    const { text, target } = script.wire.expectSent("BYE");
    if (target?.connection === undefined) continue;
    assert.equal(target.connection, two);
    assert.equal(target.interfaceName, `customers/${two}`);
    assert.match(text, new RegExp(`^BYE sip:${address}`));
    break;
  }
  assert.deepEqual(attempts(script), [["OU0", "answered", two, undefined]]);
});

test("tnx that leads nowhere: the next URL is used, the record and a warning say why", async () => {
  const script = await gateway({
    snapshot: urls(`sip:${address};tnx=${connectionSid(9)}`, `sip:${address};tnx=${one}`),
  });
  script.carrierInvite();
  assert.equal(nextInvite(script).by, one);
  script.gateway.endAllCalls();
  assert.deepEqual(attempts(script)[0], ["OU0", "skipped", null, 32302]);
  const [alert] = script.ledger.alerts;
  assert.deepEqual([alert?.code, alert?.level], [32302, "warning"]);
  assert.match(alert?.text ?? "", /^sip:172.*AC1 has no connection TX9/);
});

test("no URL is left: the refusal's record and alerts tell of each one", async () => {
  const script = await gateway({ snapshot: urls("sip:x;tnx=oops", `sip:x;tnx=${connectionSid(9)}`) });
  script.carrierInvite();
  script.wire.expect(480);
  assert.deepEqual(attempts(script), [
    ["OU0", "skipped", null, 32301],
    ["OU1", "skipped", null, 32302],
  ]);
  assert.deepEqual(
    script.ledger.alerts.map(({ code }) => code),
    [32301, 32302, 32010],
  );
});

test("edge=: an address that no line leads to is skipped with address and edge, and alerted", async () => {
  const script = await gateway({
    snapshot: urls("sip:10.9.9.9;edge=ashburn-ix", `sip:${address};edge=ashburn-ix`),
  });
  script.carrierInvite();
  assert.equal(nextInvite(script).by, one);
  script.gateway.endAllCalls();
  assert.deepEqual(attempts(script)[0], ["OU0", "skipped", null, 90241]);
  assert.equal(
    script.ledger.alerts[0]?.text,
    "sip:10.9.9.9;edge=ashburn-ix: AC1 has no active line at ashburn-ix that leads to 10.9.9.9",
  );
});

test("edge= with a name: DNS says the address, the address the line", async () => {
  const nothing = async () => ({ ok: false, code: "NODATA", ttlSeconds: 60 }) as const;
  const a = async () => ({ ok: true, records: [{ address: "10.1.0.7" }], ttlSeconds: 60 }) as const;
  const script = await gateway({
    resolver: { naptr: nothing, srv: nothing, a, aaaa: nothing },
    snapshot: {
      ...urls("sip:pbx.example;edge=ashburn-ix"),
      connections: [exampleConnection(1), exampleConnection(2, { routes: ["10.1.0.0/24"] })],
    },
  });
  script.carrierInvite();
  script.wire.expectNothing();
  await settled();
  const { by, to } = nextInvite(script);
  assert.deepEqual([by, to], [two, "10.1.0.7"]);
  assert.equal(script.relay.endpoints[1]?.mediaInterface, `customers/${two}`);
});
