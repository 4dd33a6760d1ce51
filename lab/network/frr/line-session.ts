/** What both configurations say of a line's BGP session with BFD, in the words of FRR. */

/** 3 × 300 ms without a word, and the line is dead (RFC 5880 §6.8.4). */
export const bfdIntervalMs = 300;
export const bfdMultiplier = 3;

export interface LineSession {
  /** The line's device; also names its prefix list and route map. */
  readonly line: string;
  readonly neighborAddress: string;
  readonly neighborAsn: number;
  /** TCP MD5 signature (RFC 2385); left out: none. */
  readonly password?: string;
}

/** Rows inside `router bgp`. Times are those of a lab: a session comes back within seconds. */
export function neighborRows({ line, neighborAddress, neighborAsn, password }: LineSession): string[] {
  const neighbor = ` neighbor ${neighborAddress}`;
  return [
    `${neighbor} remote-as ${neighborAsn}`,
    `${neighbor} description ${line}`,
    `${neighbor} timers 3 9`,
    `${neighbor} timers connect 1`,
    `${neighbor} advertisement-interval 0`,
    `${neighbor} bfd profile line`,
    ...(password === undefined ? [] : [`${neighbor} password ${password}`]),
  ];
}

export const bfdRows: readonly string[] = [
  "bfd",
  " profile line",
  `  detect-multiplier ${bfdMultiplier}`,
  `  receive-interval ${bfdIntervalMs}`,
  `  transmit-interval ${bfdIntervalMs}`,
  " exit",
  "exit",
];

/** Times in milliseconds in the daemons' logs: they tell how fast a dead line was noticed. */
export const logRows: readonly string[] = ["log timestamp precision 3"];

export const sessionDefaults: readonly string[] = [
  " no bgp default ipv4-unicast",
  " no bgp network import-check",
  " bgp log-neighbor-changes",
];
