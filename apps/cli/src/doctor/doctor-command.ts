/** `tandem doctor`: would Tandem work on this machine? Exit code 1 when it would not. */
import type { Command } from "commander";
import { findConnection } from "../client/connection.ts";
import { RestClient } from "../client/rest-client.ts";
import type { Context } from "../context.ts";
import { addListenOptions, type ListenOptions, readListenOptions } from "../up/listen-options.ts";
import { checkDns, systemNameServers } from "./dns.ts";
import { type Finding, findingText } from "./finding.ts";
import { judgeMachine } from "./machine.ts";
import { checkPort } from "./ports.ts";
import { readMachine } from "./read-machine.ts";
import { judgeSecureMedia, rtpengineAnswers, secureTrunks } from "./secure-media.ts";
import { farSidesWithCodecs, judgeTranscoding } from "./transcoding.ts";
import { wantedPorts } from "./wanted-ports.ts";

/** A service name that some resolvers know and all can answer for. */
const probeName = "_sip._udp.example.com";

export function addDoctorCommand(program: Command, context: Context): void {
  addListenOptions(program.command("doctor"), context)
    .description("check this machine: ports, privileges, limits, clock, DNS, rtpengine")
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
  const { rtpengine } = options;
  const client = restClient(options, context);
  const answers = rtpengine !== undefined && (await rtpengineAnswers(rtpengine));
  return [
    ...judgeMachine(machine, options.mediaPorts),
    ...ports,
    await checkDns(systemNameServers(), probeName),
    judgeSecureMedia(await secureTrunks(client), rtpengine, answers),
    ...judgeTranscoding(await farSidesWithCodecs(client), answers),
  ];
}

/** Undefined: nobody has told where control is. */
function restClient({ dataDirectory }: ListenOptions, context: Context): RestClient | undefined {
  try {
    return new RestClient(findConnection(context.environment, dataDirectory));
  } catch {
    return undefined;
  }
}
