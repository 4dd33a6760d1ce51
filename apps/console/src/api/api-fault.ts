/** A request that came to nothing, with the interface's own words about it. */
export class ApiFault extends Error {
  override readonly name = "ApiFault";
  /** Of HTTP; 0: control gave no answer. */
  readonly status: number;
  /** Stable number of the error; undefined: the answer was not the interface's. */
  readonly code: number | undefined;

  constructor(status: number, code: number | undefined, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** From an answer of 400 and above; `body` is its text. */
export function faultOf(status: number, body: string): ApiFault {
  const { code, message } = envelopeOf(body);
  return new ApiFault(
    status,
    typeof code === "number" ? code : undefined,
    typeof message === "string" ? message : `The server answered with status ${status}.`,
  );
}

/** One kind of fault for whatever was thrown. */
export function toFault(thrown: unknown): ApiFault {
  if (thrown instanceof ApiFault) return thrown;
  // What `fetch` throws when there is no answer.
  if (thrown instanceof TypeError && /fetch|network|load/i.test(thrown.message)) {
    return new ApiFault(0, undefined, "Control does not answer.");
  }
  return new ApiFault(0, undefined, thrown instanceof Error ? thrown.message : String(thrown));
}

function envelopeOf(body: string): { readonly code?: unknown; readonly message?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
