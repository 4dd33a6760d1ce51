import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { parsedRequest, responseTo } from "@tandem/sip/testing";
import { chooseChain, whetherSignatureHolds } from "@tandem/stir";
import { exampleCarrier, exampleGateway } from "../testing/example-snapshot.ts";
import { type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";
import { AuthenticationService } from "./authentication-service.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const identity = [
  ["Content-Type", "application/sdp"],
  ["Identity", "a.b.c;info=<https://x/>"],
] as const;

/** The first carrier gets calls signed, the second none of it. */
async function scene(): Promise<GatewayScript> {
  const clock = new HandClock({ wallMs: 1_800_000_000_000 });
  const authentication = new AuthenticationService(clock, {
    certificateUrl: "https://c.example/1234.pem",
    certificateFile: "unused",
    privateKeyFile: "unused",
  });
  authentication.setPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }).toString());
  const second = exampleGateway({ sid: "CG2", sipUrl: "sip:203.0.113.8:5060", priority: 20 });
  const carriers = [
    exampleCarrier({ identity: "sign" }),
    exampleCarrier({
      sid: "CR2",
      identity: "none",
      gateways: [second],
      routes: [{ prefix: "+", priority: 20, weight: 10 }],
    }),
  ];
  return gatewayScript({ clock, stir: { authentication }, snapshot: { carriers } });
}

test("each carrier gets what it wants: one a signature, the next of the same call nothing; the record says which", async () => {
  const script = await scene();
  script.invite({ headerFields: identity });
  const signed = parsedRequest(script.wire.expect("INVITE"));
  const identities = signed.values("Identity");
  assert.equal(identities.length, 1);
  const chain = chooseChain(
    { identities, callingNumber: "+15550001111", calledNumber: "+15557654321" },
    script.clock.wallMs(),
  );
  assert.ok(chain.ok);
  assert.equal(chain.value.attestation, "A");
  const [claimed] = chain.value.passports;
  assert.ok(claimed);
  assert.equal(await new Promise((done) => whetherSignatureHolds(claimed.passport, publicKey, done)), true);
  script.wire.inject(responseTo(signed.text, 503), script.carrier);
  script.wire.expect("ACK");
  const next = parsedRequest(script.wire.expect("INVITE"));
  assert.equal(next.has("Identity"), false);
  assert.deepEqual(script.faults, []);
});

test("explain says what would be signed, and why", async () => {
  const { gateway } = await scene();
  const result = gateway.perform({
    name: "explain",
    request: {
      kind: "facts",
      direction: "termination",
      from: "+442079460000",
      to: "+15557654321",
      host: "acme.pstn.tandem.test",
      sourceAddress: "192.0.2.10",
    },
  });
  assert.ok(result.ok && result.name === "explain");
  assert.deepEqual(
    result.result.candidates.map(({ text }) => text.replace(/^.*?carriers, /, "")),
    [
      "signed with attestation B: the customer is known, that +442079460000 is its number is not",
      "without Identity",
    ],
  );
});
