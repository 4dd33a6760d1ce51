import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A verification service of the machine's openssl: nothing of ours looks at certificate, key or signature. */
export class OpensslVerifier {
  readonly #directory: string;
  readonly #rootFile: string;

  constructor(directory: string, rootFile: string) {
    this.#directory = directory;
    this.#rootFile = rootFile;
  }

  /** Claims of the PASSporT in a value of Identity. @throws Error when chain or signature do not hold */
  claimsOf(identity: string, certificate: string): Record<string, unknown> {
    const [token = ""] = identity.split(";");
    const [header = "", payload = "", signature = ""] = token.split(".");
    const certificateFile = this.#write("certificate.pem", certificate);
    const key = openssl(["x509", "-in", certificateFile, "-pubkey", "-noout"]);
    openssl(["verify", "-CAfile", this.#rootFile, certificateFile]);
    openssl([
      ..."dgst -sha256 -verify".split(" "),
      this.#write("key.pem", key),
      "-signature",
      this.#write("signature.der", derSignature(Buffer.from(signature, "base64url"))),
      this.#write("input", `${header}.${payload}`),
    ]);
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  }

  #write(name: string, content: string | Buffer): string {
    const file = join(this.#directory, `verifier-${name}`);
    writeFileSync(file, content);
    return file;
  }
}

function openssl(args: readonly string[]): string {
  return execFileSync("openssl", args, { encoding: "utf8", stdio: "pipe" });
}

/** r and s (RFC 7518 §3.4) as a sequence of two integers, which is what openssl wants: leading zeros gone, none negative. */
function derSignature(raw: Buffer): Buffer {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((half) => {
    const digits = half.subarray(half.findIndex((byte) => byte !== 0));
    const value = digits.readUInt8(0) < 0x80 ? digits : Buffer.concat([Buffer.of(0), digits]);
    return Buffer.concat([Buffer.of(0x02, value.length), value]);
  });
  const body = Buffer.concat(integers);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}
