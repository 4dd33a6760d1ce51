/** Of a message that a gateway had. */
interface LadderMessage {
  readonly gateway: string;
  readonly direction: "received" | "sent";
  readonly remote: string;
}

/**
 * Gateways and far ends of a call as the columns of a ladder, left to right: who called a gateway stands left of it, whom it
 * called right of it. Messages are in the order of the wire.
 */
export function ladderEnds(messages: readonly LadderMessage[]): string[] {
  const ends: string[] = [];
  for (const { gateway, remote, direction } of messages) {
    if (!ends.includes(gateway)) {
      ends.push(gateway);
      if (direction === "received" && !ends.includes(remote)) ends.splice(ends.indexOf(gateway), 0, remote);
    }
    if (!ends.includes(remote)) ends.push(remote);
  }
  return ends;
}
