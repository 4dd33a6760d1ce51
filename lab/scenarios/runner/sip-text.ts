/** Changes of a message before it is sent. */
export interface Changes {
  /** Header field name to value; several values: a row each; null: no such row. New names go to the end. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: string;
  /** Of the body; default application/sdp. */
  readonly contentType?: string;
  /** The finished text, to be made worse by hand. */
  readonly raw?: (text: string) => string;
}

type Row = readonly [name: string, value: string];

/** A message with CRLF lines and a Content-Length that fits, unless the changes say otherwise. */
export function sipText(startLine: string, rows: readonly Row[], changes: Changes = {}): string {
  const { headers = {}, body = "", contentType = "application/sdp", raw } = changes;
  const all: Row[] = [...rows];
  if (body !== "") all.push(["Content-Type", contentType]);
  all.push(["Content-Length", String(Buffer.byteLength(body, "latin1"))]);
  const known = new Set(all.map(([name]) => name.toLowerCase()));
  const changed = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const written = all.flatMap(([name, value]): Row[] => {
    const change = changed.get(name.toLowerCase());
    return change === undefined ? [[name, value]] : rowsOf(name, change);
  });
  // Before Content-Length, so that a message cut short keeps its framing.
  const added = Object.entries(headers).flatMap(([name, value]) =>
    known.has(name.toLowerCase()) ? [] : rowsOf(name, value),
  );
  const last = written.at(-1)?.[0] === "Content-Length" ? written.splice(-1) : [];
  const lines = [...written, ...added, ...last].map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `${startLine}\r\n${lines.join("")}\r\n${body}`;
  return raw === undefined ? text : raw(text);
}

function rowsOf(name: string, value: string | readonly string[] | null): Row[] {
  if (value === null) return [];
  return typeof value === "string" ? [[name, value]] : value.map((each) => [name, each]);
}

/** A session description of one audio stream. */
export function sdp(address: string, port: number, version = 1, direction = "sendrecv"): string {
  return [
    "v=0",
    `o=- 4711 ${version} IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 0 101`,
    "a=rtpmap:101 telephone-event/8000",
    `a=${direction}`,
    "",
  ].join("\r\n");
}
