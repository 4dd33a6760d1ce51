/** Lines that come, go and survive a restart, and what is told of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { flow, parsedRequest, request, settled } from "@tandem/sip/testing";
import { exampleConnection } from "../testing/example-snapshot.ts";
import { type GatewayScript, type GatewayScriptOptions, gatewayScript } from "../testing/gateway-script.ts";
import { LedgerDouble } from "../testing/ledger-double.ts";
import { deadLine, lineReport } from "../testing/line-report.ts";
import {
  address,
  answerBy,
  carriers,
  gateway,
  internet,
  nextInvite,
  one,
  privateInterface,
  two,
  urls,
} from "../testing/line-script.ts";

test("a line whose address is not on the host yet is skipped; a second later it may be there", async () => {
  const script = await gatewayWithout("100.127.0.1");
  script.carrierInvite();
  assert.equal(nextInvite(script).by, two);
  script.gateway.endAllCalls();
  script.wire.ignoreSent();
  assert.match(
    String(script.ledger.records[0]?.attempts[0]?.reason?.text),
    /is not on this gateway: 100\.127\.0\.1: EADDRNOTAVAIL$/,
  );
  assert.equal(script.gateway.state().connections[0]?.state, "unprovisioned");
  script.wire.missingAddresses.clear();
  script.clock.advance(1000);
  await settled();
  script.wire.ignoreSent();
  script.carrierInvite({ callId: "call-2", branch: "z9hG4bK-2" });
  assert.equal(nextInvite(script).by, one);
});

async function gatewayWithout(missing: string): Promise<GatewayScript> {
  const options: GatewayScriptOptions = {
    configuration: { interfaces: [privateInterface, internet, carriers], lineAttribution: "kernel" },
    snapshot: {
      connections: [exampleConnection(1), exampleConnection(2)],
      ...urls(`sip:${address};tnx=${one}`, `sip:${address};tnx=${two}`),
    },
    isOpen: false,
  };
  const script = await gatewayScript(options);
  script.wire.missingAddresses.add(missing);
  await script.gateway.open();
  return script;
}

test("a line that is taken away: its call goes on and ends in order, new calls are refused", async () => {
  const script = await gateway({ snapshot: urls(`sip:${address};tnx=${one}`) });
  script.carrierInvite();
  const { callId, fromTag } = parsedRequest(nextInvite(script).text);
  answerBy(script, `customers/${one}`);
  const { table } = script.gateway.snapshots;
  assert.ok(table !== undefined);
  script.gateway.applySnapshot({ ...table.document(), version: 8, connections: [exampleConnection(2)] });
  await settled();
  assert.ok(script.wire.added.has(`customers/${one}`));
  script.invite(
    { callId: "new", branch: "z9hG4bK-new" },
    flow("UDP", { interfaceName: `customers/${one}`, remoteAddress: address, connection: one }),
  );
  script.wire.expectNothing();
  const bye = request("BYE", {
    requestUri: "sip:203.0.113.64",
    callId,
    from: `<sip:+15550001111@${address}>`,
    fromTag: "bob-tag",
    to: "<sip:us@tandem.test>",
    toTag: fromTag,
    branch: "z9hG4bK-bye",
  });
  script.wire.inject(
    bye,
    flow("UDP", { interfaceName: `customers/${one}`, remoteAddress: address, connection: one }),
  );
  script.wire.expect(200);
  assert.equal(script.gateway.calls.size, 0);
  for (let second = 0; second < 40; second += 1) {
    script.clock.advance(1000);
    await settled();
  }
  assert.equal(script.wire.added.has(`customers/${one}`), false);
});

test("a restarted gateway adopts the calls of its lines, those of a line that is inactive by now too", async () => {
  for (const status of ["active", "inactive"] as const) {
    const first = await gateway({ snapshot: urls(`sip:${address};tnx=${one}`) });
    first.carrierInvite();
    nextInvite(first);
    answerBy(first, `customers/${one}`);
    const [[callSid, text] = ["", ""]] = first.ledger.journalled;
    const ledger = new LedgerDouble();
    ledger.recovered = [{ callSid, text }];
    const second = await gateway({
      ledger,
      snapshot: { ...urls(`sip:${address};tnx=${one}`), connections: [exampleConnection(1, { status })] },
    });
    assert.deepEqual(second.gateway.recover(), { adopted: 1, closed: 0 });
    assert.ok(second.wire.added.has(`customers/${one}`));
    assert.equal(second.relay.endpoints[1]?.mediaInterface, `customers/${one}`);
    second.gateway.endAllCalls();
    const sent = [second.wire.expectSent("BYE"), second.wire.expectSent("BYE")];
    assert.ok(
      sent.some(({ target }) => target?.interfaceName === `customers/${one}` && target.connection === one),
    );
    assert.equal(ledger.records[0]?.attempts[0]?.connection, one);
  }
});

test("explain tells the line that a request came over, and by which each candidate would leave", async () => {
  const script = await gateway({
    snapshot: urls(
      `sip:${address};tnx=${one}`,
      "sip:pbx.example;edge=ashburn-ix",
      "sip:192.0.2.1",
      `sip:${address};tnx=${two}`,
    ),
  });
  script.gateway.lines.onAgent([lineReport(one), deadLine(two)]);
  const facts = { kind: "facts", from: "+442071838750", to: "+15550001111" } as const;
  const asked = script.gateway.perform({
    name: "explain",
    request: { ...facts, direction: "origination", sourceAddress: "203.0.113.7" },
  });
  assert.ok(asked.ok && asked.name === "explain");
  assert.deepEqual(
    asked.result.candidates.map(({ sid, usable, text }) => [sid, usable, text.replace(/^priority.*?; /, "")]),
    [
      ["OU0", true, `by line ${one}`],
      ["OU1", true, "its line is decided after DNS"],
      ["OU2", true, "by interface internet"],
      ["OU3", false, `line ${two} is down since 12:00:03: link down`],
    ],
  );
});

test("explain finds the interface of the one line that leads to the source", async () => {
  const connections = [exampleConnection(1), exampleConnection(2, { routes: ["10.1.0.0/24"] })];
  for (const attribution of ["kernel", "address"] as const) {
    const script = await gateway({
      attribution,
      interfaces: [privateInterface, carriers],
      snapshot: { connections },
    });
    const asked = script.gateway.perform({
      name: "explain",
      request: {
        kind: "facts",
        direction: "termination",
        sourceAddress: address,
        host: "acme.pstn.tandem.test",
        from: "+15550001111",
        to: "+15557654321",
      },
    });
    assert.ok(asked.ok && asked.name === "explain");
    assert.equal(asked.result.stages[0]?.text, `trunk acme (TK1), over line ${one}`);
  }
});

test("the state has the health of every line of the edge, and hello the ports that were bound", async () => {
  const script = await gateway();
  script.gateway.lines.onAgent([deadLine(one)]);
  assert.deepEqual(
    script.gateway.state().connections.map(({ sid, state, reason }) => [sid, state, reason]),
    [
      [one, "down", "link down"],
      [two, "unknown", null],
    ],
  );
  assert.deepEqual(script.gateway.reportedInterfaces()[0], {
    name: "customers",
    roles: ["private"],
    address: "203.0.113.64",
    udpPort: 5060,
    tcpPort: null,
    tlsPort: null,
  });
});
