import type { HeaderFields } from "../message/index.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { supportedOptions } from "./supported-options.ts";

/** What a response to OPTIONS says that we take, the same inside a dialog and outside (RFC 3261 §11.2). */
export function appendCapabilities(fields: HeaderFields): void {
  fields
    .append("Allow", allowedMethods)
    .append("Supported", supportedOptions)
    .append("Accept", "application/sdp")
    .append("Accept-Encoding", "identity")
    .append("Accept-Language", "en");
}
