/** An operator renews a certificate: SIGHUP must bring it to new clients without dropping those that are connected. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { type CertificateFiles, makeCertificate } from "../harness/certificate.ts";
import { Exchange } from "../harness/exchange.ts";

const customerAddress = "127.0.88.1";

function client(port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: customerAddress, port, rejectUnauthorized: false }, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** RFC 5626 §4.4.1: a double CRLF is answered with a single one. */
function pong(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once("data", (chunk: Buffer) => resolve(chunk.toString("latin1")));
    socket.write("\r\n\r\n");
  });
}

test("SIGHUP brings a new certificate to new connections and leaves the old ones alone", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tandem-certificates-"));
  const first = makeCertificate(directory, "first", `IP:${customerAddress}`);
  const second = makeCertificate(directory, "second", `IP:${customerAddress}`);
  const live: CertificateFiles = {
    certificateFile: join(directory, "live.pem"),
    keyFile: join(directory, "live-key.pem"),
    pairFile: "",
  };
  const install = (files: CertificateFiles): void => {
    copyFileSync(files.certificateFile, live.certificateFile);
    copyFileSync(files.keyFile, live.keyFile);
  };
  install(first);
  const exchange = await Exchange.start({
    customerAddress,
    carrierAddress: "127.0.88.2",
    tls: { certificateFile: live.certificateFile, keyFile: live.keyFile },
  });
  try {
    const before = await client(exchange.tlsPort);
    assert.equal(before.getPeerCertificate().subject.CN, "first");
    install(second);
    exchange.gateway.signal("SIGHUP");
    await exchange.gateway.waitForOutput("certificates-reloaded");
    const after = await client(exchange.tlsPort);
    assert.equal(after.getPeerCertificate().subject.CN, "second");
    assert.equal(await pong(before), "\r\n", "the old connection still works");
    assert.equal(await pong(after), "\r\n");
    before.destroy();
    after.destroy();
  } finally {
    await exchange.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
