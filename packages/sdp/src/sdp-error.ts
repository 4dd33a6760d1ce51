/** Why a text is no usable session description. */
export interface SdpError {
  /** Stable, kebab-case. */
  readonly code: SdpErrorCode;
  readonly text: string;
  /** Number of the line at fault, from 1; 0 when the fault is of the whole text. */
  readonly line: number;
}

export type SdpErrorCode =
  | "too-long"
  | "too-many-lines"
  | "too-many-media-descriptions"
  | "control-character"
  | "malformed-line"
  | "no-version"
  | "no-origin"
  | "malformed-origin"
  | "malformed-connection"
  | "multicast-connection"
  | "no-connection"
  | "malformed-media"
  | "malformed-port"
  | "malformed-rtcp";

/** Builds an `SdpError`. */
export function sdpError(code: SdpErrorCode, text: string, line: number): SdpError {
  return { code, text, line };
}
