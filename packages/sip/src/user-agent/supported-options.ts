/**
 * Option tags that a peer may require of us: reliable provisional responses (RFC 3262), session timers (RFC 4028), REFER
 * without a subscription (RFC 4488).
 */
export const understoodOptions: readonly string[] = ["100rel", "timer", "norefersub"];

/** Value of our Supported header fields. */
export const supportedOptions: string = understoodOptions.join(", ");

/** The same where no provisional response can be acknowledged. */
export const supportedUnreliably: string = understoodOptions.filter((tag) => tag !== "100rel").join(", ");
