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
      /**
       * The body with another description in its place. Other parts pass as they are (RFC 5621 §3.1), but no other description:
       * its addresses would not be ours.
       */
      replaced(description: string): string;
    }
  /** It is not understood, and it has to be (RFC 3261 §8.2.3). */
  | { readonly kind: "refused"; readonly text: string };

const none: SessionBody = { kind: "none" };

/**
 * Only what is for the `session` is an offer or an answer (RFC 3261 §20.11). An `early-session` (RFC 3959), which we never
 * say that we support, is like any other body that is not understood.
 */
export function sessionBodyOf(message: Message): SessionBody {
  const { body } = message;
  if (body === "") return none;
  const contentType = message.value("Content-Type");
  const disposition = dispositionOf(message);
  if (!isEncoded(message)) {
    if (isSession(message.contentType(), disposition)) {
      return { kind: "description", text: body, isWhole: true, replaced: (description) => description };
    }
    const parts = bodyParts(contentType, body) ?? [];
    const part = parts.find((one) => isSession(one.mediaType, one.disposition));
    if (part !== undefined) return partOf(body, part, parts);
    if (parts.length > 0 && parts.every((one) => one.disposition?.isOptional === true)) return none;
  }
  if (disposition?.isOptional === true) return none;
  const purpose = disposition === undefined ? "" : ` for ${disposition.type}`;
  const what = `${contentType ?? "a body without Content-Type"}${purpose}`;
  return { kind: "refused", text: `${what} is no session description` };
}

const sdp = "application/sdp";

/** A session description that does not say what it is for describes the session. */
function isSession(mediaType: string | undefined, disposition: ContentDisposition | undefined): boolean {
  return mediaType === sdp && (disposition === undefined || disposition.type === "session");
}

function partOf(body: string, part: BodyPart, parts: readonly BodyPart[]): SessionBody {
  const replaced = (description: string): string => {
    let written = "";
    let at = 0;
    for (const { mediaType, begin, start, end } of parts) {
      if (mediaType !== sdp) continue;
      const isPart = begin === part.begin;
      written += body.slice(at, isPart ? start : begin) + (isPart ? description : "");
      // With the part goes the line end before the next delimiter.
      at = isPart ? end : end + 2;
    }
    return written + body.slice(at);
  };
  return { kind: "description", text: body.slice(part.start, part.end), isWhole: false, replaced };
}

/** One that can't be read says nothing. */
function dispositionOf(message: Message): ContentDisposition | undefined {
  const value = message.value("Content-Disposition");
  const parsed = value === undefined ? undefined : parseContentDisposition(value);
  return parsed?.ok === true ? parsed.value : undefined;
}
