import { findPart, type Message } from "@tandem/sip/message";

/**
 * The session description of a response, an ACK or the like, "" when there is none. The other parts of a multipart body, an ISUP
 * message say, are for this leg only and stay here.
 */
export function descriptionIn(message: Message): string {
  if (message.body === "" || message.contentType()?.startsWith("multipart/") !== true) return message.body;
  return findPart(message.value("Content-Type"), message.body, "application/sdp")?.content ?? "";
}
