/** RFC 3261 §14: re-INVITE. */
import type { CoverageRow } from "../coverage-row.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "14.1",
    level: "rule",
    sentence: "The ACK for a 2xx to a re-INVITE has the credentials of that re-INVITE.",
    code: "packages/sip/src/user-agent/in-dialog-request.ts",
    line: "new HeaderFields().append(authorization.name, authorization.value)",
    breaks: "undefined",
    test: "packages/sip/src/user-agent/in-dialog-request.test.ts",
    name: "the ACK for a 2xx to a re-INVITE has the credentials of that one (RFC 3261 §13.2.2.4)",
  },
  {
    section: "14.1",
    level: "MUST NOT",
    sentence:
      "A UAC MUST NOT initiate a new INVITE transaction within a dialog while another INVITE transaction is in progress in either direction.",
    code: "packages/b2bua/src/session-timers.ts",
    line: "if (refresh.isInvite && this.#user.isBusy(side)) {",
    breaks: "if (false) {",
    test: "packages/b2bua/src/session-timers.test.ts",
    name: "a re-INVITE that would meet one of the other side's waits 2 s",
  },
  {
    section: "14.1",
    level: "MUST",
    sentence:
      "If there is an ongoing INVITE server transaction, the TU MUST wait until the transaction reaches the confirmed or terminated state before initiating the new INVITE.",
    code: "packages/b2bua/src/session-changes.ts",
    line: "this.#relay !== undefined || leg.awaitsAck ||",
    breaks: "this.#relay !== undefined ||",
    test: "packages/b2bua/src/offer-relay.test.ts",
    name: "a re-INVITE of the callee before the caller's ACK gets 491, after it is carried",
  },
  {
    section: "14.1",
    level: "MUST",
    sentence:
      "If there is an ongoing INVITE client transaction, the TU MUST wait until the transaction reaches the completed or terminated state before initiating the new INVITE.",
    code: "packages/b2bua/src/session-changes.ts",
    line: "this.isBusy(other) || this.sessions.isInviting(other)",
    breaks: "this.isBusy(other)",
    test: "packages/b2bua/src/session-timers.test.ts",
    name: "while our re-INVITE is under way a re-INVITE of that side, or for it, gets 491",
  },
  {
    section: "14.1",
    level: "MUST",
    sentence:
      "If a UA receives a non-2xx final response to a re-INVITE, the session parameters MUST remain unchanged, as if no re-INVITE had been issued.",
    code: "packages/b2bua/src/offer-relay.ts",
    line: "#onRefused(response: SipResponse): void {\n    this.#host.media.rollback();",
    breaks: "#onRefused(response: SipResponse): void {",
    test: "packages/b2bua/src/offer-relay.test.ts",
    name: "a re-INVITE of the caller that is refused leaves the session as it was",
  },
  {
    section: "14.1",
    level: "SHOULD",
    sentence:
      "If the UAC is the owner of the Call-ID of the dialog ID (meaning it generated the value), T has a randomly chosen value between 2.1 and 4 seconds in units of 10 ms.",
    code: "packages/b2bua/src/session-refresh.ts",
    line: "2100 + units * 10",
    breaks: "units * 10",
    test: "packages/b2bua/src/session-timers.test.ts",
    name: "glare of a refresh: the owner of the Call-ID waits 2.1 to 4 s (RFC 3261 §14.1)",
  },
  {
    section: "14.1",
    level: "SHOULD",
    sentence:
      "If the UAC is not the owner of the Call-ID of the dialog ID, T has a randomly chosen value of between 0 and 2 seconds in units of 10 ms.",
    code: "packages/b2bua/src/session-refresh.ts",
    line: "Math.floor(random() * 201) * 10",
    breaks: "Math.floor(random() * 191) * 10 + 2100",
    test: "packages/b2bua/src/session-timers.test.ts",
    name: "glare of a refresh: who does not own the Call-ID waits 0 to 2 s (RFC 3261 §14.1)",
  },
  {
    section: "14.1",
    level: "SHOULD",
    sentence:
      "If a UAC receives a 491 response to a re-INVITE, it SHOULD start a timer with a value T, and when the timer fires attempt the re-INVITE once more.",
    code: "packages/b2bua/src/session-refresh.ts",
    line: "statusCode === 491 ?",
    breaks: "statusCode === 490 ?",
    test: "packages/b2bua/src/session-timers.test.ts",
    name: "glare of a refresh: the owner of the Call-ID waits 2.1 to 4 s (RFC 3261 §14.1)",
  },
  {
    section: "14.1",
    level: "rule",
    sentence:
      "The rules for generating an ACK for a 2xx response to re-INVITE are the same as for the initial INVITE: it is sent again when the 2xx comes again.",
    code: "packages/sip/src/user-agent/in-dialog-request.ts",
    line: 'if (this.method === "INVITE" && statusCode < 300) this.#usage.repeatAck(response.cseqNumber);',
    breaks: "",
    test: "packages/sip/src/user-agent/in-dialog-request.test.ts",
    name: "a 2xx refreshes the target of re-INVITE and UPDATE only, and its repetition gets the ACK again",
  },
  {
    section: "14.2",
    level: "MUST",
    sentence:
      "A UAS that receives a second INVITE before it sends the final response to a first INVITE with a lower CSeq sequence number on the same dialog MUST return a 500 (Server Internal Error) response to the second INVITE.",
    code: "packages/b2bua/src/session-changes.ts",
    line: "if (this.#relay?.from === side) {",
    breaks: "if (false) {",
    test: "packages/b2bua/src/offer-relay.test.ts",
    name: "glare: 500 with Retry-After to the caller itself, 491 to the other",
  },
  {
    section: "14.2",
    level: "MUST",
    sentence:
      "The 500 MUST include a Retry-After header field with a randomly chosen value of between 0 and 10 seconds.",
    code: "packages/b2bua/src/session-changes.ts",
    line: 'refused.headerFields.append("Retry-After", String(Math.floor(this.#host.random() * 11)));',
    breaks: "",
    test: "packages/b2bua/src/offer-relay.test.ts",
    name: "glare: 500 with Retry-After to the caller itself, 491 to the other",
  },
  {
    section: "14.2",
    level: "MUST",
    sentence:
      "A UAS that receives an INVITE on a dialog while an INVITE it had sent on that dialog is in progress MUST return a 491 (Request Pending) response to the received INVITE.",
    code: "packages/b2bua/src/session-changes.ts",
    line: "this.sessions.isInviting(side)) {\n      this.#refuse(request, transaction, 491)",
    breaks: "this.sessions.isInviting(side)) {\n      this.#refuse(request, transaction, 500)",
    test: "packages/b2bua/src/offer-relay.test.ts",
    name: "glare: 500 with Retry-After to the caller itself, 491 to the other",
  },
  {
    section: "14.2",
    level: "rule",
    sentence: "The INVITE it had sent may be a refresh of its own: 491 as well.",
    code: "packages/b2bua/src/session-changes.ts",
    line: "this.#relay !== undefined || this.sessions.isInviting(side)",
    breaks: "this.#relay !== undefined",
    test: "packages/b2bua/src/session-timers.test.ts",
    name: "while our re-INVITE is under way a re-INVITE of that side, or for it, gets 491",
  },
  {
    section: "14.2",
    level: "MUST",
    sentence:
      "If a UA receives a re-INVITE for an existing dialog, it MUST check any version identifiers in the session description or, if there are no version identifiers, the content of the session description to see if it has changed.",
    code: "packages/b2bua/src/session-changes.ts",
    line: "&& this.media.isUnchanged(side, body.text)",
    breaks: "",
    test: "packages/b2bua/src/session-timers.test.ts",
    name: "a re-INVITE that changes something is carried, and refreshes both legs",
  },
  {
    section: "14.2",
    level: "rule",
    sentence:
      "If the new session description is not acceptable, the UAS can reject it by returning a 488 (Not Acceptable Here) response for the re-INVITE.",
    code: "packages/b2bua/src/offer-relay.ts",
    line: "this.#refuse(reason.statusCode ?? 488, warning, reason.reasonPhrase)",
    breaks: "this.#refuse(500)",
    test: "packages/b2bua/src/offer-relay.test.ts",
    name: "a re-INVITE that can't be anchored is refused here and never carried",
  },
  {
    section: "14.2",
    level: "SHOULD",
    sentence:
      "If a UAS generates a 2xx response and never receives an ACK, it SHOULD generate a BYE to terminate the dialog.",
    code: "packages/sip/src/user-agent/invite-usage.ts",
    line: "else this.#user.onNoAck(this);",
    breaks: "",
    test: "packages/sip/src/user-agent/invite-usage.test.ts",
    name: "64*T1 without an ACK: the 2xx was repeated, the user is told once and may say BYE",
  },
];
