import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SdpObjection } from "@tandem/media";
import { reasons } from "@tandem/reasons";
import { type Candidate, parseCandidateUri } from "@tandem/routing";
import {
  type CallParts,
  originationCallOnTrunk,
  stageServices,
  terminationCall,
} from "../testing/call-of.ts";
import { exampleCarrier, exampleTrunk } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import type { CallContext } from "./call-context.ts";
import { mediaEngine } from "./media-engine.ts";
import type { StageServices } from "./stage-services.ts";

const secure: CallParts = { snapshot: { trunks: [exampleTrunk({ secure: true })] } };
const down: SdpObjection = { kind: "unavailable", text: "no rtpengine answers (a)" };

/** Services with an rtpengine that has that objection, and keeps for which interfaces it was asked. */
function services(objection?: SdpObjection): StageServices & { readonly asked: string[][] } {
  const asked: string[][] = [];
  const sdpRelay = {
    objectionTo: (names: readonly string[]) => {
      asked.push([...names]);
      return objection;
    },
  };
  return { ...stageServices(), sdpRelay, asked };
}

function candidate(url: string, parts: Partial<Candidate> = {}): Candidate {
  const parsed = parseCandidateUri(url);
  if (!parsed.ok) assert.fail(parsed.text);
  return {
    kind: "origination-url",
    sid: "OU1",
    carrier: undefined,
    url,
    uri: parsed.value,
    edge: "ashburn-ix",
    network: { kind: "public" },
    isDown: undefined,
    why: "",
    timers: { firstResponseSeconds: 4, progressSeconds: 20, ringSeconds: 180 },
    failoverOverrides: {},
    ...parts,
  };
}

function origination(parts: CallParts, ...candidates: Candidate[]): CallContext {
  const call = originationCallOnTrunk(parts);
  call.candidates = candidates;
  return call;
}

const target = "sip:192.0.2.9;transport=tls";

describe("media-engine", () => {
  test("plain RTP stays in the relay of this gateway, whatever rtpengine there is", () => {
    for (const one of [
      terminationCall(),
      origination({}, candidate(target)),
      origination({}, candidate(`${target};srtp=sdes`)),
    ]) {
      assertPasses(mediaEngine(one, services()), "plain RTP, by the relay of this gateway");
      assertPasses(mediaEngine(one, stageServices()));
      assert.equal(one.negotiation, undefined);
    }
  });

  test("SRTP of the caller needs rtpengine", () => {
    const call = terminationCall({ ...secure, protocol: "TLS" });
    const one = services();
    assertPasses(mediaEngine(call, one), "SRTP of the caller: rtpengine");
    assert.equal(call.negotiation, "SRTP of the caller");
    assert.deepEqual(one.asked, [["customers"]]);
  });

  test("so does what a target of this gateway needs, and the reason names it", () => {
    for (const [parts, url, why] of [
      [secure, target, "SRTP towards OU1"],
      [secure, `${target};srtp=sdes`, "SRTP towards OU1"],
      [secure, `${target};srtp=dtls`, "DTLS-SRTP towards OU1"],
      [{}, `${target};ice=lite`, "ICE towards OU1"],
    ] as const) {
      const call = origination(parts, candidate(url));
      assertPasses(mediaEngine(call, services()), `${why}: rtpengine`);
      assert.equal(call.negotiation, why);
    }
    const carrier = exampleCarrier();
    const call = terminationCall();
    call.candidates = [candidate("sip:203.0.113.7;srtp=sdes", { kind: "carrier", sid: "CG1", carrier })];
    assertPasses(mediaEngine(call, services()), "SRTP towards CG1: rtpengine");
  });

  test("without one the call is refused, and the reason says what is missing", () => {
    for (const call of [
      terminationCall({ ...secure, protocol: "TLS" }),
      origination(secure, candidate(target)),
    ]) {
      assertRefused(
        mediaEngine(call, stageServices()),
        reasons.secureMediaUnavailable,
        /: no rtpengine is configured$/,
      );
      assertRefused(
        mediaEngine(call, services(down)),
        reasons.rtpengineDown,
        /: no rtpengine answers \(a\)$/,
      );
      assert.equal(call.negotiation, undefined);
    }
  });

  test("unless a gateway of another edge may place it, which has media of its own", () => {
    const away = candidate(target, { sid: "OU2", edge: "london-ix" });
    assertPasses(mediaEngine(origination(secure, away), stageServices()), /plain RTP/);
    const both = origination(secure, candidate(target), away);
    assertPasses(mediaEngine(both, stageServices()), /: other edges only$/);
    assert.equal(both.negotiation, undefined);
  });

  test("a caller that offers ICE gets it where rtpengine has all interfaces, and goes on without it elsewhere", () => {
    const body = "v=0\r\na=candidate:1 1 UDP 1 192.0.2.1 4000 typ host\r\n";
    const call = terminationCall({ body });
    const one = services();
    assertPasses(mediaEngine(call, one), "ICE offered by the caller: rtpengine");
    assert.deepEqual(one.asked, [["customers", "carriers"]]);
    for (const none of [stageServices(), services(down)]) {
      const plain = terminationCall({ body });
      assertPasses(mediaEngine(plain, none), /plain RTP/);
      assert.equal(plain.negotiation, undefined);
    }
  });
});
