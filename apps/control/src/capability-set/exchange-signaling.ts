/** What every gateway does, whatever the trunk: the same for all capability sets. */

/** As in the gateways' Allow header fields; a test of the repository compares. */
export const supportedMethods = [
  "invite",
  "ack",
  "cancel",
  "bye",
  "options",
  "info",
  "prack",
  "update",
  "refer",
  "notify",
  "message",
] as const;

/** Option tags that gateways understand, as in their Supported header fields; a test of the repository compares. */
export const supportedOptions = ["100rel", "timer", "norefersub"] as const;

/** Codecs that the relay passes on; the far end decides which of them there are. In order of preference. */
export const audioFormats = [
  { format: "pcmu", rate: 8000, ptime: 20 },
  { format: "pcma", rate: 8000, ptime: 20 },
  { format: "g722", rate: 8000, ptime: 20 },
  { format: "opus", rate: 48_000, ptime: 20 },
  { format: "g729", rate: 8000, ptime: 20 },
] as const;

/** Payload type of telephone-event that most have (RFC 4733); another one passes as well. */
export const telephoneEventPayload = 101;

/** TLS 1.2 is the oldest that gateways speak. */
export const tlsVersions = ["ietf-tls-common:tls12", "ietf-tls-common:tls13"] as const;
