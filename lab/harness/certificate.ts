import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Both in one file, as some peers want them. */
  readonly pairFile: string;
}

/** A self-signed certificate for one day, made by openssl. Names as in `DNS:a.test,IP:127.0.0.1`. */
export function makeCertificate(
  directory: string,
  name: string,
  subjectAlternativeNames: string,
): CertificateFiles {
  const keyFile = join(directory, `${name}-key.pem`);
  const certificateFile = join(directory, `${name}-certificate.pem`);
  const pairFile = join(directory, `${name}-pair.pem`);
  const wishes = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -batch".split(
    " ",
  );
  wishes.push("-keyout", keyFile, "-out", certificateFile);
  wishes.push("-subj", `/CN=${name}`, "-addext", `subjectAltName=${subjectAlternativeNames}`);
  execFileSync("openssl", wishes, { stdio: "pipe" });
  writeFileSync(pairFile, readFileSync(certificateFile, "utf8") + readFileSync(keyFile, "utf8"), {
    mode: 0o600,
  });
  return { certificateFile, keyFile, pairFile };
}
