/** RFC 3261 §17.1.2 to §17.1.4: the non-INVITE client transaction, matching of responses, transport errors. */
import type { CoverageRow } from "../coverage-row.ts";

const machine = "packages/sip/src/transaction/non-invite-client-machine.ts";
const machineTest = "packages/sip/src/transaction/non-invite-client-machine.test.ts";
const transaction = "packages/sip/src/transaction/non-invite-client-transaction.ts";
const transactionTest = "packages/sip/src/transaction/non-invite-client-transaction.test.ts";
const layer = "packages/sip/src/transaction/transaction-layer.ts";
const layerTest = "packages/sip/src/transaction/transaction-layer.test.ts";

const elevenByes = "BYE over UDP: timer E doubles up to T2, timer F gives up after 64*T1: eleven BYEs in all";
const afterProvisional = "after 1xx the request is retransmitted every T2, and F still gives up";
const overTcp = "over TCP nothing is retransmitted and K is zero";
const absorbed = "the final response is passed on once, K absorbs the others for T4";

export const rows: readonly CoverageRow[] = [
  {
    section: "17.1.2.1",
    level: "rule",
    sentence: "The default value of T2 is 4 s: it caps the interval of non-INVITE retransmissions.",
    code: "packages/sip/src/transaction/transaction-timers.ts",
    line: "t2Ms: 4000,",
    breaks: "t2Ms: 8000,",
    test: "packages/sip/src/transaction/transaction-timers.test.ts",
    name: "the defaults are those of RFC 3261 table 4",
  },
  {
    section: "17.1.2.1",
    level: "rule",
    sentence: "T4 is the time the network will take to clear messages; its default is 5 s.",
    code: "packages/sip/src/transaction/transaction-timers.ts",
    line: "t4Ms: 5000,",
    breaks: "t4Ms: 500,",
    test: "packages/sip/src/transaction/transaction-timers.test.ts",
    name: "the defaults are those of RFC 3261 table 4",
  },
  {
    section: "17.1.2.2",
    level: "SHOULD",
    sentence: "When entering Trying, the client transaction SHOULD set timer F to fire in 64*T1 seconds.",
    code: transaction,
    line: "clock.schedule(giveUpMs(timers), onTimerF, this)",
    breaks: "clock.schedule(2 * giveUpMs(timers), onTimerF, this)",
    test: transactionTest,
    name: elevenByes,
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence:
      "If an unreliable transport is in use, the client transaction MUST set timer E to fire in T1 seconds.",
    code: transaction,
    line: "this.#timerEMs = timers.t1Ms;",
    breaks: "this.#timerEMs = timers.t2Ms;",
    test: transactionTest,
    name: elevenByes,
  },
  {
    section: "17.1.2.2",
    level: "rule",
    sentence: "Timer E is for unreliable transports only.",
    code: transaction,
    line: "if (!this.isReliable) {",
    breaks: 'if (this.text !== "") {',
    test: transactionTest,
    name: overTcp,
  },
  {
    section: "17.1.2.2",
    level: "rule",
    sentence:
      "If timer E fires while still in Trying, the timer is reset, this time with a value of MIN(2*T1, T2): the interval doubles up to T2.",
    code: transaction,
    line: "Math.min(this.#timerEMs * 2, timers.t2Ms)",
    breaks: "this.#timerEMs * 2",
    test: transactionTest,
    name: elevenByes,
  },
  {
    section: "17.1.2.2",
    level: "rule",
    sentence: "When timer E fires in Trying, the request is retransmitted.",
    code: machine,
    line: 'const retransmittedTrying: NonInviteClientTransition = { state: "trying", actions: ["retransmit-request"] };',
    breaks: 'const retransmittedTrying: NonInviteClientTransition = { state: "trying", actions: [] };',
    test: machineTest,
    name: "non-INVITE client, trying: timer E retransmits",
  },
  {
    section: "17.1.2.2",
    level: "SHOULD",
    sentence:
      "If Timer F fires while in Trying, the client transaction SHOULD inform the TU about the timeout, and enter Terminated.",
    code: machine,
    line: '{ state: "terminated", actions: ["inform-tu-timeout"] }',
    breaks: '{ state: "terminated", actions: [] }',
    test: machineTest,
    name: "non-INVITE client, trying: timer F gives up",
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence:
      "If a provisional response is received while in Trying, it MUST be passed to the TU, and the transaction SHOULD move to Proceeding.",
    code: machine,
    line: 'const provisional: NonInviteClientTransition = { state: "proceeding"',
    breaks: 'const provisional: NonInviteClientTransition = { state: "trying"',
    test: machineTest,
    name: "non-INVITE client, trying: 100",
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence:
      "If a final response (200-699) is received while in Trying, the response MUST be passed to the TU.",
    code: machine,
    line: '["start-timer-k", "pass-response-to-tu"]',
    breaks: '["start-timer-k"]',
    test: machineTest,
    name: "non-INVITE client, trying: 200 is final",
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence:
      "If Timer E fires while in Proceeding, the request MUST be passed to the transport layer for retransmission.",
    code: machine,
    line: "proceeding: (event) => beforeFinal(event, retransmittedProceeding),",
    breaks: "proceeding: (event) => beforeFinal(event, unchanged.proceeding),",
    test: machineTest,
    name: "non-INVITE client, proceeding: timer E retransmits after 1xx as well",
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence: "Timer E MUST be reset with a value of T2 seconds in Proceeding.",
    code: transaction,
    line: 'this.#state === "proceeding" ? timers.t2Ms :',
    breaks: "",
    test: transactionTest,
    name: afterProvisional,
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence:
      "If timer F fires while in Proceeding, the TU MUST be informed of a timeout, and the client transaction MUST transition to Terminated.",
    code: machine,
    line: 'return event.timer === "F" ? gaveUp : undefined;',
    breaks: 'return event.timer === "F" && retransmitted.state === "trying" ? gaveUp : undefined;',
    test: machineTest,
    name: "non-INVITE client, proceeding: timer F gives up after 1xx as well",
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence:
      "If a final response (200-699) is received while in Proceeding, it MUST be passed to the TU, and the transaction MUST transition to Completed.",
    code: machine,
    line: "event.statusCode < 200 ? provisional : final",
    breaks: "event.statusCode <= 200 ? provisional : final",
    test: machineTest,
    name: "non-INVITE client, proceeding: final after 1xx",
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence:
      "Once in Completed, the client transaction MUST set Timer K to fire in T4 seconds for unreliable transports.",
    code: transaction,
    line: "clock.schedule(timers.t4Ms, onTimerK, this)",
    breaks: "clock.schedule(timers.t2Ms, onTimerK, this)",
    test: transactionTest,
    name: absorbed,
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence: "Timer K fires in zero seconds for reliable transports.",
    code: transaction,
    line: 'if (this.#state === "completed" && this.isReliable) this.#handle(timerK, undefined);',
    breaks: "",
    test: transactionTest,
    name: overTcp,
  },
  {
    section: "17.1.2.2",
    level: "rule",
    sentence:
      "The Completed state exists to buffer any additional response retransmissions that may be received.",
    code: machine,
    line: 'completed: (event) => (event.kind === "timer" && event.timer === "K" ? over : undefined),',
    breaks:
      'completed: (event) =>\n    event.kind === "response" ? final : event.kind === "timer" && event.timer === "K" ? over : undefined,',
    test: machineTest,
    name: 'non-INVITE client, completed: ignores {"kind":"response","statusCode":200}',
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence: "If Timer K fires while in Completed, the client transaction MUST transition to Terminated.",
    code: machine,
    line: 'event.timer === "K" ? over : undefined',
    breaks: 'event.timer === "F" ? over : undefined',
    test: machineTest,
    name: "non-INVITE client, completed: timer K ends it",
  },
  {
    section: "17.1.2.2",
    level: "MUST",
    sentence: "Once the transaction is in Terminated, it MUST be destroyed immediately.",
    code: transaction,
    line: "this.host.removeClient(this);",
    breaks: "",
    test: transactionTest,
    name: elevenByes,
  },
  {
    section: "17.1.3",
    level: "rule",
    sentence:
      "A response matches a client transaction if it has the same value of the branch in the top Via as the request that created it.",
    code: layer,
    line: "this.#clients.get(clientKey(response.branch, method))",
    breaks: "[...this.#clients.values()][0]",
    test: layerTest,
    name: "a response is matched by branch and method of CSeq (RFC 3261 §17.1.3)",
  },
  {
    section: "17.1.3",
    level: "rule",
    sentence:
      "The method parameter in the CSeq must match the method of the request that created the transaction.",
    code: layer,
    line: "transaction === undefined || transaction.method !== method",
    breaks: "transaction === undefined",
    test: layerTest,
    name: "a response is matched by branch and method of CSeq (RFC 3261 §17.1.3)",
  },
  {
    section: "17.1.3",
    level: "rule",
    sentence:
      "The method is needed since a CANCEL request constitutes a different transaction, but shares the same value of the branch.",
    code: "packages/sip/src/transaction/client-transaction.ts",
    line: 'return method === "CANCEL" ? `${branch} CANCEL` : branch;',
    breaks: "return branch;",
    test: "packages/sip/src/transaction/invite-client-transaction.test.ts",
    name: "the id is the branch; that of a CANCEL tells it from its INVITE",
  },
  {
    section: "17.1.4",
    level: "SHOULD",
    sentence: "The client transaction SHOULD inform the TU that a transport failure has occurred (INVITE).",
    code: "packages/sip/src/transaction/invite-client-machine.ts",
    line: 'actions: ["inform-tu-transport-error"],',
    breaks: "actions: [],",
    test: "packages/sip/src/transaction/invite-client-machine.test.ts",
    name: "INVITE client, calling: transport error while calling",
  },
  {
    section: "17.1.4",
    level: "SHOULD",
    sentence:
      "The client transaction SHOULD inform the TU that a transport failure has occurred (non-INVITE).",
    code: machine,
    line: 'actions: ["inform-tu-transport-error"],',
    breaks: "actions: [],",
    test: machineTest,
    name: "non-INVITE client, trying: transport error while trying",
  },
  {
    section: "17.1.4",
    level: "SHOULD",
    sentence: "After a transport failure the client transaction SHOULD transition directly to Terminated.",
    code: machine,
    line: 'state: "terminated",\n  actions: ["inform-tu-transport-error"],',
    breaks: 'state: "completed",\n  actions: ["inform-tu-transport-error"],',
    test: machineTest,
    name: "non-INVITE client, proceeding: transport error while proceeding",
  },
];
