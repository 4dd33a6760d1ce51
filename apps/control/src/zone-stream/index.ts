/** The stream from control to its name servers, control's end. */
export { nameServerAuthentication } from "./name-server-authentication.ts";
export { ZoneStreamHub } from "./zone-stream-hub.ts";
