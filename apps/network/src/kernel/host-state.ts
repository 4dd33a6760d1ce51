/** What the kernel has now, as far as the agent has to know. */
import type { PlannedRoute } from "../plan/host-plan.ts";

export interface Link {
  /** Administratively up: routes over it are possible. */
  readonly isUp: boolean;
  /** And it has a carrier. */
  readonly isRunning: boolean;
  readonly receivedBytes: number | null;
  readonly sentBytes: number | null;
}

/** An IPv4 address on a device; `peer` is the other end of a point-to-point one. */
export interface DeviceAddress {
  readonly device: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly peer: string | undefined;
  readonly label: string;
}

export interface KernelRoute extends PlannedRoute {
  readonly table: number;
  /** `default` or CIDR text. */
  readonly destination: string;
  /** Devices of its next hops that are usable now; none: unreachable, or the carrier is lost. */
  readonly usableDevices: readonly string[];
  readonly isOurs: boolean;
}

export interface HostState {
  readonly links: ReadonlyMap<string, Link>;
  readonly addresses: readonly DeviceAddress[];
  /** Only ours, spelled as the plan spells them. */
  readonly rules: readonly string[];
  /** Of all tables but main, local and default. */
  readonly routes: readonly KernelRoute[];
}
