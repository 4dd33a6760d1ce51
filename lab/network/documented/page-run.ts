import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Network } from "../builder/network.ts";
import type { PageBlock } from "./page-blocks.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const startLimitMs = 90_000;

/** Commands that run on, and what they write when they are ready. */
const programs: readonly (readonly [command: RegExp, name: string, ready: string])[] = [
  [/\.\/tandem control$/, "control", "control-started"],
  [/\.\/tandem gateway --config \S+$/, "gateway", '"snapshot-applied"'],
  [/\.\/tandem dns --config \S+$/, "dns", '"serving"'],
  [/\.\/tandem network --config \S+ watch$/, "network", '"applied"'],
];

/**
 * Types the blocks of a page into the hosts of a network. `/etc/tandem` is one directory for all of them, as if somebody
 * had copied its files; `/var/lib/tandem` is each host's own; FRR has the path space of the host.
 */
export class PageRun {
  readonly #network: Network;
  readonly #settings: string;
  /** Placeholders, with what the last command that made such a thing has printed. */
  readonly #values = new Map<string, string>();
  readonly #exports = new Map<string, string>();

  constructor(network: Network) {
    this.#network = network;
    this.#settings = join(network.directory, "etc");
    mkdirSync(this.#settings, { recursive: true });
  }

  value(placeholder: string): string {
    const value = this.#values.get(placeholder);
    if (value === undefined) throw new Error(`nothing on the page has printed ${placeholder} so far`);
    return value;
  }

  /** Does what a block says and returns what each of its commands printed. */
  async block(block: PageBlock): Promise<readonly string[]> {
    if (block.kind === "file") {
      const { namespace } = this.#network.host(block.host);
      const text = block.text.replace("vtysh: {}", `vtysh: { pathspace: ${namespace} }`);
      writeFileSync(this.#inHost(block.host, block.path), this.#inHost(block.host, text), { mode: 0o600 });
      return [];
    }
    const outputs: string[] = [];
    for (const command of block.commands) outputs.push(await this.command(block.terminal, command));
    return outputs;
  }

  /** Types one command into a terminal. Throws an Error with its standard error when it fails. */
  async command(terminal: string, command: string): Promise<string> {
    const [name = ""] = terminal.split(",");
    const host = this.#network.host(name);
    const typed = this.#filled(this.#inHost(name, command)).replace(/^vtysh /, `vtysh -N ${host.namespace} `);
    if (typed.startsWith("export ")) {
      this.#exports.set(terminal, typed);
      return "";
    }
    const before = `unset NODE_TEST_CONTEXT; export TANDEM_NO_INSTALL=1; cd ${root}; ${this.#exports.get(terminal) ?? "true"};`;
    const program = programs.find(([pattern]) => pattern.test(typed));
    if (program === undefined) {
      const output = host.run("sh", ["-c", `${before} ${typed}`]);
      this.#learn(output);
      return output;
    }
    const [, programName, ready] = program;
    const args = ["-c", `${before} exec ${typed}`];
    await host.start({ name: programName, command: "sh", args }).waitForOutput(ready, startLimitMs);
    if (programName === "control") this.#learnOperator(name);
    return "";
  }

  #inHost(host: string, text: string): string {
    const state = join(this.#network.host(host).directory, "state");
    return text.replaceAll("/etc/tandem", this.#settings).replaceAll("/var/lib/tandem", state);
  }

  #filled(command: string): string {
    return command.replaceAll(/[A-Z]{2}…|OPERATOR_(?:SID|TOKEN)|CUSTOMER_TOKEN/g, (name) => this.value(name));
  }

  #learnOperator(host: string): void {
    const file = this.#inHost(host, "/var/lib/tandem/credentials.json");
    const { accountSid, authToken } = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    this.#values.set("OPERATOR_SID", accountSid ?? "").set("OPERATOR_TOKEN", authToken ?? "");
  }

  /** A SID at the head of one object, as text or JSON, and the token of a new account. */
  #learn(output: string): void {
    const sid =
      /^sid +(([A-Z]{2})[0-9a-f]{32})$/m.exec(output) ?? /"sid": ?"(([A-Z]{2})[0-9a-f]{32})"/.exec(output);
    if (sid?.[1] !== undefined) this.#values.set(`${sid[2]}…`, sid[1]);
    const token = /"auth_token": ?"([^"]+)"/.exec(output)?.[1];
    if (token !== undefined) this.#values.set("CUSTOMER_TOKEN", token);
  }
}
