import type { Clock, Timer } from "@tandem/clock";
import type { InterfaceConfiguration } from "@tandem/contracts";
import type { MediaRelay } from "@tandem/media";
import type { TransportInterface } from "@tandem/sip/transport";
import { mediaInterface } from "../media-interface.ts";
import { transportInterface } from "../transport-interface.ts";

/** How often an address that is not on the host yet is tried again. */
export const bindRetryMs = 1000;
/** After its last call the sockets of a line that was taken away stay for so long: 64*T1, for what is retransmitted. */
export const lingerMs = 32_000;
/** Media endpoints that each line has bound beforehand; more are bound as calls come. */
export const preboundLineEndpoints = 4;

/** The part of the transport that lines need. */
export interface LineTransport {
  /** @throws Error with the system's `code` when an address or port can't be had */
  addInterface(transportInterface: TransportInterface): Promise<void>;
  removeInterface(name: string): Promise<void>;
}

export interface LineSocketsOptions {
  readonly clock: Clock;
  readonly transport: LineTransport;
  readonly relay: Pick<MediaRelay, "addInterface" | "removeInterface">;
  /** Whether a call has a leg on that interface. */
  readonly isInUse: (interfaceName: string) => boolean;
  readonly onBound: (interfaceName: string) => void;
  /** Asked again every second. */
  readonly onUnbound: (interfaceName: string, text: string) => void;
}

interface Line {
  configuration: InterfaceConfiguration;
  /** waiting: its address can't be had yet. leaving: taken away, until its last call has ended. */
  state: "binding" | "bound" | "waiting" | "leaving";
  /** Not wanted any more while it is being bound. */
  isDismissed: boolean;
  /** Monotonic; the last time it was seen to have a call. */
  lastUsedMs: number;
  /** What is wanted under its name while it is on its way out; undefined: nothing. */
  successor: InterfaceConfiguration | undefined;
}

/**
 * The sockets of the private lines, bound and closed while the gateway runs.
 *
 *   wanted ──bind──▶ bound ──not wanted──▶ leaving ──no call for 32 s──▶ closed
 *     ▲  └─address not on the host─▶ waiting ─┐     └──wanted again──▶ bound
 *     └────────────1 s, or retry()────────────┘
 *
 * A line that can't be bound is no fault of the gateway: everything else goes on.
 */
export class LineSockets {
  readonly #options: LineSocketsOptions;
  readonly #lines = new Map<string, Line>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: LineSocketsOptions) {
    this.#options = options;
  }

  /** The interface of that name, while its sockets are open; a leaving one too. */
  interfaceByName(name: string): InterfaceConfiguration | undefined {
    const line = this.#lines.get(name);
    return line?.state === "bound" || line?.state === "leaving" ? line.configuration : undefined;
  }

  /** Whether new calls may use it. */
  isBound(name: string): boolean {
    return this.#lines.get(name)?.state === "bound";
  }

  /** The lines that there shall be. Resolves when each new one is bound or has failed once. */
  async setWanted(wanted: readonly InterfaceConfiguration[]): Promise<void> {
    const byName = new Map(wanted.map((one) => [one.name, one]));
    for (const [name, line] of this.#lines) if (!byName.has(name)) this.#dismiss(name, line);
    const binding: Promise<void>[] = [];
    for (const configuration of wanted) {
      const line = this.#lines.get(configuration.name);
      if (line === undefined) binding.push(this.#begin(configuration));
      else this.#keep(line, configuration);
    }
    await Promise.all(binding);
    this.#watch();
  }

  /** Tries at once what waits: the host may have changed. */
  async retry(): Promise<void> {
    const waiting = [...this.#lines.values()].filter((line) => line.state === "waiting");
    await Promise.all(waiting.map((line) => this.#bind(line)));
  }

  /** Idempotent. The sockets are closed with the transport and the relay. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#lines.clear();
  }

  /** @internal */
  async tick(): Promise<void> {
    this.#timer = undefined;
    const nowMs = this.#options.clock.monotonicMs();
    for (const [name, line] of this.#lines) {
      if (line.state !== "leaving") continue;
      if (this.#options.isInUse(name)) line.lastUsedMs = nowMs;
      else if (nowMs - line.lastUsedMs >= lingerMs) await this.#end(name, line);
    }
    await this.retry();
    this.#watch();
  }

  #begin(configuration: InterfaceConfiguration): Promise<void> {
    const line: Line = {
      configuration,
      state: "binding",
      isDismissed: false,
      lastUsedMs: 0,
      successor: undefined,
    };
    this.#lines.set(configuration.name, line);
    return this.#bind(line);
  }

  /** A line that moves to another address leaves the old one like one that is taken away. */
  #keep(line: Line, wanted: InterfaceConfiguration): void {
    line.isDismissed = false;
    const isMoved = line.configuration.localAddress !== wanted.localAddress;
    if (line.state === "waiting" || (line.state === "binding" && isMoved)) {
      line.configuration = wanted;
      line.successor = undefined;
      return;
    }
    if (isMoved) {
      if (line.state === "bound") this.#leave(line);
      line.successor = wanted;
      return;
    }
    line.successor = undefined;
    if (line.state !== "leaving") return;
    line.state = "bound";
    this.#options.onBound(wanted.name);
  }

  #dismiss(name: string, line: Line): void {
    line.successor = undefined;
    if (line.state === "bound") this.#leave(line);
    else if (line.state === "binding") line.isDismissed = true;
    else if (line.state === "waiting") this.#lines.delete(name);
  }

  #leave(line: Line): void {
    line.state = "leaving";
    line.lastUsedMs = this.#options.clock.monotonicMs();
    this.#options.onUnbound(line.configuration.name, "taken away");
  }

  async #bind(line: Line): Promise<void> {
    line.state = "binding";
    const { configuration } = line;
    const failure = await this.#open(configuration);
    const { name } = configuration;
    if (this.#isClosed) return;
    if (line.isDismissed || line.configuration !== configuration) {
      await this.#discard(line, name, failure === undefined);
      return;
    }
    if (failure === undefined) {
      line.state = "bound";
      this.#options.onBound(name);
    } else {
      line.state = "waiting";
      this.#options.onUnbound(name, `${configuration.localAddress}: ${failure}`);
    }
  }

  /** What was bound is not wanted, or not there. */
  async #discard(line: Line, name: string, isOpen: boolean): Promise<void> {
    if (isOpen) await this.#closeSockets(name);
    line.state = "waiting";
    // It may have been wanted again meanwhile: then it waits for the next try.
    if (line.isDismissed) this.#lines.delete(name);
    this.#watch();
  }

  /** Why the sockets could not be had; undefined: they are open. */
  async #open(configuration: InterfaceConfiguration): Promise<string | undefined> {
    const { transport, relay } = this.#options;
    const { name } = configuration;
    try {
      await transport.addInterface(transportInterface(configuration));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code ?? message;
    }
    const failure = relay.addInterface(mediaInterface(configuration), preboundLineEndpoints);
    if (failure !== undefined) await transport.removeInterface(name);
    return failure;
  }

  async #end(name: string, line: Line): Promise<void> {
    this.#lines.delete(name);
    await this.#closeSockets(name);
    if (line.successor !== undefined && !this.#isClosed && !this.#lines.has(name)) {
      await this.#begin(line.successor);
    }
  }

  async #closeSockets(name: string): Promise<void> {
    await Promise.all([
      this.#options.transport.removeInterface(name),
      this.#options.relay.removeInterface(name),
    ]);
  }

  /** There is something to do every second while a line waits or leaves. */
  #watch(): void {
    const isNeeded = [...this.#lines.values()].some(
      ({ state }) => state === "waiting" || state === "leaving",
    );
    if (!isNeeded || this.#isClosed || this.#timer?.isPending === true) return;
    this.#timer = this.#options.clock.schedule(bindRetryMs, tick, this);
  }
}

function tick(sockets: LineSockets): void {
  void sockets.tick();
}
