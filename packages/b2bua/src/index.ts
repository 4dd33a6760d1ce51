export * from "./call.ts";
export * from "./call-facts.ts";
export * from "./call-plan.ts";
export * from "./cause-mapping.ts";
export * from "./failover-policy.ts";
export * from "./header-policy.ts";
export * from "./joined-legs.ts";
export * from "./media-anchor.ts";
