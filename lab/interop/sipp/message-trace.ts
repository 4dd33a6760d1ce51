import { existsSync, readFileSync } from "node:fs";
import { parseMessage, type SipMessage, type SipRequest, type SipResponse } from "@tandem/sip/message";

/** One message as a peer saw it. */
export interface TracedMessage {
  readonly atMs: number;
  readonly direction: "sent" | "received";
  readonly message: SipMessage;
}

const separator = /^-{40,} (\d{4}-\d\d-\d\d)[ \t]+(\d\d:\d\d:\d\d\.\d+).*$/m;

/** Reads what `-trace_msg` of SIPp wrote; what is no SIP message is left out. */
export function readMessageTrace(file: string): readonly TracedMessage[] {
  if (!existsSync(file)) return [];
  const parts = readFileSync(file, "latin1").split(separator);
  const traced: TracedMessage[] = [];
  for (let index = 1; index + 2 < parts.length; index += 3) {
    const one = tracedMessage(`${parts[index]}T${parts[index + 1]}`, parts[index + 2] ?? "");
    if (one !== undefined) traced.push(one);
  }
  return traced;
}

function tracedMessage(time: string, text: string): TracedMessage | undefined {
  const head = /^\s*\w+ message (sent|received) ?[([]\d+[)\]]? bytes\)? ?:\r?\n\r?\n/.exec(text);
  if (head === null) return undefined;
  const parsed = parseMessage(text.slice(head[0].length).replace(/\r?\n$/, ""), "datagram");
  if (!parsed.ok) return undefined;
  return {
    atMs: Date.parse(time),
    direction: head[1] === "sent" ? "sent" : "received",
    message: parsed.value,
  };
}

/** Requests with that method that the peer received. */
export function requestsReceived(trace: readonly TracedMessage[], method: string): readonly SipRequest[] {
  return trace.flatMap(({ direction, message }) =>
    direction === "received" && message.isRequest && message.method === method ? [message] : [],
  );
}

/** Responses that the peer received; to requests with that method. */
export function responsesReceived(
  trace: readonly TracedMessage[],
  method: string,
  statusCode?: number,
): readonly SipResponse[] {
  return trace.flatMap(({ direction, message }) =>
    direction === "received" &&
    !message.isRequest &&
    message.cseqMethod === method &&
    (statusCode === undefined || message.statusCode === statusCode)
      ? [message]
      : [],
  );
}
