import type { SipMessage } from "@tandem/sip/message";
import type { Stage } from "./stage.ts";

interface Event {
  readonly atMs: number;
  readonly who: string;
  readonly arrow: string;
  readonly text: string;
}

/** Lines a person can read: when, who, which message. Retransmissions of 20 lines and more are cut. */
export function timeline(stage: Stage, limit = 200): readonly string[] {
  const events: Event[] = stage.peers.flatMap((peer) =>
    peer.trace.map(({ atMs, direction, message }) => ({
      atMs,
      who: `${peer.name} :${peer.port}`,
      arrow: direction === "sent" ? "──▶" : "◀──",
      text: describe(message),
    })),
  );
  events.sort((a, b) => a.atMs - b.atMs);
  const beganMs = events[0]?.atMs ?? 0;
  const width = Math.max(0, ...events.map((event) => event.who.length));
  const lines = events.slice(0, limit).map(({ atMs, who, arrow, text }) => {
    const seconds = ((atMs - beganMs) / 1000).toFixed(3).padStart(8);
    return `${seconds} s  ${who.padEnd(width)} ${arrow} gateway  ${text}`;
  });
  return events.length > limit ? [...lines, `… and ${events.length - limit} more`] : lines;
}

function describe(message: SipMessage): string {
  const session = message.body === "" ? "" : `  [${sessionText(message.body)}]`;
  const cseq = `${message.cseqNumber} ${message.cseqMethod}`;
  return message.isRequest
    ? `${message.method} ${message.requestUri}  (CSeq ${message.cseqNumber})${session}`
    : `${message.statusCode} ${message.reasonPhrase}  (${cseq})${session}`;
}

/** `audio 127.0.80.1:20000 sendrecv` */
function sessionText(body: string): string {
  const media = /^m=(\w+) (\d+)/m.exec(body);
  const address = /^c=IN IP\d (\S+)/m.exec(body)?.[1] ?? "?";
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(body)?.[1] ?? "";
  return media === null
    ? "no session description"
    : `${media[1]} ${address}:${media[2]} ${direction}`.trimEnd();
}
