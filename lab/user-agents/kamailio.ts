import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Program } from "../harness/program.ts";
import { waitFor } from "../harness/wait.ts";

export interface KamailioOptions {
  readonly name: string;
  /** Template with words in capitals. */
  readonly configurationFile: string;
  readonly words: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Words before its command line. */
  readonly launcher?: readonly string[];
}

const command = "/usr/sbin/kamailio";

/** A real Kamailio with a configuration made from a template. */
export function startKamailio(options: KamailioOptions): Program {
  const { name, directory, words } = options;
  const file = join(directory, `${name}.cfg`);
  let text = readFileSync(options.configurationFile, "utf8");
  for (const [word, value] of Object.entries(words)) text = text.replaceAll(word, value);
  writeFileSync(file, text);
  return new Program({
    name,
    command,
    args: [
      "-f",
      file,
      "-DD",
      "-E",
      "-m",
      "64",
      "-M",
      "8",
      "-Y",
      directory,
      "-P",
      join(directory, `${name}.pid`),
    ],
    logFile: join(directory, `${name}.log`),
    ...(options.launcher === undefined ? {} : { launcher: options.launcher }),
  });
}

/** Waits until somebody has bound that UDP port. */
export async function untilBound(program: Program, address: string, port: number): Promise<void> {
  await waitFor(`${program.name} to listen on ${address}:${port}`, () => {
    if (program.hasExited) throw new Error(`${program.name} ended:\n${program.output.slice(-3000)}`);
    return isBound(address, port);
  });
}

/** Asks the kernel: to try the port would take it away from who is about to bind it. */
function isBound(address: string, port: number): boolean {
  const bytes = address.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  const local = `${bytes.reverse().join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
  return readFileSync("/proc/net/udp", "utf8").includes(` ${local} `);
}
