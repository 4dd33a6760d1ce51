import {
  type BodyPart,
  bodyParts,
  type ContentDisposition,
  type Message,
  parseContentDisposition,
} from "@tandem/sip/message";
import { isEncoded } from "./accepted-content.ts";

/** What the body of a message says of the session. */
export type SessionBody =
  /** There is no body, or one that is not understood and whose sender does not mind (RFC 3261 §20.11). */
  | { readonly kind: "none" }
  | {
      readonly kind: "description";
      readonly text: string;
      /** The description is all there is. */
      readonly isWhole: boolean;
      /** The body with another description in its place; other parts pass as they are (RFC 5621 §3.1). */
      replaced(description: string): string;
    }
  /** It is not understood, and it has to be (RFC 3261 §8.2.3). */
  | { readonly kind: "refused"; readonly text: string };

const none: SessionBody = { kind: "none" };

export function sessionBodyOf(message: Message): SessionBody {
  const { body } = message;
  if (body === "") return none;
  const contentType = message.value("Content-Type");
  if (!isEncoded(message)) {
    if (message.contentType() === sdp) {
      return { kind: "description", text: body, isWhole: true, replaced: (description) => description };
    }
    const parts = bodyParts(contentType, body) ?? [];
    const part = parts.find(isDescription);
    if (part !== undefined) return partOf(body, part);
    if (parts.length > 0 && parts.every(({ disposition }) => disposition?.isOptional === true)) return none;
  }
  if (dispositionOf(message)?.isOptional === true) return none;
  return {
    kind: "refused",
    text: `${contentType ?? "a body without Content-Type"} is no session description`,
  };
}

const sdp = "application/sdp";

function isDescription({ mediaType }: BodyPart): boolean {
  return mediaType === sdp;
}

function partOf(body: string, { start, end }: BodyPart): SessionBody {
  return {
    kind: "description",
    text: body.slice(start, end),
    isWhole: false,
    replaced: (description) => body.slice(0, start) + description + body.slice(end),
  };
}

/** One that can't be read says nothing. */
function dispositionOf(message: Message): ContentDisposition | undefined {
  const value = message.value("Content-Disposition");
  const parsed = value === undefined ? undefined : parseContentDisposition(value);
  return parsed?.ok === true ? parsed.value : undefined;
}
