import { HeaderFields, type Message } from "@tandem/sip/message";

/** What a 415 says that we would take (RFC 3261 §8.2.3). */
export function acceptedContent(): HeaderFields {
  return new HeaderFields().append("Accept", "application/sdp").append("Accept-Encoding", "identity");
}

/** Whether the body of a message is compressed, say: nobody here undoes that (RFC 3261 §8.2.3). */
export function isEncoded(message: Message): boolean {
  return message.list("Content-Encoding").some((coding) => coding.toLowerCase() !== "identity");
}
