/** RFC 3261 §17.2.2 and §17.2.3: the non-INVITE server transaction with what RFC 4320 changed in it, and matching of requests. */
import type { CoverageRow } from "../coverage-row.ts";

const transactionTest = "packages/sip/src/transaction/invite-server-transaction.test.ts";
const otherMachine = "packages/sip/src/transaction/non-invite-server-machine.ts";
const otherMachineTest = "packages/sip/src/transaction/non-invite-server-machine.test.ts";
const otherTransaction = "packages/sip/src/transaction/non-invite-server-transaction.ts";
const otherTransactionTest = "packages/sip/src/transaction/non-invite-server-transaction.test.ts";
const key = "packages/sip/src/transaction/server-key.ts";
const layer = "packages/sip/src/transaction/server-transactions.ts";
const layerTest = "packages/sip/src/transaction/server-transactions.test.ts";
const ackEndsIt = "the ACK ends retransmission, I absorbs further ACKs for T4";
const byBranch = "a request is matched by branch, sent-by and method (RFC 3261 §17.2.3)";
const byFields =
  "an RFC 2543 element without branches: retransmission and ACK are recognised by their header fields (§17.2.3)";
const untilJ = "the final response is repeated for each request that comes again, until J after 64*T1";

export const rows: readonly CoverageRow[] = [
  {
    section: "17.2.2",
    level: "rule",
    sentence: "Once in Trying, any further request retransmissions are discarded.",
    code: otherMachine,
    line: 'if (event.kind === "timer-e-at-t2") return tried;',
    breaks: 'if (event.kind === "timer-e-at-t2" || event.kind === "request") return tried;',
    test: otherMachineTest,
    name: 'non-INVITE server, trying: ignores {"kind":"request"}',
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence:
      "A provisional response that the TU passes in Trying moves the transaction to Proceeding, and MUST be passed to the transport layer.",
    code: otherMachine,
    line: 'const provisional: NonInviteServerTransition = { state: "proceeding", actions: ["send-response"] };',
    breaks: 'const provisional: NonInviteServerTransition = { state: "trying", actions: ["send-response"] };',
    test: otherMachineTest,
    name: "non-INVITE server, trying: 100 where it is allowed",
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence:
      "Any further provisional responses from the TU while in Proceeding MUST be passed to the transport layer.",
    code: otherMachine,
    line: 'const provisional: NonInviteServerTransition = { state: "proceeding", actions: ["send-response"] };',
    breaks: 'const provisional: NonInviteServerTransition = { state: "proceeding", actions: [] };',
    test: otherMachineTest,
    name: "non-INVITE server, proceeding: another 100",
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence:
      "If a retransmission of the request is received while in Proceeding, the most recently sent provisional response MUST be passed to the transport layer.",
    code: otherMachine,
    line: 'if (event.kind === "request") return repeatedProceeding;',
    breaks: "",
    test: otherMachineTest,
    name: "non-INVITE server, proceeding: the request again gets the 100 again",
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence:
      "If the TU passes a final response (200-699) while in Proceeding, the transaction MUST enter Completed, and the response MUST be passed to the transport layer.",
    code: otherMachine,
    line: '["start-timer-j", "send-response"]',
    breaks: '["start-timer-j"]',
    test: otherMachineTest,
    name: "non-INVITE server, proceeding: final after 100",
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence:
      "When the server transaction enters Completed, it MUST set Timer J to fire in 64*T1 seconds for unreliable transports.",
    code: otherTransaction,
    line: "clock.schedule(giveUpMs(this.host.timers), onTimerJ, this)",
    breaks: "clock.schedule(this.host.timers.t4Ms, onTimerJ, this)",
    test: otherTransactionTest,
    name: untilJ,
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence: "Timer J fires in zero seconds for reliable transports.",
    code: otherTransaction,
    line: 'if (this.#state === "completed" && this.flow.isReliable) this.#handle(timerJ);',
    breaks: "",
    test: otherTransactionTest,
    name: "over TCP J is zero",
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence:
      "While in Completed, the server transaction MUST pass the final response to the transport layer whenever a retransmission of the request is received.",
    code: otherMachine,
    line: 'if (event.kind === "request") return repeatedCompleted;',
    breaks: "",
    test: otherMachineTest,
    name: "non-INVITE server, completed: the request again gets the final again",
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence: "Any other final responses passed by the TU MUST be discarded while in Completed.",
    code: otherMachine,
    line: 'if (event.kind === "request") return repeatedCompleted;',
    breaks:
      'if (event.kind === "request") return repeatedCompleted;\n    if (event.kind === "response") return response(event.statusCode, event.mayTry);',
    test: otherTransactionTest,
    name: "a second final response is not sent",
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence:
      "The server transaction remains in Completed until Timer J fires, at which point it MUST transition to Terminated.",
    code: otherMachine,
    line: 'if (event.kind === "timer") return over;',
    breaks: "",
    test: otherMachineTest,
    name: "non-INVITE server, completed: timer J ends it",
  },
  {
    section: "17.2.2",
    level: "MUST",
    sentence: "The non-INVITE server transaction MUST be destroyed the instant it enters Terminated.",
    code: otherTransaction,
    line: "this.host.removeServer(this);",
    breaks: "",
    test: otherTransactionTest,
    name: untilJ,
  },
  {
    section: "17.2.3",
    level: "rule",
    sentence:
      "The request matches a transaction if the branch in its top Via is equal to that of the request that created the transaction.",
    code: key,
    line: "return `${branch} ${host}:",
    breaks: "return `${host}:",
    test: layerTest,
    name: byBranch,
  },
  {
    section: "17.2.3",
    level: "rule",
    sentence:
      "The sent-by value in the top Via of the request is equal to the one in the request that created the transaction.",
    code: key,
    line: '${host}:${port ?? ""} ${method}',
    breaks: "${method}",
    test: layerTest,
    name: byBranch,
  },
  {
    section: "17.2.3",
    level: "rule",
    sentence:
      "The method of the request matches the one that created the transaction, except for ACK, where that method is INVITE.",
    code: layer,
    line: 'const invite = this.#byKey.get(serverKey(ack, "INVITE"));',
    breaks: "const invite = this.#byKey.get(serverKey(ack, ack.method));",
    test: transactionTest,
    name: ackEndsIt,
  },
  {
    section: "17.2.3",
    level: "rule",
    sentence:
      "If the branch is present and does not begin with the magic cookie, the procedures for RFC 2543 requests are used.",
    code: key,
    line: "if (branch?.startsWith(magicCookie) === true)",
    breaks: "if (branch !== undefined)",
    test: transactionTest,
    name: "a branch without the magic cookie does not identify a transaction either",
  },
  {
    section: "17.2.3",
    level: "rule",
    sentence: "Without the cookie, an INVITE matches by Request-URI, tags, Call-ID, CSeq, and top Via.",
    code: key,
    line: "${request.fromTag} ${request.requestUri} ${text}`",
    breaks: "${request.fromTag}`",
    test: transactionTest,
    name: byFields,
  },
  {
    section: "17.2.3",
    level: "rule",
    sentence:
      "Without the cookie, an ACK matches if its To tag equals the To tag of the response sent by the server transaction.",
    code: layer,
    line: "return hasMagicCookie(ack) || ack.toTag === invite.toTag;",
    breaks: "return hasMagicCookie(ack);",
    test: transactionTest,
    name: byFields,
  },
  {
    rfc: 6026,
    section: "8.8",
    level: "SHOULD",
    sentence: "On a transport error the non-INVITE server transaction informs the TU and stays in its state.",
    code: otherMachine,
    line: 'trying: { state: "trying", actions: ["inform-tu-transport-error"] }',
    breaks: 'trying: { state: "terminated", actions: ["inform-tu-transport-error"] }',
    test: otherMachineTest,
    name: "non-INVITE server, trying: transport error: informed, not ended",
  },
  {
    rfc: 4320,
    section: "4.1",
    level: "MUST NOT",
    sentence:
      "A SIP element MUST NOT send any provisional response with a status code other than 100 to a non-INVITE request.",
    code: otherMachine,
    line: "return statusCode === 100 && mayTry ? provisional : undefined;",
    breaks: "return mayTry ? provisional : undefined;",
    test: otherMachineTest,
    name: 'non-INVITE server, trying: ignores {"kind":"response","statusCode":180,"mayTry":true}',
  },
  {
    rfc: 4320,
    section: "4.1",
    level: "MUST NOT",
    sentence:
      "Over an unreliable transport, a SIP element MUST NOT respond with a 100 until the client's timer E is reset to T2.",
    code: otherTransaction,
    line: "if (this.flow.isReliable) return true;",
    breaks: "return true;",
    test: otherTransactionTest,
    name: "RFC 4320 §4.1: over UDP 100 goes out by itself after 3.5 s, when the client's timer E is at T2, and not before",
  },
  {
    rfc: 4320,
    section: "4.1",
    level: "MUST",
    sentence:
      "Without a final response, an element responds with a 100 after the client's timer E has been reset to T2.",
    code: otherTransaction,
    line: "clock.schedule(timerEAtT2Ms(timers), onTimerEAtT2, this)",
    breaks: "clock.schedule(giveUpMs(timers), onTimerEAtT2, this)",
    test: otherTransactionTest,
    name: "RFC 4320 §4.1: over UDP 100 goes out by itself after 3.5 s, when the client's timer E is at T2, and not before",
  },
  {
    rfc: 4320,
    section: "4.1",
    level: "MAY",
    sentence: "Over a reliable transport, an element MAY send a 100 to a non-INVITE request at any time.",
    code: otherTransaction,
    line: "if (this.flow.isReliable) return true;",
    breaks: "",
    test: otherTransactionTest,
    name: "over TCP a 100 may go out at any time, other provisionals never",
  },
  {
    rfc: 4320,
    section: "4.2",
    level: "MUST NOT",
    sentence: "A transaction-stateful element MUST NOT send a 408 to a non-INVITE request.",
    code: otherMachine,
    line: "return statusCode === 408 ? silentFinal : final;",
    breaks: "return final;",
    test: otherMachineTest,
    name: "non-INVITE server, trying: 408 is never sent",
  },
  {
    rfc: 4320,
    section: "4.2",
    level: "MUST NOT",
    sentence: "A stray response to a non-INVITE request is dropped, not forwarded or passed up.",
    code: "packages/sip/src/transaction/transaction-layer.ts",
    line: 'response.cseqMethod !== "INVITE" || !this.#isSentByUs(response, flow)',
    breaks: "!this.#isSentByUs(response, flow)",
    test: "packages/sip/src/transaction/transaction-layer.test.ts",
    name: "stray responses: to INVITE they go to the TU, to others they are dropped (RFC 4320 §4.2)",
  },
];
