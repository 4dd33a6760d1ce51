/** Doubles and builders for tests of SIP code. Scripts: rules in `transaction-script.ts`. */
export { type AgentScript, agentScript, expectNothingLeft, settled } from "./agent-script.ts";
export { type FlowDouble, type FlowOptions, flow, target } from "./flow-double.ts";
export {
  parsedRequest,
  parsedResponse,
  type RequestParts,
  type ResponseParts,
  request,
  responseTo,
} from "./message-text.ts";
export {
  clientOverTcp,
  clientOverUdp,
  inviteServerOverTcp,
  inviteServerOverUdp,
  outgoing,
  type ScriptOptions,
  type ScriptUser,
  type ServerScript,
  serverScript,
  type TransactionScript,
  transactionScript,
} from "./transaction-script.ts";
export { TransactionUserDouble, type TuEvent } from "./transaction-user-double.ts";
export { type ResponseScript, response, type Sent, WireDouble } from "./wire-double.ts";
