/**
 * The lab's agent in one host: does there what the scenario, which is outside, asks for over the channel to its parent,
 * and ends when that is gone.
 */
import { SystemClock } from "@tandem/clock";
import { sendOverTcp } from "../../user-agents/baresip.ts";
import { AgentPhones } from "./agent-phones.ts";
import type { AgentReply, AgentRequest, Operations } from "./operations.ts";
import { sendDatagram } from "./send-datagram.ts";

const phones = new AgentPhones(new SystemClock());

const operations: Operations = {
  fetch: async ({ url, ...request }) => {
    const response = await fetch(url, request);
    return { status: response.status, text: await response.text() };
  },
  openPhone: phones.openPhone,
  closePhone: phones.closePhone,
  call: phones.call,
  calls: phones.calls,
  hangUp: phones.hangUp,
  speak: phones.speak,
  sendDatagram,
  sendOverTcp: ({ to, text }) => sendOverTcp(to, text),
};

async function perform({ id, operation, parameters }: AgentRequest): Promise<AgentReply> {
  try {
    const run = operations[operation] as (parameters: unknown) => Promise<unknown>;
    return { id, value: await run(parameters) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

process.on("message", (request: AgentRequest) => {
  void perform(request).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));
console.log("agent ready");
