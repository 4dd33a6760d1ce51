import type {
  Edge,
  SnapshotAccount,
  SnapshotCarrier,
  SnapshotNumber,
  SnapshotTrunk,
} from "@tandem/contracts";
import type { Candidate, RoutingTable } from "@tandem/routing";
import type { SipRequest } from "@tandem/sip/message";
import type { Flow } from "@tandem/sip/transport";
import type { SipUri } from "@tandem/sip/uri";
import type { Verification } from "@tandem/stir";
import type { BackboneRequest } from "../backbone/backbone-request.ts";
import type { TransferRequest } from "../transfer/transfer-request.ts";

/** A candidate that routing refused, with its reason. */
export interface SkippedRoute {
  readonly sid: string;
  readonly url: string;
  readonly reasonCode: number;
  readonly text: string;
}

export interface RewrittenNumbers {
  readonly to?: string | undefined;
  readonly from?: string | undefined;
}

/** What its record says of the PASSporTs of a call. */
export interface StirFacts {
  /** Result of the verification of a carrier's: the value of X-Tandem-VerStat. Null: none came, or nobody verified it. */
  verStat: string | null;
  /** Of the last INVITE that left with a PASSporT, ours or the customer's; of a carrier's call the one that holds. */
  attestation: "A" | "B" | "C" | null;
}

/**
 * One INVITE on its way through the pipeline. Each stage fills in what it found; later stages rely on it.
 * Lives for the call: the record is made of it.
 */
export class CallContext {
  readonly request: SipRequest;
  readonly flow: Flow;
  /** The snapshot the call is routed by, from beginning to end. */
  readonly table: RoutingTable;
  /** Without side effects: nothing is counted, no nonce is used up. */
  readonly isDryRun: boolean;
  /** Dry run: the digest user that is assumed to have proved itself. */
  readonly assumedUsername: string | undefined;

  /** Set by ingress-identification. */
  direction: "termination" | "origination" = "termination";
  /** What a sister gateway asks for; undefined: the call enters here. */
  backboneRequest: BackboneRequest | undefined;
  /** What a REFER asks for; undefined: the call comes in by itself. */
  transfer: TransferRequest | undefined;
  requestUri: SipUri | undefined;
  trunk: SnapshotTrunk | undefined;
  carrier: SnapshotCarrier | undefined;
  namedEdge: Edge | undefined;
  account: SnapshotAccount | undefined;
  /** Set by authentication. */
  username: string | undefined;
  /**
   * Set by header-policy: the numbers that the trunk's policy has changed. In termination they stand for those that the
   * customer wrote; in origination the customer is shown them.
   */
  rewritten: RewrittenNumbers = {};
  /** Set by number-translation and trunk-of-number. */
  calledNumber = "";
  isEmergency = false;
  number: SnapshotNumber | undefined;
  /** Set by caller-identity. */
  callingNumber = "";
  callerDisplayName: string | undefined;
  /** Set by identity: what its PASSporTs are worth; undefined: there are none, or nobody verifies here. */
  verification: Verification | undefined;
  /** Goes on to change as INVITEs leave. */
  readonly stir: StirFacts = { verStat: null, attestation: null };
  /** Set by route-selection. */
  candidates: readonly Candidate[] = [];
  skipped: readonly SkippedRoute[] = [];
  /** Set by media-engine: why rtpengine carries the media; undefined: the relay of this process does. */
  negotiation: string | undefined;
  /** Set by media-engine: why that relay does, where a leg asked for something else; undefined: none did. */
  relayWhy: string | undefined;

  constructor(options: {
    request: SipRequest;
    flow: Flow;
    table: RoutingTable;
    isDryRun: boolean;
    assumedUsername?: string | undefined;
  }) {
    this.request = options.request;
    this.flow = options.flow;
    this.table = options.table;
    this.isDryRun = options.isDryRun;
    this.assumedUsername = options.assumedUsername;
  }

  /** The sister's request; the stages of a backbone call may rely on it. */
  get knownBackboneRequest(): BackboneRequest {
    if (this.backboneRequest === undefined) throw new Error("a stage of the backbone ran on another call");
    return this.backboneRequest;
  }

  /** The transfer; the stages of one may rely on it. */
  get knownTransfer(): TransferRequest {
    if (this.transfer === undefined) throw new Error("a stage of a transfer ran on another call");
    return this.transfer;
  }

  /** The trunk; a stage after ingress-identification may rely on it. */
  get knownTrunk(): SnapshotTrunk {
    if (this.trunk === undefined) throw new Error("a stage ran before the trunk was known");
    return this.trunk;
  }

  /** The account; a stage after account-status may rely on it. */
  get knownAccount(): SnapshotAccount {
    if (this.account === undefined) throw new Error("a stage ran before the account was known");
    return this.account;
  }
}
