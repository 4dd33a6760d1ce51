import type { InterfaceConfiguration } from "@tandem/contracts";
import type { SdpRelay } from "@tandem/media";
import type { Candidate, HealthView } from "@tandem/routing";
import type { ReplayWindow } from "../backbone/replay-window.ts";
import type { TrunkLimits } from "../calls/trunk-limits.ts";
import type { DigestGate } from "../digest-gate.ts";
import type { Shield } from "../shield/shield.ts";
import type { VerificationService } from "../stir/verification-service.ts";
import type { ClientCertificates } from "../tls/client-certificates.ts";
import type { CallContext } from "./call-context.ts";

/** What the stages may ask. */
export interface StageServices {
  /** Edge of this gateway. */
  readonly edge: string;
  interfaceByName(name: string): InterfaceConfiguration | undefined;
  readonly digest: DigestGate;
  readonly clientCertificates: Pick<ClientCertificates, "shownOn">;
  readonly shield: Pick<Shield, "onValidDigest">;
  readonly limits: TrunkLimits;
  /** Requests of sister gateways that were taken. */
  readonly replays: Pick<ReplayWindow, "take">;
  readonly health: HealthView;
  /** Left out: there is no rtpengine. */
  readonly sdpRelay?: Pick<SdpRelay, "objectionTo"> | undefined;
  /** Interfaces of this gateway that a leg may use. */
  readonly mediaInterfaces: readonly string[];
  /** Those by which an attempt at that candidate of the call may leave. */
  egressInterfaces(call: CallContext, candidate: Candidate): ReadonlySet<string>;
  /** Verifies PASSporTs; left out: none is verified here. */
  readonly verification?: Pick<VerificationService, "verify"> | undefined;
  /** Number from 0 to 1, for weights. */
  readonly random: () => number;
}
