import type { CallPorts } from "@tandem/b2bua";
import type {
  CommandResult,
  GatewayCommand,
  Snapshot,
  SnapshotChange,
  SnapshotConnection,
  SnapshotGatewayInterface,
} from "@tandem/contracts";
import { type Reason, reasons } from "@tandem/reasons";
import type { RoutingTable } from "@tandem/routing";
import type { UserAgent } from "@tandem/sip/user-agent";
import type { AdmissionOptions } from "./admission.ts";
import { Backbone } from "./backbone/backbone.ts";
import { Alerts } from "./calls/alerts.ts";
import type { PlacementServices } from "./calls/call-placement.ts";
import { connectionsInJournal } from "./calls/connections-in-journal.ts";
import { EndedCalls } from "./calls/ended-calls.ts";
import { LiveCalls } from "./calls/live-calls.ts";
import { type Recovery, recoverCalls } from "./calls/recovery.ts";
import { sessionPolicyOf } from "./calls/session-policy.ts";
import { callsPerSecondOf, SharedLimits } from "./calls/shared-limits.ts";
import { TrunkLimits } from "./calls/trunk-limits.ts";
import type { GatewayState } from "./control-link/state-frame.ts";
import { DigestGate } from "./digest-gate.ts";
import { egressInterfaces } from "./egress/egress-interfaces.ts";
import type { GatewayPlace } from "./egress/egress-ways.ts";
import type { ExplainServices } from "./explain.ts";
import { gatewayAgent } from "./gateway-agent.ts";
import { GatewayCore } from "./gateway-core.ts";
import { type GatewayOptions, type GatewayTransport, transportLayer } from "./gateway-options.ts";
import { CandidateHealth } from "./health/candidate-health.ts";
import { TargetHealthTable } from "./health/target-health.ts";
import { TargetWatch } from "./health/target-watch.ts";
import type { LineChange } from "./lines/connection-health-table.ts";
import { Lines } from "./lines/lines.ts";
import { mediaInterfaceNames } from "./media-interface.ts";
import { MessageIntake } from "./message-intake.ts";
import { CallTally } from "./metrics/call-tally.ts";
import { CountingSink, SipCounts } from "./metrics/sip-counts.ts";
import { GatewayOverloadControl } from "./overload-control/gateway-overload-control.ts";
import { performCommand } from "./perform-command.ts";
import type { StageServices } from "./pipeline/stage-services.ts";
import { ProbeBucket } from "./probe-bucket.ts";
import { OneWayAlerts } from "./quality/one-way-alerts.ts";
import { QualityWatch } from "./quality/quality-watch.ts";
import type { RegistrationState } from "./registration/carrier-registration.ts";
import { CarrierRegistrations } from "./registration/carrier-registrations.ts";
import { reportedInterfaces } from "./reported-interfaces.ts";
import { FrontDoor } from "./shield/front-door.ts";
import { SnapshotHolder } from "./snapshot/snapshot-holder.ts";
import { UnsignedCarriers } from "./stir/unsigned-carriers.ts";
import { ClientCertificates } from "./tls/client-certificates.ts";
import { CallCapture } from "./trace/call-capture.ts";
import { traced } from "./trace/traced.ts";
import { ownHosts } from "./transfer/refer-target.ts";
import { Transfers } from "./transfer/transfers.ts";

/** One SIP node of an edge: everything but its outside world (sockets of the relay, disk, control), which is given to it. */
export class Gateway {
  readonly snapshots: SnapshotHolder = new SnapshotHolder();
  readonly calls: LiveCalls;
  readonly agent: UserAgent;
  readonly transport: GatewayTransport;
  readonly capture: CallCapture;
  readonly core: GatewayCore;
  readonly health: TargetHealthTable;
  readonly backbone: Backbone;
  readonly lines: Lines;
  readonly door: FrontDoor;
  readonly overloadControl: GatewayOverloadControl;
  readonly oneWayAlerts: OneWayAlerts;
  readonly sipCounts: SipCounts = new SipCounts();
  /** Undefined: trunks are held to their limits on this gateway alone. */
  readonly sharedLimits: SharedLimits | undefined;
  readonly #targets: TargetWatch;
  readonly #place: GatewayPlace;
  readonly #alerts: Alerts;
  readonly #qualityWatch: QualityWatch;
  readonly #options: GatewayOptions;
  readonly #admission: AdmissionOptions;
  readonly #stages: StageServices;
  readonly #ports: CallPorts;
  readonly #registrations: CarrierRegistrations;
  readonly #onCallFault = (error: unknown, callSid: string): void => this.#onFault(error, { callSid });
  readonly #transfers: Transfers;
  readonly #onRefer: PlacementServices["onRefer"] = (call, refer, transaction, side) =>
    this.#transfers.onRefer(call, refer, transaction, side);
  readonly #unsigned = new UnsignedCarriers();
  #isOpen = false;

  constructor(options: GatewayOptions) {
    const { configuration, clock, ledger, random } = options;
    this.#options = options;
    const limits = new TrunkLimits(clock);
    const tally = new CallTally({ perCarrier: configuration.metrics?.perCarrier });
    this.calls = new LiveCalls(limits, new EndedCalls(clock), tally);
    this.capture = new CallCapture(clock);
    const transport = options.transport ?? transportLayer(options);
    this.transport = traced(transport, options, this.calls, this.capture);
    this.overloadControl = new GatewayOverloadControl(options);
    const sink = new CountingSink(this.transport, this.sipCounts);
    this.agent = gatewayAgent(options, sink, this.overloadControl);
    this.health = new TargetHealthTable(clock);
    this.#alerts = new Alerts(clock, ledger);
    this.sharedLimits = this.#sharedLimitsOf(limits);
    this.oneWayAlerts = new OneWayAlerts(this.#alerts);
    this.#qualityWatch = new QualityWatch(clock, () => this.calls.all());
    this.lines = this.#linesOf();
    this.backbone = new Backbone({ clock, agent: this.agent, random, configuration });
    const { backbone, lines } = this;
    this.#place = {
      edge: configuration.edge,
      interfaces: lines.interfaces,
      lines,
      backbone,
      serviceRoute: (carrierSid) => this.#registrations.serviceRoute(carrierSid),
      authentication: options.stir?.authentication,
    };
    this.#targets = new TargetWatch({
      configuration,
      clock,
      random,
      agent: this.agent,
      place: this.#place,
      targets: this.health,
      lines: lines.health,
    });
    const interfaceByName: AdmissionOptions["interfaceByName"] = (name) => lines.interfaceByName(name);
    const probes = new ProbeBucket(clock);
    this.#admission = { interfaceByName, probes, backbone: backbone.gate };
    const digest = new DigestGate(clock, configuration.name);
    const health = new CandidateHealth({
      place: this.#place,
      targets: this.health,
      table: () => this.snapshots.table,
    });
    const { replays } = backbone;
    this.door = new FrontDoor({
      clock,
      agent: this.agent,
      digest,
      probes,
      random,
      overloadControl: this.overloadControl,
      table: () => this.snapshots.table,
      onEvent: options.onEvent,
    });
    const { shield } = this.door;
    const { sdpRelay } = options;
    this.#stages = {
      edge: configuration.edge,
      interfaceByName,
      digest,
      clientCertificates: new ClientCertificates(clock),
      shield,
      limits,
      replays,
      health,
      sdpRelay,
      mediaInterfaces: mediaInterfaceNames(configuration),
      egressInterfaces: ({ table }, candidate) => egressInterfaces(candidate, table, this.#place),
      random,
      verification: options.stir?.verification,
    };
    this.#ports = {
      agent: this.agent,
      relay: options.relay,
      sdpRelay,
      clock,
      random,
      overload: this.overloadControl.targets,
      onAttemptSignal: (signal) => this.#targets.onAttempt(signal),
    };
    const placement: PlacementServices = {
      configuration,
      place: this.#place,
      ports: this.#ports,
      ledger,
      alerts: this.#alerts,
      oneWayAlerts: this.oneWayAlerts,
      calls: this.calls,
      onFault: this.#onCallFault,
      onRefer: this.#onRefer,
    };
    this.#transfers = new Transfers({
      placement,
      stages: this.#stages,
      table: () => this.snapshots.table,
      hosts: (table) =>
        ownHosts(
          table,
          lines.interfaces.map((one) => one.advertisedAddress ?? one.localAddress),
        ),
    });
    this.core = new GatewayCore({
      agent: this.agent,
      snapshots: this.snapshots,
      admission: this.#admission,
      stages: this.#stages,
      door: this.door,
      placement,
      onSilence: (why) => this.backbone.gate.count(why),
      closeFlow: (flow) => this.transport.closeFlow(flow),
      onFault: (error, sipCallId) => this.#onFault(error, { sipCallId }),
    });
    this.#registrations = this.#carrierRegistrations();
    this.snapshots.onApplied((table, change) => {
      digest.apply(table.snapshot);
      limits.retain({ has: (sid) => callsPerSecondOf(sid, table) !== undefined });
      this.sharedLimits?.apply(table);
      this.lines.apply(table);
      this.#targets.apply(table, change);
      this.backbone.apply(table);
      if (options.stir?.authentication === undefined) this.#tellUnsigned(table);
      if (!this.#isOpen) return;
      this.backbone.probe();
      this.#registrations.apply(table);
    });
  }

  /**
   * Binds the sockets and listens. `recover` belongs right after it: until both are done no message is looked at, so
   * that nothing of a call that goes on is answered with 481.
   * @throws Error when an address or port can't be had
   */
  async open(): Promise<void> {
    await this.transport.open();
    await this.lines.open(connectionsInJournal(this.#options.ledger.recovered));
    this.#isOpen = true;
    this.door.overload.start();
    this.#qualityWatch.start();
    this.transport.setReceiver(this.#intake());
    const { table } = this.snapshots;
    if (table !== undefined) this.#registrations.apply(table);
    this.backbone.probe();
  }

  /** Goes on with the calls of an earlier life; after `open`, since their Contact names our ports. */
  recover(): Recovery {
    const { ledger, configuration } = this.#options;
    const sessionPolicy = sessionPolicyOf(configuration);
    const services = {
      ports: this.#ports,
      ledger,
      calls: this.calls,
      sessionPolicy,
      oneWayAlerts: this.oneWayAlerts,
      onFault: this.#onCallFault,
      onRefer: this.#onRefer,
    };
    const recovery = recoverCalls(services, this.#options.ledger.recovered);
    this.sharedLimits?.start();
    return recovery;
  }

  /** @throws Error when it can't be used; the old one stays in force then. So do the next two. */
  applySnapshot(snapshot: Snapshot): void {
    this.snapshots.apply(snapshot);
    this.#options.onEvent("snapshot-applied", { version: snapshot.version });
  }

  applyTable(table: RoutingTable): void {
    this.snapshots.replace(table);
    this.#options.onEvent("snapshot-applied", { version: table.snapshot.version });
  }

  applyChange(change: SnapshotChange): void {
    this.snapshots.change(change);
    this.#options.onEvent("snapshot-applied", { version: change.toVersion, from: change.fromVersion });
  }

  /** Every socket that the configuration asks for is bound. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  perform(command: GatewayCommand): CommandResult {
    const { calls, core, door, snapshots, lines, capture } = this;
    const asked: ExplainServices = {
      gateway: this.#options.configuration.name,
      snapshots,
      admission: this.#admission,
      stages: this.#stages,
      place: this.#place,
      lines,
    };
    return performCommand(command, { calls, core, shield: door.shield, explain: asked, capture });
  }

  state(): GatewayState {
    return {
      liveCalls: this.calls.entered,
      draining: this.core.isDraining,
      targets: this.#targets.describe(),
      connections: this.lines.health.describe(),
      sisters: this.backbone.state(),
    };
  }

  /** Where this gateway is reached. */
  reportedInterfaces(): SnapshotGatewayInterface[] {
    return reportedInterfaces(this.#options.configuration.interfaces, this.transport);
  }

  /** A rtpengine went down or came back. */
  onRtpengine(name: string, isUp: boolean): void {
    this.#options.onEvent("rtpengine", { name, isUp });
    if (isUp) return;
    const text = `rtpengine ${name} does not answer`;
    this.#alerts.raise(reasons.rtpengineDown, { accountSid: null, trunkSid: null, callSid: null, text });
  }

  /** Something about files or disk that the operator must mend. Gives the text of the alert. */
  onFileFault(reason: Reason, text: string): string {
    return this.#alerts.raise(reason, { accountSid: null, trunkSid: null, callSid: null, text });
  }

  #tellUnsigned(table: RoutingTable): void {
    const text = this.#unsigned.look(table.objects("carriers"));
    if (text === undefined) return;
    this.#alerts.raise(reasons.noSigningKey, { accountSid: null, trunkSid: null, callSid: null, text });
  }

  /** Carrier SID to state of its registration. */
  registrations(): ReadonlyMap<string, RegistrationState> {
    return this.#registrations.states();
  }

  /** BYE to everybody: the time for a graceful end is over. */
  endAllCalls(): void {
    this.calls.hangUpAll("exchange", reasons.gatewayClosing);
  }

  /** Everything that must be zero when no call is left. */
  counts(): Record<string, number> {
    const { agent, calls } = this;
    const relay = this.#options.relay.counts();
    return {
      calls: calls.size,
      clientTransactions: agent.layer.counts.client,
      serverTransactions: agent.layer.counts.server,
      dialogs: agent.counts.dialogs,
      invites: agent.counts.invites,
      relayEndpoints: relay.open,
      sdpSessions: this.#options.sdpRelay?.openSessions ?? 0,
      journal: this.#options.ledger.counts().journal,
    };
  }

  /** Takes our bindings from the carriers' registrars, then closes. */
  async close(): Promise<void> {
    this.door.stop();
    this.#qualityWatch.stop();
    this.#targets.close();
    this.backbone.close();
    this.lines.close();
    await Promise.all([this.#registrations.close(), this.sharedLimits?.close()]);
    this.agent.layer.close();
    await this.transport.close();
  }

  #intake(): MessageIntake {
    const { core, calls, lines, door, sipCounts } = this;
    return new MessageIntake({
      core,
      calls,
      lines,
      shield: door.shield,
      sipCounts,
      closeFlow: (flow) => this.transport.closeFlow(flow),
      onFault: (error, fields) => this.#onFault(error, fields),
    });
  }

  #sharedLimitsOf(limits: TrunkLimits): SharedLimits | undefined {
    const { configuration, clock, onEvent, limitStore } = this.#options;
    if (limitStore === undefined) return undefined;
    const onAlone = (text: string): void => {
      this.#alerts.raise(reasons.limitStoreUnavailable, {
        accountSid: null,
        trunkSid: null,
        callSid: null,
        text,
      });
    };
    const gateway = configuration.name;
    return new SharedLimits({ clock, gateway, limits, newStore: limitStore, onEvent, onAlone });
  }

  #linesOf(): Lines {
    const { configuration, clock, relay, onEvent } = this.#options;
    return new Lines({
      clock,
      configuration,
      transport: this.transport,
      relay,
      isInUse: (name) => this.calls.useInterface(name),
      onChange: (change, connection) => this.#onLineChange(change, connection),
      onEvent,
    });
  }

  /** Calls in set-up leave a dead line at once. */
  #onLineChange(change: LineChange, connection: SnapshotConnection | undefined): void {
    const { sid, after, text = "" } = change;
    if (after === "up") this.#targets.onLineUp(sid);
    if (after !== "down" && after !== "unprovisioned") return;
    this.calls.onConnectionDown(sid, text);
    if (connection?.status !== "active") return;
    const { accountSid } = connection;
    this.#alerts.raise(reasons.connectionDown, { accountSid, trunkSid: null, callSid: null, text });
  }

  #carrierRegistrations(): CarrierRegistrations {
    const { configuration, clock, random, onEvent } = this.#options;
    return new CarrierRegistrations({
      clock,
      agent: this.agent,
      random,
      edge: configuration.edge,
      interfaces: configuration.interfaces,
      alerts: this.#alerts,
      onState: (carrierSid, state, text) => onEvent("carrier-registration", { carrierSid, state, text }),
    });
  }

  #onFault(error: unknown, fields: Record<string, unknown>): void {
    const { onFault, onEvent } = this.#options;
    if (onFault === undefined) onEvent("fault", { ...fields, error: String(error) });
    else onFault(error, fields);
  }
}
