/** Debian's `dig` (bind9-dnsutils) as a client that nobody here wrote. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";

const program = "/usr/bin/dig";

/** For `skip`: false, or why. */
export const digIsMissing = existsSync(program) ? false : "dig is not installed (bind9-dnsutils)";

export interface Digged {
  /** `NOERROR`, `NXDOMAIN`, …; undefined: no answer came. */
  readonly status: string | undefined;
  /** `qr`, `aa`, `tc`, … */
  readonly flags: readonly string[];
  /** `A 192.0.2.1`, in the order of text. */
  readonly answers: readonly string[];
  /** As they came, with owner and time to live. */
  readonly answerLines: readonly string[];
  readonly authorities: readonly string[];
  readonly additionals: readonly string[];
  readonly text: string;
}

export interface DnsSocket {
  readonly address: string;
  readonly port: number;
}

/** Asks once; `options` as dig has them: `+tcp`, `+bufsize=512`, `+ignore` … */
export async function dig(
  server: DnsSocket,
  name: string,
  type: string,
  ...options: readonly string[]
): Promise<Digged> {
  const place = [`@${server.address}`, "-p", String(server.port), "+time=20", "+tries=1", "+norecurse"];
  const text = await run([...place, ...options, name, type]);
  const answerLines = section(text, "ANSWER");
  return {
    status: /status: (\w+)/.exec(text)?.[1],
    flags: (/^;; flags: ([a-z ]*);/m.exec(text)?.[1] ?? "").split(" "),
    answerLines,
    answers: answerLines.map(withoutOwner).sort(),
    authorities: section(text, "AUTHORITY"),
    additionals: section(text, "ADDITIONAL"),
    text,
  };
}

/** dig ends with 9 when nobody answers: that is an answer too. */
function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error !== null && error.code !== 9) reject(new Error(`dig ${args.join(" ")}: ${stdout}${stderr}`));
      else resolve(stdout);
    });
  });
}

function section(text: string, name: string): string[] {
  const body = text.split(`;; ${name} SECTION:\n`)[1]?.split("\n\n")[0] ?? "";
  return body
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith(";"))
    .map((line) => line.replaceAll(/\s+/g, " "));
}

/** `owner 30 IN A 192.0.2.1` to `A 192.0.2.1`. */
function withoutOwner(line: string): string {
  return line.split(" ").slice(3).join(" ");
}
