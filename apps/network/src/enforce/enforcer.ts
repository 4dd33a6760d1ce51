import type { PrivateEdge } from "../edge/private-edge.ts";
import { failureText, type RunCommand } from "../kernel/command.ts";
import { type DeviceSettings, passOverDeadDevices } from "../kernel/device-settings.ts";
import type { HostState } from "../kernel/host-state.ts";
import { presentPlan } from "../kernel/present-plan.ts";
import { readHost } from "../kernel/read-host.ts";
import type { Line } from "../lines/line.ts";
import { changes } from "../plan/changes.ts";
import { emptyHostPlan, hostPlan } from "../plan/host-plan.ts";
import { listedSets, removedRuleset, ruleset, tableName, withoutSets } from "../plan/ruleset.ts";
import { batchErrors } from "./batch-errors.ts";

export interface Enforced {
  /** As it is afterwards. */
  readonly host: HostState;
  /** Whether the rules of these lines are in force. Routes may still be missing; `errors` says which. */
  readonly areRulesInForce: boolean;
  readonly errors: readonly string[];
  /** Commands given to `ip`, and one for the ruleset when it was replaced. */
  readonly changes: number;
}

/**
 * Makes the kernel of this host (network namespace) enforce lines. The rules come first and are replaced in one
 * transaction: when that fails, the old ones stay and nothing else is touched. When something fails behind them, what
 * was to be reachable is not, and what was to be dropped is dropped.
 */
export class Enforcer {
  readonly #run: RunCommand;
  readonly #settings: DeviceSettings;
  readonly #edge: PrivateEdge;
  /** The rules that are in force, spelled for generation 0; undefined: unknown, ours or not. */
  #inForce: string | undefined;
  /** What nft lists since then, without elements and counters. */
  #listing: string | undefined;
  /** Processes of ours that changed the rules last: their events are no news. */
  #writers: readonly number[] = [];

  constructor(run: RunCommand, settings: DeviceSettings, edge: PrivateEdge) {
    this.#run = run;
    this.#settings = settings;
    this.#edge = edge;
  }

  isWriter(pid: number): boolean {
    return this.#writers.includes(pid);
  }

  /** Somebody else has changed our table: the next time it is written again, whatever it is. */
  forgetRules(): void {
    this.#inForce = undefined;
  }

  /** Whether the table stands as it was left; for a look now and then, should an event have been missed. */
  async areRulesIntact(): Promise<boolean> {
    return this.#listing !== undefined && (await this.#list()) === this.#listing;
  }

  /** `host` is what was read last. @throws Error when the kernel can't be asked how it is afterwards */
  async enforce(lines: readonly Line[], host: HostState): Promise<Enforced> {
    let done = 0;
    if (this.#spelled(lines) !== this.#inForce) {
      const error = await this.#replaceRules(lines);
      if (error !== undefined) return { host, areRulesInForce: false, errors: [error], changes: 0 };
      done += 1;
    }
    const devices = lines.map((line) => line.device).filter((device) => host.links.has(device));
    const errors = [...passOverDeadDevices(devices, this.#settings)];
    const usable = new Set(devices.filter((device) => host.links.get(device)?.isUp === true));
    const commands = changes(hostPlan(this.#edge, lines, usable), presentPlan(host, this.#edge.pool));
    errors.push(...(await this.#runBatch(commands)));
    done += commands.length;
    const after = commands.length === 0 ? host : await readHost(this.#run);
    return { host: after, areRulesInForce: true, errors, changes: done };
  }

  /** Takes away everything of ours; the rules last, so that no address is open in between. */
  async clear(host: HostState): Promise<readonly string[]> {
    const commands = changes(emptyHostPlan, presentPlan(host, this.#edge.pool));
    const errors = await this.#runBatch(commands);
    this.#inForce = undefined;
    this.#listing = undefined;
    const error = await this.#nft(removedRuleset);
    return error === undefined ? errors : [...errors, error];
  }

  #spelled(lines: readonly Line[]): string {
    const { sets, rules } = ruleset(this.#edge, lines, 0);
    return sets + rules;
  }

  async #replaceRules(lines: readonly Line[]): Promise<string | undefined> {
    this.#inForce = undefined;
    const before = listedSets((await this.#list()) ?? "");
    const generation = 1 + Math.max(0, ...before.map((set) => set.generation));
    const { sets, rules } = ruleset(this.#edge, lines, generation);
    const error = (await this.#nft(sets)) ?? (await this.#nft(rules));
    if (error === undefined) {
      // Should this fail they are left over, used by nobody, until the next time.
      if (before.length > 0) await this.#nft(withoutSets(before));
    } else {
      // Left by another version, or by somebody: in a shape that can't be changed in place.
      const afresh = await this.#nft(removedRuleset + sets + rules);
      if (afresh !== undefined) return error;
    }
    this.#inForce = this.#spelled(lines);
    this.#listing = await this.#list();
    return undefined;
  }

  /** One transaction. The failure as a text. */
  async #nft(script: string): Promise<string | undefined> {
    const result = await this.#run(["nft", "-f", "-"], script, (pid) => {
      this.#writers = [pid, ...this.#writers].slice(0, rememberedWriters);
    });
    return result.exitCode === 0 ? undefined : failureText(result);
  }

  async #list(): Promise<string | undefined> {
    const result = await this.#run([
      "nft",
      "--stateless",
      "--terse",
      "list",
      "table",
      ...tableName.split(" "),
    ]);
    return result.exitCode === 0 ? result.stdout : undefined;
  }

  async #runBatch(commands: readonly string[]): Promise<readonly string[]> {
    if (commands.length === 0) return [];
    const result = await this.#run(["ip", "-force", "-batch", "-"], `${commands.join("\n")}\n`);
    if (result.exitCode === 0) return [];
    const errors = result.exitCode === null ? [] : batchErrors(result.stderr, commands);
    return errors.length > 0 ? errors : [failureText(result)];
  }
}

/** Events of the last ones may still be under way. */
const rememberedWriters = 16;
