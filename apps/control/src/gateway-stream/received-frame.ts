import { type GatewayFrame, GatewayFrame as GatewayFrameSchema, validator } from "@tandem/contracts";
import Type, { type Static } from "typebox";
import type { ReceivedEntry } from "../records/store-entries.ts";

/** `entries` as far as the stream looks into them: intake judges each one by itself. */
const EntriesFrame = Type.Object({
  kind: Type.Literal("entries"),
  entries: Type.Array(Type.Object({ sequence: Type.Integer({ minimum: 0 }) })),
});

export type ReceivedFrame =
  | Exclude<GatewayFrame, { kind: "entries" }>
  | (Omit<Static<typeof EntriesFrame>, "entries"> & { readonly entries: readonly ReceivedEntry[] });

export type ReadFrame =
  | { readonly ok: true; readonly frame: ReceivedFrame }
  | { readonly ok: false; readonly error: string };

const validateEntries = validator(EntriesFrame);
const validateFrame = validator(GatewayFrameSchema);

/** One text frame of a gateway. The error says where it breaks the contract. */
export function readFrame(text: string): ReadFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, error: "not JSON" };
  }
  const isEntries = (value as { kind?: unknown } | null)?.kind === "entries";
  const checked = isEntries ? validateEntries(value) : validateFrame(value);
  return checked.ok ? { ok: true, frame: checked.value as ReceivedFrame } : checked;
}
