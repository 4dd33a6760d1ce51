/** Named counters of our table: why a packet was dropped. */
export const dropReasons = [
  /** To an address of the private edge, by a device that is no line. */
  "other_device",
  /** To the edge by a line, from an address that is not behind that line. */
  "outside_routes",
  /** To a line's local address, which nobody outside may know or use. */
  "to_local_address",
  /** To the edge by a line, for a port or protocol that the edge does not serve. */
  "closed_port",
  /** An ICMP message that is about no packet of that line. */
  "icmp_unrelated",
  /** Between a line and an address of another interface. */
  "other_interface",
  /** From a line's local address, by a device that is not that line's. */
  "leaving_elsewhere",
  /** Through the host, from or into a line. */
  "forwarded",
] as const;
export type DropReason = (typeof dropReasons)[number];
