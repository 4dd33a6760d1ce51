/** `tandem doctor`: would Tandem work on this machine? Exit code 1 when it would not. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { addListenOptions, type ListenOptions, readListenOptions } from "../up/listen-options.ts";
import { checkDns, systemNameServers } from "./dns.ts";
import { type Finding, findingText } from "./finding.ts";
import { judgeMachine } from "./machine.ts";
import { checkPort } from "./ports.ts";
import { readMachine } from "./read-machine.ts";
import { wantedPorts } from "./wanted-ports.ts";

/** A service name that some resolvers know and all can answer for. */
const probeName = "_sip._udp.example.com";

export function addDoctorCommand(program: Command, context: Context): void {
  addListenOptions(program.command("doctor"), context)
    .description("check this machine: ports, privileges, limits, clock, DNS")
    .option("--json", "print JSON")
    .action(async (given: Readonly<Record<string, string | boolean>>) => {
      const options = readListenOptions(given);
      const findings = await examine(options, context);
      context.print(
        given["json"] === true
          ? JSON.stringify(findings, undefined, 2)
          : findings.map(findingText).join("\n"),
      );
      if (findings.some((finding) => finding.level === "fail")) context.setExitCode(1);
    });
}

async function examine(options: ListenOptions, context: Context): Promise<readonly Finding[]> {
  const machine = readMachine(options.dataDirectory, context.clock.wallMs());
  const ports = await Promise.all(wantedPorts(options).map(checkPort));
  return [
    ...judgeMachine(machine, options.mediaPorts),
    ...ports,
    await checkDns(systemNameServers(), probeName),
  ];
}
