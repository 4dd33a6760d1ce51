export * from "./identifiers.ts";
export * from "./in-dialog-request.ts";
export * from "./invite-uac.ts";
export * from "./invite-uas.ts";
export * from "./invite-usage.ts";
export * from "./next-hop.ts";
export * from "./success-retransmission.ts";
export * from "./user-agent.ts";
