/** A customer's INVITE that is not as it should be: refused with what is wrong, or taken for what it means. */
import assert from "node:assert/strict";
import type { RequestChanges } from "../runner/leg.ts";
import { everyTransport, type Scenario, type Scene, scenario, type Theme } from "../runner/scenario.ts";
import type { Protocol } from "../runner/wire.ts";

/** Placed, answered, ended: the carrier has got what the customer meant. */
async function becomesCall(
  scene: Scene,
  changes: RequestChanges,
): Promise<Awaited<ReturnType<Scene["carrier"]["incoming"]>>> {
  const caller = scene.customer.dial();
  await caller.send("INVITE", changes);
  const callee = await scene.carrier.incoming();
  callee.answer();
  await caller.answered();
  await callee.expect("ACK");
  await scene.hangUp({ caller, callee });
  return callee;
}

/** The INVITE is refused with that status and a reason phrase that names the fault. */
function refused(
  what: string,
  statusCode: number,
  phrase: RegExp,
  changes: RequestChanges,
  over: readonly Protocol[] = ["UDP", "TCP"],
): Scenario {
  return scenario(`${what}: ${statusCode}`, { over }, async ({ customer }) => {
    const caller = customer.dial();
    await caller.send("INVITE", changes);
    const refusal = await caller.expect(statusCode);
    assert.match(refusal.reasonPhrase, phrase);
    await caller.ack(refusal);
  });
}

function taken(what: string, changes: RequestChanges, over: readonly Protocol[] = ["UDP", "TCP"]): Scenario {
  return scenario(`${what}: a call`, { over }, async (scene) => {
    await becomesCall(scene, changes);
  });
}

const replace =
  (wanted: string | RegExp, by: string) =>
  (text: string): string =>
    text.replace(wanted, by);

const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

export const malformedRequests: Theme = {
  name: "INVITEs that are not as they should be",
  network: "127.0.198",
  scenarios: [
    refused("two From", 400, /More than one From/, {
      raw: (text) => text.replace(/^(From:.*\r\n)/m, "$1$1"),
    }),
    refused("two CSeq", 400, /More than one CSeq/, {
      raw: (text) => text.replace(/^(CSeq:.*\r\n)/m, "$1$1"),
    }),
    refused("a CSeq of another method", 400, /CSeq method/, {
      raw: replace(/^(CSeq: \d+) INVITE/m, "$1 OPTIONS"),
    }),
    refused("a CSeq beyond 2^31", 400, /CSeq/, { raw: replace(/^CSeq: \d+/m, "CSeq: 4294967296") }),
    refused("a CSeq without a number", 400, /CSeq/, { raw: replace(/^CSeq: \d+/m, "CSeq: one") }),
    refused("Max-Forwards 0", 483, /Too Many Hops/, { headers: { "Max-Forwards": "0" } }, everyTransport),
    refused("Max-Forwards that is no number", 400, /Max-Forwards/, { headers: { "Max-Forwards": "many" } }),
    refused("Max-Forwards -1", 400, /Max-Forwards/, { headers: { "Max-Forwards": "-1" } }),
    refused("SIP/3.0", 505, /Version/, { raw: replace("SIP/2.0\r\n", "SIP/3.0\r\n") }),
    refused("a From with an open quote", 400, /From/, {
      raw: replace(/^From: "customer"/m, 'From: "customer'),
    }),
    refused("a To that is nothing", 400, /To/, { headers: { To: "<>" } }),
    refused("a Request-URI with header fields", 400, /Request-URI/, {
      raw: replace(/ SIP\/2\.0\r\n/, "?Subject=x SIP/2.0\r\n"),
    }),
    refused("a Contact of *", 400, /./, { headers: { Contact: "*" } }),
    refused("no Contact", 400, /./, { headers: { Contact: null } }),
    refused("a Contact with a tel URI", 400, /./, { headers: { Contact: "<tel:+15550100>" } }),
    refused(
      "an unknown Content-Type",
      415,
      /Media/,
      { contentType: "application/x-nothing" },
      everyTransport,
    ),
    refused("a session description that is none", 400, /./, { body: "v=0\r\nnonsense\r\n" }),
    refused(
      "an extension that nobody knows",
      420,
      /Extension/,
      { headers: { Require: "x-unheard-of" } },
      everyTransport,
    ),
    refused("a called number without its plus", 400, /number/, { raw: replace("sip:+1555", "sip:1555") }),
    refused("a From that is no number", 403, /./, { headers: { From: "<sip:alice@pbx.example>;tag=a1" } }),

    scenario(
      "without From, To, Call-ID or CSeq there is nothing to answer",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        for (const name of ["From", "To", "Call-ID", "CSeq"]) {
          await scene.customer.dial().send("INVITE", { headers: { [name]: null } });
        }
        await scene.customer.silence(scene.t1Ms * 4);
      },
    ),

    taken("no Max-Forwards", { headers: { "Max-Forwards": null } }),
    taken("Max-Forwards 1", { headers: { "Max-Forwards": "1" } }),
    scenario("a caller without a From tag (RFC 2543) is a call", {}, async (scene) => {
      const caller = scene.customer.dial();
      caller.localTag = "";
      await caller.send("INVITE");
      const callee = await scene.carrier.incoming();
      callee.answer();
      await caller.answered();
      await callee.expect("ACK");
      await scene.hangUp({ caller, callee });
    }),

    scenario("a Call-ID with a blank: 400", { over: ["UDP", "TCP"] }, async ({ customer }) => {
      await customer.dial().send("INVITE", { raw: replace(/^Call-ID: /m, "Call-ID: a b") });
      assert.match((await customer.expect(400)).reasonPhrase, /Call-ID/);
    }),

    scenario(
      "a Via without a protocol: nobody knows where to answer",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        await scene.customer.dial().send("INVITE", { raw: replace(/^Via: SIP\/2\.0\/\w+ /m, "Via: ") });
        await scene.customer.silence(scene.t1Ms * 4);
      },
    ),

    taken("a Proxy-Require of something unknown, for we are no proxy", {
      headers: { "Proxy-Require": "x-unheard-of" },
    }),
    taken(
      "header field names in any case, with blanks before the colon",
      {
        raw: (text) => text.replace("Via:", "vIA  :").replace("From:", "FROM\t:").replace("CSeq:", "cseq :"),
      },
      everyTransport,
    ),
    taken(
      "compact forms throughout",
      {
        raw: (text) =>
          text
            .replace("Via:", "v:")
            .replace("From:", "f:")
            .replace("To:", "t:")
            .replace("Call-ID:", "i:")
            .replace("Contact:", "m:")
            .replace("Content-Type:", "c:")
            .replace("Content-Length:", "l:"),
      },
      everyTransport,
    ),
    taken(
      "folded lines",
      {
        raw: (text) =>
          text.replace(/^To: (.*)$/m, "To:\r\n   $1").replace(/^(Via: SIP\/2\.0\/\w+) /m, "$1\r\n\t"),
      },
      everyTransport,
    ),
    taken("a lower-case magic cookie and odd Via parameters", {
      raw: replace("branch=z9hG4bK", "x;y=z;branch=z9hG4bK"),
    }),
    taken("a Subject of ten thousand characters", { headers: { Subject: "x".repeat(10_000) } }, [
      "TCP",
      "TLS",
    ]),
    taken("octets behind the body of a datagram", { raw: (text) => `${text}garbage\r\n\r\n\0\0` }, ["UDP"]),
    taken("a Date, a Priority and a Timestamp that are nonsense", {
      headers: { Date: "yesterday", Priority: "?", Timestamp: "now" },
    }),
    taken("a Route that names the gateway", { headers: { Route: "<sip:127.0.198.1:5580;lr>" } }),
    taken("a body with header fields of its own type", {
      headers: { "Content-Disposition": "session;handling=optional", "Content-Language": "en" },
    }),
    taken(
      "a hundred unknown header fields",
      { headers: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`X-H${index}`, `${index}`])) },
      ["TCP"],
    ),

    scenario(
      "a display name in UTF-8 reaches the carrier byte by byte",
      { over: everyTransport },
      async (scene) => {
        const name = utf8("Žofie Ωmega 好");
        const callee = await becomesCall(scene, { raw: (text) => text.replace('"customer"', `"${name}"`) });
        assert.ok(callee.invite!.value("From").startsWith(`"${name}" <`), callee.invite!.value("From"));
      },
    ),

    scenario("a display name with quotes and backslashes stays one", {}, async (scene) => {
      const name = '\\"Bob\\" \\\\ <sip:x@y>;tag=no, ';
      const callee = await becomesCall(scene, {
        raw: (text) => text.replace('"customer"', () => `"${name}"`),
      });
      assert.ok(callee.invite!.value("From").startsWith(`"${name}" <`), callee.invite!.value("From"));
      assert.notEqual(callee.invite!.fromTag, "no");
    }),

    scenario(
      "what the customer says of the call reaches the carrier, what we say of it is ours",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const callee = await becomesCall(scene, {
          headers: {
            "X-Account": "7",
            Subject: "hello",
            "X-Tandem-CallSid": "CAforged",
            "User-Agent": "pbx",
            "P-Asserted-Identity": "<sip:+12025550199@x>",
          },
        });
        const invite = callee.invite!;
        assert.deepEqual([invite.value("X-Account"), invite.value("Subject")], ["7", "hello"]);
        assert.notEqual(invite.value("X-Tandem-CallSid"), "CAforged");
        assert.notEqual(invite.value("User-Agent"), "pbx");
        assert.match(invite.value("P-Asserted-Identity"), /^<sip:\+12025550123@/);
      },
    ),

    scenario("hops are counted down", {}, async (scene) => {
      const callee = await becomesCall(scene, { headers: { "Max-Forwards": "30" } });
      assert.equal(callee.invite!.value("Max-Forwards"), "29");
    }),

    scenario(
      "nothing of the network behind the gateway shows: Via and Contact are its own",
      { over: everyTransport },
      async (scene) => {
        const callee = await becomesCall(scene, {});
        const invite = callee.invite!;
        assert.equal(invite.values("Via").length, 1);
        assert.equal(invite.values("Record-Route").length, 0);
        assert.ok(!invite.text.includes(scene.customer.address), invite.text);
        assert.ok(!invite.text.includes(scene.gateway.forCustomers), invite.text);
      },
    ),

    scenario("8 KB in one datagram are a call, and reach the carrier's UDP in one", {}, async (scene) => {
      const callee = await becomesCall(scene, { headers: { "X-Long": "x".repeat(8000) } });
      assert.equal(callee.invite!.value("X-Long").length, 8000);
      assert.match(callee.invite!.value("Via"), /^SIP\/2\.0\/UDP/);
    }),

    scenario("60 KB in one datagram are answered", {}, async ({ customer }) => {
      const probe = customer.dial();
      await probe.send("OPTIONS", { headers: { "X-Long": "x".repeat(60_000) } });
      await probe.expect("200 OPTIONS");
    }),

    scenario("60 KB are a call over streams", { over: ["TCP", "TLS"] }, async (scene) => {
      const callee = await becomesCall(scene, { headers: { "X-Long": "x".repeat(60_000) } });
      assert.equal(callee.invite!.value("X-Long").length, 60_000);
    }),

    scenario("a datagram that is no SIP gets nothing", {}, async (scene) => {
      for (const text of [
        "",
        "\0",
        "hello",
        "\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "INVITE\r\n\r\n",
        "x".repeat(65_000),
      ]) {
        await scene.customer.send(text);
      }
      await scene.customer.silence(scene.t1Ms * 4);
    }),
  ],
};
