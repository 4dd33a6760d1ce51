import type { EgressCandidate, Fallback } from "@tandem/b2bua";
import type { Clock } from "@tandem/clock";
import type { InterfaceConfiguration, SisterHealthReport } from "@tandem/contracts";
import type { Candidate, RoutingTable } from "@tandem/routing";
import type { UserAgent } from "@tandem/sip/user-agent";
import type { CallContext } from "../pipeline/call-context.ts";
import { backboneCandidate } from "./backbone-candidate.ts";
import { BackboneGate } from "./backbone-gate.ts";
import { backboneTarget } from "./backbone-target.ts";
import { ReplayWindow } from "./replay-window.ts";
import { type Sister, SisterDirectory } from "./sister-directory.ts";
import { SisterHealth } from "./sister-health.ts";
import { SisterOrder } from "./sister-order.ts";
import { SisterProber } from "./sister-prober.ts";

export interface BackboneOptions {
  readonly clock: Clock;
  readonly agent: UserAgent;
  /** 0 to 1; spreads the probes. */
  readonly random: () => number;
  /** Name and edge of this gateway, and its interfaces. */
  readonly configuration: {
    readonly name: string;
    readonly edge: string;
    readonly interfaces: readonly InterfaceConfiguration[];
  };
}

export interface BackboneWishes {
  readonly exchangeCallId: string;
  /** In place of a line that carried nothing: over the internet, from an edge that is not the candidate's. */
  readonly overInternet: boolean;
  /** What comes next when the sister's line carries nothing. */
  readonly fallback: Fallback | undefined;
}

export type BackboneRoute =
  | { readonly ok: true; readonly candidate: EgressCandidate }
  /** Which part of a way there is missing. */
  | { readonly ok: false; readonly text: string };

/** The way to the sister gateways: who they are, whether they live, and attempts that they place for us. */
export class Backbone {
  readonly replays: ReplayWindow;
  readonly gate: BackboneGate;
  readonly health: SisterHealth;
  readonly #options: BackboneOptions;
  /** The first interface of role backbone; undefined: this gateway has none. */
  readonly #interface: InterfaceConfiguration | undefined;
  readonly #order: SisterOrder;
  readonly #prober: SisterProber;
  #sisters = SisterDirectory.none;

  constructor(options: BackboneOptions) {
    const { clock, agent, configuration, random } = options;
    this.#options = options;
    this.#interface = configuration.interfaces.find((one) => one.roles.includes("backbone"));
    this.replays = new ReplayWindow(clock);
    this.gate = new BackboneGate({
      clock,
      gateway: configuration.name,
      replays: this.replays,
      startedMs: clock.monotonicMs(),
      isKnown: (request) => agent.layer.knows(request),
      sisters: () => this.#sisters,
    });
    this.health = new SisterHealth(clock);
    this.#order = new SisterOrder(this.health);
    this.#prober = new SisterProber(clock, agent, this.health, random);
  }

  /** A new snapshot names other gateways. */
  apply(table: RoutingTable): void {
    this.#sisters = SisterDirectory.from(table.snapshot, this.#options.configuration.name);
    this.health.retain(new Set(this.#sisters.all.map((sister) => sister.gateway)));
  }

  /** Asks every sister from now on; after the sockets are there, and again after `apply`. */
  probe(): void {
    this.#prober.setSisters(this.#sisters.all.flatMap((sister) => this.#targetOf(sister)));
  }

  /** The candidate of another edge as an attempt of one of that edge's gateways, or what is missing for it. */
  route(call: CallContext, candidate: Candidate, wishes: BackboneWishes): BackboneRoute {
    const backbone = this.#interface;
    const { configuration, clock } = this.#options;
    const edge = candidate.edge ?? configuration.edge;
    const here = `this gateway is on ${configuration.edge}`;
    if (backbone === undefined) return missing(`${here} and has no interface of role backbone`);
    const [key] = call.table.snapshot.backboneKeys;
    if (key === undefined) return missing(`${here} and the snapshot has no backbone key`);
    const sisters = this.#sisters.of(edge);
    if (sisters.length === 0) {
      return missing(`${here} and the snapshot has no gateway of ${edge} with a backbone interface`);
    }
    const targets = this.#order.order(sisters, !call.isDryRun).flatMap((sister) => this.#targetOf(sister));
    if (targets.length === 0) {
      return missing(`no gateway of ${edge} serves a transport of the interface ${backbone.name}`);
    }
    return {
      ok: true,
      candidate: backboneCandidate({
        call,
        candidate,
        ...wishes,
        gateway: configuration.name,
        backbone,
        sisters: targets,
        key,
        wallMs: () => clock.wallMs(),
        onSilent: (gateway, text) => this.health.onSilent(gateway, text),
      }),
    };
  }

  /** Every sister that the snapshot names, and what is known of it. */
  state(): SisterHealthReport[] {
    return this.#sisters.all.map(({ gateway, edge }) => {
      const { state, reason } = this.health.of(gateway);
      return { gateway, edge, state, reason: reason ?? null, sinceMs: this.health.sinceMs(gateway) ?? null };
    });
  }

  close(): void {
    this.#prober.close();
  }

  #targetOf(
    sister: Sister,
  ): { readonly gateway: string; readonly target: NonNullable<ReturnType<typeof backboneTarget>> }[] {
    if (this.#interface === undefined) return [];
    const target = backboneTarget(this.#interface, sister.backbone);
    return target === undefined ? [] : [{ gateway: sister.gateway, target }];
  }
}

function missing(text: string): BackboneRoute {
  return { ok: false, text };
}
