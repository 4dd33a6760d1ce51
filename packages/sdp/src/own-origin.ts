import type { SessionDescription } from "./session-description.ts";

/**
 * The description with an o= line of ours, `o=- ID VERSION IN IP4 ADDRESS`: the address is that of the first media which
 * is not rejected. Everything else stays as it is.
 */
export function ownOrigin(
  description: SessionDescription,
  origin: { readonly sessionId: string; readonly sessionVersion: number },
): string {
  const { text, lines, media, connection } = description;
  const line = lines.find(({ role }) => role === "origin");
  if (line === undefined) return text;
  const live = media.find(({ isRejected }) => !isRejected)?.connection ?? connection;
  const address = live?.address ?? "0.0.0.0";
  const family = address.includes(":") ? "IP6" : "IP4";
  const written = `o=- ${origin.sessionId} ${origin.sessionVersion} IN ${family} ${address}`;
  return text.slice(0, line.start) + written + text.slice(line.end);
}
