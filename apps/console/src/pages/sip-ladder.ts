/** The SIP messages of a call as a ladder: where each post and each arrow stands. Pure; `capture-element.ts` draws it. */
import { type Row, rowsOf, textOf, textsOf } from "../api/row.ts";

export interface SipArrow {
  /** Of the posts between which it goes. */
  readonly from: number;
  readonly to: number;
  readonly y: number;
  /** `INVITE`, `183 Session Progress`; what else it carries. */
  readonly label: string;
  readonly tone: "neutral" | "good" | "bad" | "idle";
  /** Since the first message. */
  readonly seconds: number;
}

export interface SipPost {
  readonly x: number;
  /** Name of a gateway, or address and port of a far end. */
  readonly name: string;
}

export interface SipLadder {
  readonly width: number;
  readonly height: number;
  readonly posts: readonly SipPost[];
  readonly arrows: readonly SipArrow[];
}

/** In the drawing's own units, which are those of its letters. */
const gap = { posts: 260, arrows: 34, left: 150, top: 44, bottom: 16 } as const;

/** `capture`: the answer of `/v1/Captures/{CallSid}`, its messages in the order of the wire. */
export function sipLadderOf(capture: Row): SipLadder {
  const ends = textsOf(capture, "ends");
  const messages = rowsOf(capture, "messages");
  const startedMs = Date.parse(textOf(messages[0] ?? {}, "at"));
  return {
    width: gap.left + Math.max(0, ends.length - 1) * gap.posts + gap.left / 2,
    height: gap.top + messages.length * gap.arrows + gap.bottom,
    posts: ends.map((name, index) => ({ x: gap.left + index * gap.posts, name })),
    arrows: messages.map((message, index) => {
      const gateway = ends.indexOf(textOf(message, "gateway"));
      const remote = ends.indexOf(textOf(message, "remote"));
      const isSent = textOf(message, "direction") === "sent";
      return {
        from: isSent ? gateway : remote,
        to: isSent ? remote : gateway,
        y: gap.top + (index + 0.7) * gap.arrows,
        label: labelOf(textOf(message, "text"), textOf(message, "transport")),
        tone: toneOf(textOf(message, "text")),
        seconds: (Date.parse(textOf(message, "at")) - startedMs) / 1000,
      };
    }),
  };
}

/** What a message is in a few words: its method, or its status and what that answers. */
export function labelOf(text: string, transport: string): string {
  const [start = ""] = text.split("\r\n", 1);
  const status = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(start);
  const what = status === null ? (start.split(" ", 1)[0] ?? "") : `${status[1]} ${status[2]}`.trim();
  const answered = status === null ? undefined : /\r\nCSeq[ \t]*:[ \t]*\d+[ \t]+(\S+)/i.exec(text)?.[1];
  const notes = [
    ...(answered === undefined || answered === "INVITE" ? [] : [answered]),
    ...(/\r\nContent-Type[ \t]*:[ \t]*application\/sdp/i.test(text) ? ["SDP"] : []),
    ...(transport === "UDP" ? [] : [transport]),
  ];
  return notes.length === 0 ? what : `${what} (${notes.join(", ")})`;
}

function toneOf(text: string): SipArrow["tone"] {
  const status = /^SIP\/2\.0 (\d)/.exec(text)?.[1];
  if (status === undefined) return "neutral";
  if (status === "1") return "idle";
  return status === "2" ? "good" : "bad";
}
