import type { Message } from "@tandem/sip/message";
import { sessionBodyOf } from "./session-body.ts";

/**
 * The session description of a response, an ACK or the like, "" when there is none. The other parts of a multipart body, an ISUP
 * message say, are for this leg only and stay here. Nobody can be told that a body is not understood: it is none then.
 */
export function descriptionIn(message: Message): string {
  // A peer that forgets to say what it sends sends a session description.
  if (!message.has("Content-Type")) return message.body;
  const session = sessionBodyOf(message);
  return session.kind === "description" ? session.text : "";
}
