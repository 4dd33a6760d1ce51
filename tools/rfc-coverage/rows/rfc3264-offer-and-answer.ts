/** RFC 3264 and RFC 6337: offer and answer. */
import type { CoverageRow } from "../coverage-row.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "6",
    rfc: 3264,
    level: "MUST",
    sentence:
      'For each "m=" line in the offer, there MUST be a corresponding "m=" line in the answer; a stream that was offered with a port of zero stays at zero.',
    code: "packages/sdp/src/anchor-sdp.ts",
    line: "return media.isRejected ? undefined :",
    breaks: "return",
    test: "packages/sdp/src/anchor-sdp.test.ts",
    name: "anchorSdp > a rejected media description stays rejected, even if ports are at hand",
  },
  {
    section: "8",
    rfc: 3264,
    level: "MUST",
    sentence:
      "When issuing an offer that modifies the session, the version in the origin field MUST increment by one from the previous SDP.",
    code: "packages/b2bua/src/leg-media.ts",
    line: "this.#sessionVersion += 1;",
    breaks: "this.#sessionVersion += 2;",
    test: "packages/b2bua/src/media-anchor.test.ts",
    name: "the version grows with each change and only then; the session ID stays",
  },
  {
    section: "2.1",
    rfc: 6337,
    level: "rule",
    sentence:
      "The UAS may not include an SDP in the 200 if the answer was sent in a reliable provisional response that has been acknowledged.",
    code: "packages/b2bua/src/call-setup.ts",
    line: 'this.#invite.hasAcknowledgedBody(tag) ? "" : answer.text',
    breaks: "answer.text",
    test: "packages/b2bua/src/reliable-provisional.test.ts",
    name: "each leg has its own PRACK: numbers, and who repeats, never cross (RFC 3262)",
  },
  {
    section: "2.2",
    rfc: 6337,
    level: "rule",
    sentence:
      "Once the answer has been received reliably, descriptions in later responses of that dialog say nothing.",
    code: "packages/b2bua/src/setup-offer.ts",
    line: "const answer = known ?? body;",
    breaks: "const answer = body;",
    test: "packages/b2bua/src/reliable-provisional.test.ts",
    name: "what is said of media behind a reliable answer is not heard (RFC 3261 §13.2.1, RFC 6337 §2.2)",
  },
];
