import assert from "node:assert/strict";
import { test } from "node:test";
import { flow, parsedRequest, parsedResponse, request } from "@tandem/sip/testing";
import { assertNoFaults, backboneScript, respond } from "../testing/backbone-script.ts";
import { exampleTrunk, exampleUrl } from "../testing/example-snapshot.ts";
import { answer } from "../testing/gateway-script.ts";

const trunks = [
  exampleTrunk({
    codecs: ["G722"],
    originationUrls: [exampleUrl({ sipUrl: "sip:192.0.2.20:5080;edge=san-jose-ix" })],
  }),
];

function formatsOf(body: string): string {
  return /^m=audio \d+ RTP\/AVP (.*)\r$/m.exec(body)?.[1] ?? assert.fail(body);
}

test("the gateway that places the attempt transcodes it: the backbone has the caller's codec", async () => {
  const script = await backboneScript({ snapshot: { trunks }, withRtpengine: ["entry", "near"] });
  const { entry, near, clock } = script;
  script.carrierInvite();
  clock.advance(0);
  const invite = near.wire.expect("INVITE");
  assert.equal(formatsOf(parsedRequest(invite).body), "9");
  respond(near, invite, 200, { body: answer.replace("RTP/AVP 0", "RTP/AVP 9") });
  near.wire.expect("ACK");
  clock.advance(0);
  assert.equal(formatsOf(parsedResponse(entry.wire.expect(200)).body), "0");
  assert.deepEqual(
    [entry, near].map(({ gateway }) => gateway.counts()["sdpSessions"]),
    [0, 1],
  );
  const ours = parsedRequest(invite);
  const bye = request("BYE", {
    requestUri: "sip:198.51.100.1:5060",
    sentBy: "192.0.2.20:5080",
    branch: "z9hG4bK-far-bye",
    from: "<sip:bob@192.0.2.20>",
    fromTag: "bob-tag",
    to: "<sip:us@tandem.test>",
    toTag: ours.fromTag,
    callId: ours.callId,
    sequenceNumber: 2,
  });
  near.wire.inject(bye, flow("UDP", { interfaceName: "customers", remoteAddress: "192.0.2.20" }));
  clock.advance(0);
  const engines = [entry.ledger.records[0]?.media.engine?.why, near.ledger.legs[0]?.media.engine?.why];
  assert.deepEqual(engines, ["plain RTP", "transcoding to G722 towards OU1"]);
  assertNoFaults(script);
});
