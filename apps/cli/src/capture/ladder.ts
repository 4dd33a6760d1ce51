/** SIP messages of one call as a ladder: a column for each far end and each gateway, an arrow for each message. */

export interface LadderMessage {
  readonly gateway: string;
  /** ISO 8601 with microseconds. */
  readonly at: string;
  readonly direction: "received" | "sent";
  readonly transport: string;
  /** `address:port` */
  readonly remote: string;
  readonly text: string;
}

/** Characters between two columns; a longer label is cut. */
const columnWidth = 30;
const timeWidth = 9;

/**
 * A line for each message, after one that names the columns.
 * @param ends far ends and gateways, left to right
 * @param messages in the order of the wire
 */
export function ladderText(ends: readonly string[], messages: readonly LadderMessage[]): string {
  const startedMs = Date.parse(messages[0]?.at ?? "");
  return [headLine(ends), ...messages.map((message) => messageLine(message, ends, startedMs))].join("\n");
}

function headLine(ends: readonly string[]): string {
  const names = ends.map((end) => end.slice(0, columnWidth - 1).padEnd(columnWidth));
  return `${"".padEnd(timeWidth)}${names.join("")}`.trimEnd();
}

function messageLine(message: LadderMessage, ends: readonly string[], startedMs: number): string {
  const gateway = ends.indexOf(message.gateway);
  const remote = ends.indexOf(message.remote);
  const [from, to] = message.direction === "sent" ? [gateway, remote] : [remote, gateway];
  const [left, right] = from < to ? [from, to] : [to, from];
  const width = (right - left) * columnWidth - 1;
  const label = labelOf(message).slice(0, Math.max(0, width - 4));
  const line = ` ${label} `.padStart(Math.floor((width + label.length) / 2) + 1, "─").padEnd(width, "─");
  const arrow = from < to ? `${line.slice(0, -1)}▶` : `◀${line.slice(1)}`;
  const before = ends.slice(0, left).map(() => "│".padEnd(columnWidth));
  const after = ends.slice(right + 1).map(() => "│".padStart(columnWidth));
  const seconds = (Date.parse(message.at) - startedMs) / 1000;
  const time = seconds.toFixed(3).padEnd(timeWidth);
  return `${time}${before.join("")}│${arrow}│${after.join("")}`;
}

/** `INVITE sip:+1…@host`, `183 Session Progress (INVITE)`; a body is said. */
function labelOf({ text, transport }: LadderMessage): string {
  const [start = ""] = text.split("\r\n", 1);
  const hasSdp = /\r\nContent-Type[ \t]*:[ \t]*application\/sdp/i.test(text);
  const status = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(start);
  const what =
    status === null
      ? `${start.split(" ", 1)[0] ?? ""}`
      : `${status[1]} ${status[2]} (${/\r\nCSeq[ \t]*:[ \t]*\d+[ \t]+(\S+)/i.exec(text)?.[1] ?? "?"})`;
  const notes = [...(hasSdp ? ["SDP"] : []), ...(transport === "UDP" ? [] : [transport])];
  // oxlint-disable-next-line no-control-regex -- they must not reach the terminal
  const clean = what.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "?");
  return notes.length === 0 ? clean : `${clean} [${notes.join(", ")}]`;
}
