/** What a parser gives back. Malformed traffic is a value: no parser of this package throws. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SipSyntaxError };

/** Why a text is not what the grammar asks for. */
export interface SipSyntaxError {
  /** Stable, kebab-case. */
  readonly code: string;
  /** One short English phrase, fit for a reason phrase: no line breaks, nothing quoted from the peer. */
  readonly text: string;
  /** Canonical name of the header field at fault, where the parser knows it. */
  readonly headerField?: string;
}

/** A failed parse. Made once per fault at module load, so that a flood of malformed traffic allocates nothing. */
export type Failure = { readonly ok: false; readonly error: SipSyntaxError };

export function success<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function failure(code: string, text: string, headerField?: string): Failure {
  return { ok: false, error: headerField === undefined ? { code, text } : { code, text, headerField } };
}
