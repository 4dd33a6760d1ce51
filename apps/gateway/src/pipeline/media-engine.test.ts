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

  describe("towards a side that takes certain codecs", () => {
    const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
    const offer = (formats: string, ...more: readonly string[]): string =>
      [...head, `m=audio 4000 RTP/AVP ${formats}`, ...more, ""].join("\r\n");
    const toCarrier = (sid: string, codecs: readonly string[] | undefined, edge?: string): Candidate =>
      candidate("sip:203.0.113.7", {
        kind: "carrier",
        sid,
        carrier: exampleCarrier(codecs === undefined ? {} : { codecs: [...codecs] }),
        edge,
      });
    const termination = (body: string, ...candidates: Candidate[]): CallContext => {
      const call = terminationCall({ body, headerFields: [["Content-Type", "application/sdp"]] });
      call.candidates = candidates;
      return call;
    };
    const why = "transcoding to PCMU, G722 towards CG1";

    test("a caller that offers none of them needs rtpengine on both sides of the call", () => {
      const call = termination(offer("8 3"), toCarrier("CG1", ["PCMU", "G722"]));
      const one = services();
      assertPasses(mediaEngine(call, one), `${why}: rtpengine`);
      assert.deepEqual([call.negotiation, call.relayWhy], [why, undefined]);
      assert.deepEqual(one.asked, [["customers", "carriers"], ["customers"]]);
    });

    test("towards a customer its trunk has the list", () => {
      const trunk = exampleTrunk({ codecs: ["opus"] });
      const parts = { snapshot: { trunks: [trunk] }, body: offer("8") };
      const call = origination(
        { ...parts, headerFields: [["Content-Type", "application/sdp"]] },
        candidate("sip:192.0.2.9"),
      );
      assertPasses(mediaEngine(call, services()), "transcoding to opus towards OU1: rtpengine");
      const own = terminationCall({ ...parts, headerFields: [["Content-Type", "application/sdp"]] });
      own.candidates = [toCarrier("CG1", undefined)];
      assertPasses(mediaEngine(own, services()), /plain RTP/);
    });

    for (const [what, body, ...candidates] of [
      ["one codec in common", offer("8 9"), toCarrier("CG1", ["PCMU", "G722"])],
      ["no list", offer("8"), toCarrier("CG1", undefined)],
      ["an empty list", offer("8"), toCarrier("CG1", [])],
      ["a list of a gateway on another edge", offer("8"), toCarrier("CG1", ["PCMU"], "london-ix")],
      ["an offer that is none", "hello", toCarrier("CG1", ["PCMU"])],
    ] as const) {
      test(`${what}: the relay of this gateway, as ever`, () => {
        const call = termination(body, ...candidates);
        const one = services();
        assertPasses(mediaEngine(call, one), "plain RTP, by the relay of this gateway");
        assert.deepEqual([call.negotiation, call.relayWhy, one.asked], [undefined, undefined, []]);
      });
    }

    test("of several candidates one that needs it is enough: the call has one engine", () => {
      const call = termination(offer("8"), toCarrier("CG0", ["PCMA"]), toCarrier("CG1", ["PCMU", "G722"]));
      mediaEngine(call, services());
      assert.equal(call.negotiation, why);
    });

    test("the offer may be a part of the body", () => {
      const parts = ["--b", "Content-Type: application/sdp", "", `${offer("8")}--b--`, ""];
      const call = terminationCall({
        body: parts.join("\r\n"),
        headerFields: [["Content-Type", "multipart/mixed;boundary=b"]],
      });
      call.candidates = [toCarrier("CG1", ["PCMU", "G722"])];
      mediaEngine(call, services());
      assert.equal(call.negotiation, why);
    });

    test("SRTP and transcoding are one need", () => {
      const call = terminationCall({
        ...secure,
        protocol: "TLS",
        body: offer("8"),
        headerFields: [["Content-Type", "application/sdp"]],
      });
      call.candidates = [toCarrier("CG1", ["PCMU", "G722"])];
      assertPasses(mediaEngine(call, services()), `SRTP of the caller; ${why}: rtpengine`);
      assert.equal(call.negotiation, `SRTP of the caller; ${why}`);
    });

    test("SRTP for another edge only: what stays here is not transcoded, and the record says why", () => {
      const call = origination(
        {
          snapshot: { trunks: [exampleTrunk({ secure: true, codecs: ["PCMU"] })] },
          body: offer("8"),
          headerFields: [["Content-Type", "application/sdp"]],
        },
        candidate(target),
        candidate(target, { sid: "OU2", edge: "london-ix" }),
      );
      assertPasses(mediaEngine(call, stageServices()), /: other edges only$/);
      assert.equal(
        call.relayWhy,
        "plain RTP; transcoding to PCMU towards OU1, but no rtpengine is configured",
      );
    });

    test("without rtpengine the offer goes as it is, and the record says why", () => {
      for (const [one, objection] of [
        [stageServices(), "no rtpengine is configured"],
        [services(down), "no rtpengine answers (a)"],
      ] as const) {
        const call = termination(offer("8"), toCarrier("CG1", ["PCMU", "G722"]));
        const text = `${why}, but ${objection}`;
        assertPasses(mediaEngine(call, one), `${text}: plain RTP as it is, by the relay of this gateway`);
        assert.deepEqual([call.negotiation, call.relayWhy], [undefined, `plain RTP; ${text}`]);
      }
    });

    test("an offer is found in a part of the body, and a body that is ignored is none", () => {
      const part = `--b\r\nContent-Type: application/sdp\r\n\r\n${offer("8")}\r\n--b--`;
      for (const [body, fields, text] of [
        [part, [["Content-Type", "multipart/mixed;boundary=b"]], `${why}: rtpengine`],
        [
          offer("8"),
          [
            ["Content-Type", "application/sdp"],
            ["Content-Disposition", "early-session;handling=optional"],
          ],
          /^without an offer nothing is transcoded towards CG1/,
        ],
      ] as const) {
        const call = terminationCall({ body, headerFields: fields });
        call.candidates = [toCarrier("CG1", ["PCMU", "G722"])];
        assertPasses(mediaEngine(call, services()), text);
      }
    });

    test("so it does when rtpengine is not on the network of another candidate", () => {
      const call = termination(offer("8"), toCarrier("CG1", ["PCMU", "G722"]), toCarrier("CG2", undefined));
      const lacking = (names: readonly string[]): SdpObjection | undefined =>
        names.includes("elsewhere") ? { kind: "unconfigured", text: "none on elsewhere" } : undefined;
      mediaEngine(call, {
        ...stageServices(),
        sdpRelay: { objectionTo: lacking },
        egressInterfaces: (_call, { sid }) => new Set([sid === "CG2" ? "elsewhere" : "carriers"]),
      });
      assert.deepEqual(
        [call.negotiation, call.relayWhy],
        [undefined, `plain RTP; ${why}, but none on elsewhere`],
      );
    });

    test("without an offer, or with one that nothing transcodes, there is nothing to be done", () => {
      for (const [body, text] of [
        ["", "without an offer nothing is transcoded towards CG1, which takes PCMU"],
        [offer("96", "a=rtpmap:96 AMR/8000"), "nothing transcodes AMR towards CG1"],
      ] as const) {
        const call = termination(body, toCarrier("CG1", ["PCMU"]));
        assertPasses(
          mediaEngine(call, services()),
          `${text}: plain RTP as it is, by the relay of this gateway`,
        );
        assert.deepEqual([call.negotiation, call.relayWhy], [undefined, `plain RTP; ${text}`]);
      }
    });
  });
});
