import { type FramerEvent, StreamFramer } from "@tandem/sip/message";
import type { FuzzTarget } from "../fuzz-target.ts";
import { sipSeeds, streamSeeds } from "../seeds.ts";

const limits = { maximumHeaderBytes: 2048, maximumBodyBytes: 1024 };

/** Messages and the end of the stream; keep-alives come as the chunks make them. */
function messagesOf(events: readonly FramerEvent[]): string {
  return events
    .filter(({ kind }) => kind === "message" || kind === "error")
    .map((event) =>
      event.kind === "error"
        ? `error ${event.error.code} ${event.text ?? ""}`
        : event.kind === "message"
          ? event.text
          : "",
    )
    .join("\0");
}

export const streamFramer: FuzzTarget = {
  name: "stream-framer",
  sources: [
    "packages/sip/src/message/stream-framer",
    "packages/sip/src/message/content-length",
    "packages/sip/src/message/header-index",
  ],
  seeds: [...streamSeeds, ...sipSeeds],
  dictionary: [
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\n",
    "Content-Length: 0\r\n",
    "l: 4\r\n",
    "Content-Length: 1025\r\n",
    "OPTIONS sip:a SIP/2.0\r\n",
  ],
  maximumBytes: 8192,
  /** The first byte says how the rest is cut. */
  run(input) {
    const size = 1 + (input.charCodeAt(0) || 0);
    const stream = Buffer.from(input.slice(1), "latin1");
    const whole = messagesOf(new StreamFramer(limits).push(stream));
    const framer = new StreamFramer(limits);
    const events: FramerEvent[] = [];
    for (let at = 0; at < stream.length; at += size)
      events.push(...framer.push(stream.subarray(at, at + size)));
    if (messagesOf(events) !== whole) throw new Error(`cut behind every ${size} bytes it is another stream`);
    for (const event of events) {
      if (
        event.kind === "message" &&
        event.text.length > limits.maximumHeaderBytes + limits.maximumBodyBytes
      ) {
        throw new Error("a message beyond the limits");
      }
    }
  },
};
