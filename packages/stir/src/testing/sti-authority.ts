import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** PEM both. */
export interface StiIssued {
  readonly certificate: string;
  readonly key: string;
}

export interface StiWishes {
  readonly commonName: string;
  /** Entries of the TNAuthList in openssl's words: `EXPLICIT:0,IA5STRING:1234`. Left out: that one. Empty: no list. */
  readonly entries?: readonly string[];
  /** A named curve; default P-256. */
  readonly curve?: string;
  /** From now; default 2. */
  readonly days?: number;
  /** May issue others. */
  readonly isAuthority?: boolean;
}

/** An authority for SHAKEN certificates (STI-CA) that exists while a test runs. */
export class StiAuthority {
  readonly certificate: string;
  readonly #key: string;

  private constructor({ certificate, key }: StiIssued) {
    this.certificate = certificate;
    this.#key = key;
  }

  static create(commonName: string): Promise<StiAuthority> {
    return inDirectory(async (directory) => {
      await writeFile(
        join(directory, "config"),
        configuration({ commonName, entries: [], isAuthority: true }),
      );
      await make(directory, "prime256v1", ["-days", "2"]);
      return new StiAuthority(await made(directory));
    });
  }

  /** Somebody who signs with the key of a certificate. */
  static of(issued: StiIssued): StiAuthority {
    return new StiAuthority(issued);
  }

  /** A key and its certificate. */
  issue(wishes: StiWishes): Promise<StiIssued> {
    return inDirectory(async (directory) => {
      await writeFile(join(directory, "config"), configuration(wishes));
      await writeFile(join(directory, "authority"), this.certificate);
      await writeFile(join(directory, "authority-key"), this.#key, { mode: 0o600 });
      const by = ["-CA", join(directory, "authority"), "-CAkey", join(directory, "authority-key")];
      await make(directory, wishes.curve ?? "prime256v1", ["-days", String(wishes.days ?? 2), ...by]);
      return made(directory);
    });
  }
}

async function make(directory: string, curve: string, more: readonly string[]): Promise<void> {
  await run("openssl", [
    ...`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:${curve} -nodes -batch -extensions wanted`.split(" "),
    "-config",
    join(directory, "config"),
    "-keyout",
    join(directory, "key"),
    "-out",
    join(directory, "certificate"),
    ...more,
  ]);
}

async function made(directory: string): Promise<StiIssued> {
  const [certificate = "", key = ""] = await Promise.all(
    ["certificate", "key"].map((name) => readFile(join(directory, name), "utf8")),
  );
  return { certificate, key };
}

function configuration({ commonName, entries, isAuthority = false }: StiWishes): string {
  const listed = entries ?? ["EXPLICIT:0,IA5STRING:1234"];
  return [
    "[req]",
    "distinguished_name = name",
    "prompt = no",
    "[name]",
    `CN = ${commonName}`,
    "[wanted]",
    `basicConstraints = critical,CA:${isAuthority ? "TRUE" : "FALSE"}`,
    isAuthority ? "keyUsage = critical,keyCertSign,cRLSign" : "keyUsage = critical,digitalSignature",
    ...(listed.length === 0 ? [] : ["1.3.6.1.5.5.7.1.26 = ASN1:SEQUENCE:list"]),
    "[list]",
    ...listed.map((entry, index) => `entry${index} = ${entry}`),
    // A range is a sequence of its own: `EXPLICIT:1,SEQUENCE:range`.
    "[range]",
    "start = IA5STRING:12155550100",
    "count = INTEGER:100",
    "",
  ].join("\n");
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "tandem-sti-"));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
