import type { CommandResult, GatewayCommand } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { LiveCalls } from "./calls/live-calls.ts";
import { type ExplainServices, explain } from "./explain.ts";
import type { GatewayCore } from "./gateway-core.ts";
import type { Shield } from "./shield/shield.ts";

export interface CommandServices {
  readonly calls: LiveCalls;
  readonly core: Pick<GatewayCore, "drain">;
  readonly shield: Pick<Shield, "described" | "lift" | "bans">;
  readonly explain: ExplainServices;
}

/** What control asks of a gateway. */
export function performCommand(command: GatewayCommand, services: CommandServices): CommandResult {
  const { calls, core, shield } = services;
  switch (command.name) {
    case "hang-up": {
      const call = calls.bySid(command.callSid);
      call?.hangUp("operator", reasons.hungUpByOperator);
      return { ok: true, name: "hang-up", found: call !== undefined };
    }
    case "drain":
      core.drain();
      return { ok: true, name: "drain" };
    case "explain": {
      const explained = explain(services.explain, command.request);
      return explained.ok ? { ok: true, name: "explain", result: explained.result } : explained;
    }
    case "live-calls": {
      const all = [...calls.list(), ...calls.listEnded()];
      const wanted = command.callSid === null ? all : all.filter((call) => call.sid === command.callSid);
      return { ok: true, name: "live-calls", calls: wanted };
    }
    case "bans":
      return { ok: true, name: "bans", bans: [...shield.described()] };
    case "lift-ban": {
      const bans = shield.bans().filter(({ address }) => address === command.address);
      for (const { interfaceName, address } of bans) shield.lift(interfaceName, address);
      return { ok: true, name: "lift-ban", lifted: bans.length };
    }
  }
}
