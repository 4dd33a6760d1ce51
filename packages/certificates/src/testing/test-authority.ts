import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface IssuedCertificate {
  /** PEM */
  readonly certificate: string;
  /** PEM */
  readonly key: string;
}

export interface CertificateWishes {
  readonly commonName: string;
  /** As in `DNS:a.test,URI:sip:a.test`; left out: none. */
  readonly alternativeNames?: string;
  /** From now; default 2. 0 is one that has ended. */
  readonly days?: number;
  /** An RSA key of so many bits; left out: P-256. */
  readonly rsaBits?: number;
  /** Value of the extension; left out: there is none. */
  readonly extendedKeyUsage?: string;
}

/** A certificate authority that exists while a test runs. */
export class TestAuthority {
  /** PEM */
  readonly certificate: string;
  readonly #key: string;

  private constructor(certificate: string, key: string) {
    this.certificate = certificate;
    this.#key = key;
  }

  static async create(commonName: string): Promise<TestAuthority> {
    return inDirectory(async (directory) => {
      const at = (name: string): string => join(directory, name);
      await run("openssl", [
        ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -batch".split(" "),
        ...filesAndName(at, commonName),
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
      ]);
      return new TestAuthority(await readFile(at("certificate"), "utf8"), await readFile(at("key"), "utf8"));
    });
  }

  /** Somebody who signs with the key of a certificate, allowed to or not. */
  static of({ certificate, key }: IssuedCertificate): TestAuthority {
    return new TestAuthority(certificate, key);
  }

  /** A key and a certificate of its own, signed by this authority. */
  async issue(wishes: CertificateWishes): Promise<IssuedCertificate> {
    const { commonName, alternativeNames, days = 2, rsaBits, extendedKeyUsage } = wishes;
    const key = rsaBits === undefined ? "ec -pkeyopt ec_paramgen_curve:prime256v1" : `rsa:${rsaBits}`;
    return inDirectory(async (directory) => {
      const at = (name: string): string => join(directory, name);
      await writeFile(at("authority"), this.certificate);
      await writeFile(at("authority-key"), this.#key, { mode: 0o600 });
      const extensions = [
        "basicConstraints=CA:FALSE",
        ...(alternativeNames === undefined ? [] : [`subjectAltName=${alternativeNames}`]),
        ...(extendedKeyUsage === undefined ? [] : [`extendedKeyUsage=${extendedKeyUsage}`]),
      ];
      await run("openssl", [
        ...`req -x509 -newkey ${key} -nodes -batch -days ${days}`.split(" "),
        ...filesAndName(at, commonName),
        "-CA",
        at("authority"),
        "-CAkey",
        at("authority-key"),
        ...extensions.flatMap((extension) => ["-addext", extension]),
      ]);
      return {
        certificate: await readFile(at("certificate"), "utf8"),
        key: await readFile(at("key"), "utf8"),
      };
    });
  }
}

function filesAndName(at: (name: string) => string, commonName: string): readonly string[] {
  return ["-keyout", at("key"), "-out", at("certificate"), "-subj", `/CN=${commonName}`];
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "tandem-authority-"));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
