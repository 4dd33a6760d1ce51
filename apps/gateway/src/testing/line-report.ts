import type { ConnectionHealth } from "@tandem/contracts";

/** What the agent says of a line that is up, unless said otherwise. */
export function lineReport(sid: string, changes: Partial<ConnectionHealth> = {}): ConnectionHealth {
  return {
    sid,
    state: "up",
    reason: null,
    sinceMs: Date.UTC(2026, 0, 1, 12, 0, 3),
    link: "up",
    route: "present",
    bgp: null,
    bfd: null,
    receivedBytes: null,
    sentBytes: null,
    ...changes,
  };
}

/** Its link is down since 12:00:03. */
export function deadLine(sid: string): ConnectionHealth {
  return lineReport(sid, { state: "down", link: "down", reason: "link down" });
}
