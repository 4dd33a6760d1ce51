import type { Clock } from "@tandem/clock";
import type { GatewayConfiguration } from "@tandem/contracts";
import type { CountStore } from "@tandem/coordination";
import type { MediaRelay, SdpRelay } from "@tandem/media";
import type { Resolver } from "@tandem/sip/locate";
import {
  type Flow,
  type MessageReceiver,
  type MessageSink,
  type TlsOptions,
  type TransportCounts,
  TransportLayer,
} from "@tandem/sip/transport";
import type { Ledger } from "./ledger/ledger.ts";
import type { LineTransport } from "./lines/line-sockets.ts";
import type { AuthenticationService } from "./stir/authentication-service.ts";
import type { VerificationService } from "./stir/verification-service.ts";
import type { Collect } from "./trace/hep-audience.ts";
import { transportInterface } from "./transport-interface.ts";

/** What a transport tells of itself; doubles tell less. */
export interface GatewayTransportCounts extends Partial<TransportCounts> {
  /** Left out: nothing is traced. */
  readonly trace?: { readonly exported: number; readonly dropped: number };
}

/** What a gateway needs of its sockets. The TransportLayer fits; so do doubles in tests. */
export interface GatewayTransport extends MessageSink, LineTransport {
  open(): Promise<void>;
  close(): Promise<void>;
  setReceiver(receiver: MessageReceiver): void;
  closeFlow(flow: Flow): void;
  reloadTls(options: TlsOptions): void;
  counts(): GatewayTransportCounts;
}

export interface GatewayOptions {
  readonly configuration: GatewayConfiguration;
  readonly clock: Clock;
  readonly resolver: Resolver;
  readonly relay: MediaRelay;
  /** Left out: there is no rtpengine. */
  readonly sdpRelay?: SdpRelay | undefined;
  readonly ledger: Ledger;
  readonly tls: TlsOptions | undefined;
  /** Left out: PASSporTs are neither signed nor verified. */
  readonly stir?:
    | {
        readonly authentication?: Pick<AuthenticationService, "sign"> | undefined;
        readonly verification?: Pick<VerificationService, "verify"> | undefined;
      }
    | undefined;
  readonly random: () => number;
  /** What happened, for the log. */
  readonly onEvent: (event: string, fields: Record<string, unknown>) => void;
  /** An error of ours, caught: what it may have harmed has been ended. Left out: an event `fault`. */
  readonly onFault?: (error: unknown, fields: Record<string, unknown>) => void;
  /** Default: real sockets on the configured interfaces. */
  readonly transport?: GatewayTransport;
  /** Makes a way to the store through which gateways share limits; left out: they are this gateway's alone. */
  readonly limitStore?: (() => CountStore) | undefined;
  /** Takes what is told to the collector of traces; left out: nothing is. */
  readonly collect?: Collect | undefined;
}

/** Real sockets on the configured interfaces. @throws Error when the interfaces or the certificates are no good */
export function transportLayer({ clock, configuration, tls }: GatewayOptions): TransportLayer {
  const interfaces = configuration.interfaces.map((one) => transportInterface(one));
  return new TransportLayer({ clock, interfaces, tls, datagrams: configuration.datagrams });
}
