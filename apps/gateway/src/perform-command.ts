import type { CommandResult, GatewayCommand } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { LiveCalls } from "./calls/live-calls.ts";
import { type ExplainServices, explain } from "./explain.ts";
import type { GatewayCore } from "./gateway-core.ts";
import type { Shield } from "./shield/shield.ts";
import type { CallCapture } from "./trace/call-capture.ts";

export interface CommandServices {
  readonly calls: LiveCalls;
  readonly core: Pick<GatewayCore, "drain">;
  readonly shield: Pick<Shield, "described" | "lift" | "bans">;
  readonly explain: ExplainServices;
  readonly capture: Pick<CallCapture, "start" | "forget" | "state" | "calls" | "messagesOf">;
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
      const { callSid } = command;
      const all = [...calls.list(), ...calls.listEnded()];
      return {
        ok: true,
        name: "live-calls",
        calls: all.filter(({ sid }) => callSid === null || sid === callSid),
      };
    }
    case "bans":
      return { ok: true, name: "bans", bans: [...shield.described()] };
    case "lift-ban":
      return { ok: true, name: "lift-ban", lifted: liftBans(shield, command.address) };
    case "capture":
      if (command.rule === null) services.capture.forget();
      else services.capture.start(command.rule);
      return { ok: true, name: "capture" };
    case "captured":
      return { ok: true, name: "captured", ...captured(services.capture, command.callSid) };
  }
}

/** @returns on how many interfaces it was banned */
function liftBans(shield: CommandServices["shield"], banned: string): number {
  const bans = shield.bans().filter(({ address }) => address === banned);
  for (const { interfaceName, address } of bans) shield.lift(interfaceName, address);
  return bans.length;
}

function captured(
  capture: CommandServices["capture"],
  callSid: string | null,
): Pick<Extract<CommandResult, { name: "captured" }>, "state" | "calls" | "messages"> {
  const all = capture.calls();
  return {
    state: capture.state() ?? null,
    calls: callSid === null ? [...all] : all.filter((call) => call.callSid === callSid),
    messages: callSid === null ? [] : [...capture.messagesOf(callSid)],
  };
}
