import { HeaderFields } from "../message/index.ts";

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

/** Credentials of an INVITE: the ACK for its 2xx has the same (RFC 3261 §13.2.2.4). Undefined: it had none. */
export function credentialsIn(fields: HeaderFields): HeaderFields | undefined {
  let found: HeaderFields | undefined;
  for (const name of credentialNames) {
    for (const value of fields.values(name)) {
      found ??= new HeaderFields();
      found.append(name, value);
    }
  }
  return found;
}

/** Header fields that hold credentials. */
export const credentialNames: readonly string[] = ["Authorization", "Proxy-Authorization"];

/** Copies the content's header fields and Content-Type into a request. */
export function fill(fields: HeaderFields, content: RequestContent): void {
  if (content.headerFields !== undefined) {
    fields.appendAll(content.headerFields);
  }
  if (content.body !== undefined && content.body !== "" && content.contentType !== undefined) {
    fields.append("Content-Type", content.contentType);
  }
}
