import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TlsKeyPair } from "../tls-options.ts";

const run = promisify(execFile);

/**
 * A certificate for tests, made by the machine's openssl. Names as in "DNS:a.test,URI:sip:a.test".
 *
 * @param issuer signs it, allowed to or not, and it may not sign others itself; left out: it signs itself, and may
 */
export async function makeTestCertificate(
  commonName: string,
  subjectAlternativeNames: string,
  issuer?: TlsKeyPair,
): Promise<TlsKeyPair> {
  const directory = await mkdtemp(join(tmpdir(), "tandem-certificate-"));
  try {
    const keyFile = join(directory, "key.pem");
    const certificateFile = join(directory, "certificate.pem");
    const fixed = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" ");
    const files = ["-keyout", keyFile, "-out", certificateFile];
    const names = ["-subj", `/CN=${commonName}`, "-addext", `subjectAltName=${subjectAlternativeNames}`];
    const signed = issuer === undefined ? [] : await signedBy(issuer, directory);
    await run("openssl", [...fixed, ...files, ...names, ...signed]);
    return { certificate: await readFile(certificateFile, "utf8"), key: await readFile(keyFile, "utf8") };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function signedBy({ certificate, key }: TlsKeyPair, directory: string): Promise<string[]> {
  const issuerFile = join(directory, "issuer.pem");
  await writeFile(issuerFile, `${certificate}\n${key}`, { mode: 0o600 });
  return ["-CA", issuerFile, "-CAkey", issuerFile, "-addext", "basicConstraints=CA:FALSE"];
}
