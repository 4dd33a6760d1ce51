export * from "./call-record.ts";
export * from "./explain.ts";
export * from "./gateway-configuration.ts";
export * from "./gateway-stream.ts";
export * from "./interconnect.ts";
export * from "./snapshot.ts";
export * from "./validate.ts";
