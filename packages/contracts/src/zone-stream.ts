/**
 * The stream from control to a name server: JSON text frames on a WebSocket that the name server opens at the path of
 * the gateways' stream, with a token of its own, `Authorization: Bearer <name server token>`. The token says which of
 * the two it is. A name server only reads: it gets zones and sends nothing but who it is and what it holds.
 */
import { type Static, Type } from "typebox";
import { ZoneSnapshot } from "./zone-snapshot.ts";

export const zoneStreamVersion = 1;

/** Frames from control to a name server. */
export const ZoneFrame = Type.Union([
  Type.Object({ kind: Type.Literal("welcome"), streamVersion: Type.Integer() }),
  Type.Object({ kind: Type.Literal("zone"), zone: ZoneSnapshot }),
]);
export type ZoneFrame = Static<typeof ZoneFrame>;

/** Frames from a name server to control. */
export const NameServerFrame = Type.Union([
  Type.Object({
    kind: Type.Literal("hello"),
    streamVersion: Type.Integer(),
    nameServer: Type.String(),
    /** 0 when it holds none. */
    zoneVersion: Type.Integer({ minimum: 0 }),
  }),
  Type.Object({ kind: Type.Literal("applied"), zoneVersion: Type.Integer({ minimum: 0 }) }),
]);
export type NameServerFrame = Static<typeof NameServerFrame>;
