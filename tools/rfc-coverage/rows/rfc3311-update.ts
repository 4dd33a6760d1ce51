/** RFC 3311: UPDATE. */
import type { CoverageRow } from "../coverage-row.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "5.1",
    rfc: 3311,
    level: "MUST NOT",
    sentence:
      "Before the completion of the INVITE transaction, the UPDATE MUST NOT be sent with an offer unless the offer of the INVITE has its answer in a reliable provisional response that was acknowledged.",
    code: "packages/b2bua/src/session-changes.ts",
    line: "if (canCarry && this.#host.mayOffer()) return true;",
    breaks: "if (canCarry) return true;",
    test: "packages/b2bua/src/early-legs.test.ts",
    name: "no offer while that of the INVITE is not answered: 500 to the caller, 491 to the callee",
  },
  {
    section: "5.1",
    rfc: 3311,
    level: "rule",
    sentence: "The UPDATE is sent only to a peer that lists it in Allow (Section 4).",
    code: "packages/b2bua/src/offer-relay.ts",
    line: 'host.allowsUpdate(otherSide(from)) ? request.method : "INVITE"',
    breaks: "request.method",
    test: "packages/b2bua/src/early-legs.test.ts",
    name: "a callee that takes no UPDATE: the offer has to wait for the answer, and goes as re-INVITE then",
  },
  {
    section: "5.2",
    rfc: 3311,
    level: "MUST",
    sentence:
      "If an UPDATE is received that contains an offer, and the UAS has generated an offer to which it has not yet received an answer, the UAS MUST reject the UPDATE with a 491 response.",
    code: "packages/b2bua/src/session-changes.ts",
    line: 'if (canCarry && side === "egress") this.#refuse(request, transaction, 491);\n    else this',
    breaks: "this",
    test: "packages/b2bua/src/early-legs.test.ts",
    name: "no offer while that of the INVITE is not answered: 500 to the caller, 491 to the callee",
  },
  {
    section: "5.2",
    rfc: 3311,
    level: "MUST",
    sentence:
      "If an UPDATE is received that contains an offer, and the UAS has received an offer to which it has not yet generated an answer, the UAS MUST reject the UPDATE with a 500 response, and MUST include a Retry-After header field with a randomly chosen value between 0 and 10 seconds.",
    code: "packages/b2bua/src/session-changes.ts",
    line: "this.#host.random() * 11",
    breaks: "this.#host.random() * 11 + 20",
    test: "packages/b2bua/src/early-legs.test.ts",
    name: "glare: 500 with Retry-After to the side itself, 491 to the other (RFC 3311 §5.2)",
  },
  {
    section: "5.2",
    rfc: 3311,
    level: "rule",
    sentence: "UPDATE is a target refresh request: the 2xx response MUST contain a Contact header field.",
    code: "packages/b2bua/src/session-changes.ts",
    line: 'fields.append("Contact", this.leg(side).contact);',
    breaks: "",
    test: "packages/b2bua/src/offer-relay.test.ts",
    name: "UPDATE without a body refreshes the target, is journalled, and stays on its leg",
  },
];
