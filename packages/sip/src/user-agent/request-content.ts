import type { HeaderFields } from "../message/index.ts";

/** What the user of a usage puts into a request. */
export interface RequestContent {
  readonly headerFields?: HeaderFields | undefined;
  readonly body?: string;
  readonly contentType?: string | undefined;
}

/** Who we are to a peer that challenges us. */
export interface DigestIdentity {
  readonly username: string;
  readonly password: string;
}

/** Copies the content's header fields and Content-Type into a request. */
export function fill(fields: HeaderFields, content: RequestContent): void {
  if (content.headerFields !== undefined) {
    fields.appendAll(content.headerFields);
  }
  if (content.body !== undefined && content.body !== "" && content.contentType !== undefined) {
    fields.append("Content-Type", content.contentType);
  }
}
