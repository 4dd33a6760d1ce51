/** Where a program serves its metrics and its health to those that watch it: see docs/metrics.md. */
import { type Static, Type } from "typebox";

export const defaultMetricsAddress = "127.0.0.1";

export const MetricsConfiguration = Type.Object(
  {
    /**
     * Address to listen on. Default 127.0.0.1. Nobody is asked for a password there: give it a network that only those see
     * who watch, never one that customers or carriers reach.
     */
    address: Type.Optional(Type.String()),
    /** 0 takes a free one, which the log tells. */
    port: Type.Integer({ minimum: 0, maximum: 65535 }),
    /**
     * Whether carriers have series of their own: calls and registrations by carrier SID, at most 100 carriers. Default
     * false. For the gateway alone.
     */
    perCarrier: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type MetricsConfiguration = Static<typeof MetricsConfiguration>;
