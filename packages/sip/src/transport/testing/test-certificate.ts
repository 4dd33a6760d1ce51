import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TlsKeyPair } from "../tls-options.ts";

const run = promisify(execFile);

/** A self-signed certificate for tests, made by the machine's openssl. Names as in "DNS:a.test,URI:sip:a.test". */
export async function makeTestCertificate(
  commonName: string,
  subjectAlternativeNames: string,
): Promise<TlsKeyPair> {
  const directory = await mkdtemp(join(tmpdir(), "tandem-certificate-"));
  try {
    const keyFile = join(directory, "key.pem");
    const certificateFile = join(directory, "certificate.pem");
    const fixed = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" ");
    const files = ["-keyout", keyFile, "-out", certificateFile];
    const names = ["-subj", `/CN=${commonName}`, "-addext", `subjectAltName=${subjectAlternativeNames}`];
    await run("openssl", [...fixed, ...files, ...names]);
    return { certificate: await readFile(certificateFile, "utf8"), key: await readFile(keyFile, "utf8") };
  } finally {
    await rm(directory, { recursive: true });
  }
}
