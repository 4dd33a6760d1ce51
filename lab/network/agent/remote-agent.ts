import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import type { Host } from "../builder/host.ts";
import type { AgentReply, AgentRequest, OperationName, Operations } from "./operations.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The agent of a host, from outside. */
export class RemoteAgent {
  readonly host: Host;
  readonly #program: Program;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  private constructor(host: Host) {
    this.host = host;
    this.#program = host.start({
      name: "agent",
      command: process.execPath,
      args: ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "main.ts")],
      onMessage: (message) => this.#settle(message as AgentReply),
    });
    void this.#program.exited().then(() => this.#giveUp());
  }

  static async start(host: Host): Promise<RemoteAgent> {
    const agent = new RemoteAgent(host);
    await agent.#program.waitForOutput("agent ready");
    return agent;
  }

  /** Has it done there. Rejects with what went wrong there. */
  perform<Name extends OperationName>(
    operation: Name,
    parameters: Parameters<Operations[Name]>[0],
  ): ReturnType<Operations[Name]> {
    this.#requests += 1;
    const request: AgentRequest = { id: this.#requests, operation, parameters };
    const reply = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      if (this.#program.hasExited) this.#giveUp();
      else this.#program.send(request);
    });
    return reply as ReturnType<Operations[Name]>;
  }

  #settle({ id, value, error }: AgentReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(`${this.host.name}: ${error}`));
  }

  #giveUp(): void {
    for (const { reject } of this.#waiting.values()) {
      reject(new Error(`the agent of ${this.host.name} ended:\n${this.#program.output.slice(-2000)}`));
    }
    this.#waiting.clear();
  }
}
