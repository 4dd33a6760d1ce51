import type { Ipv4Network } from "../ipv4.ts";

/** A private line that the kernel of this host is to serve: a connection, checked and read. */
export interface Line {
  /** `TX…` of the connection. */
  readonly sid: string;
  readonly device: string;
  readonly localAddress: number;
  readonly routingTable: number;
  /** Networks of the customer behind it. */
  readonly routes: readonly Ipv4Network[];
  readonly nextHop: number | undefined;
  /** A routing daemon fills the line's table; else its routes are ours. */
  readonly isDaemonRouted: boolean;
}

/** A connection that is wanted here and can't be served as it stands. */
export interface RefusedLine {
  readonly sid: string;
  readonly why: string;
}

export interface Lines {
  /** In order of local address. */
  readonly lines: readonly Line[];
  readonly refused: readonly RefusedLine[];
}
