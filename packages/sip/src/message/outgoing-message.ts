import { HeaderFields } from "./header-fields.ts";

/** A request under construction. Content-Length is added by serialize. */
export class OutgoingRequest {
  readonly isRequest = true as const;
  method: string;
  requestUri: string;
  readonly headerFields: HeaderFields;
  /** latin1. */
  body: string;

  constructor(
    method: string,
    requestUri: string,
    headerFields: HeaderFields = new HeaderFields(),
    body = "",
  ) {
    this.method = method;
    this.requestUri = requestUri;
    this.headerFields = headerFields;
    this.body = body;
  }

  /** An independent copy. */
  clone(): OutgoingRequest {
    return new OutgoingRequest(this.method, this.requestUri, this.headerFields.clone(), this.body);
  }
}

/** A response under construction. Content-Length is added by serialize. */
export class OutgoingResponse {
  readonly isRequest = false as const;
  statusCode: number;
  reasonPhrase: string;
  readonly headerFields: HeaderFields;
  /** latin1. */
  body: string;

  constructor(
    statusCode: number,
    reasonPhrase: string,
    headerFields: HeaderFields = new HeaderFields(),
    body = "",
  ) {
    this.statusCode = statusCode;
    this.reasonPhrase = reasonPhrase;
    this.headerFields = headerFields;
    this.body = body;
  }

  /** An independent copy. */
  clone(): OutgoingResponse {
    return new OutgoingResponse(this.statusCode, this.reasonPhrase, this.headerFields.clone(), this.body);
  }
}
