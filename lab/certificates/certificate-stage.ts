import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IssuedCertificate, TestAuthority } from "@tandem/certificates/testing";
import { Exchange } from "../harness/exchange.ts";
import type { Program } from "../harness/program.ts";
import { provisionCarrier, provisionTrunk } from "../harness/provision.ts";
import { Sipp } from "../harness/sipp.ts";
import { waitFor } from "../harness/wait.ts";
import { startKamailio, untilBound } from "../user-agents/kamailio.ts";
import { ReplacedFiles } from "./replaced-files.ts";

const scenarios = join(import.meta.dirname, "..", "load", "scenarios");
const label = "tls";

/** Last octets of 127.0.<network>.* */
const octets = {
  gatewayForCustomers: 1,
  gatewayForCarriers: 2,
  customer: 11,
  prober: 12,
  carrier: 21,
  proxy: 31,
};
/** The first of the addresses that our own user agent calls from. */
const firstCaller = 41;
const callers = 4;

/** An exchange with TLS whose certificate files are replaced, a customer behind a Kamailio, and one that calls by itself. */
export class CertificateStage {
  readonly exchange: Exchange;
  readonly authority: TestAuthority;
  readonly files: ReplacedFiles;
  readonly #network: number;
  readonly #directory: string;
  readonly #carrier: Sipp;
  #proxy: Program | undefined;
  #trunkSid = "";

  private constructor(parts: {
    exchange: Exchange;
    authority: TestAuthority;
    files: ReplacedFiles;
    network: number;
    directory: string;
  }) {
    this.exchange = parts.exchange;
    this.authority = parts.authority;
    this.files = parts.files;
    this.#network = parts.network;
    this.#directory = parts.directory;
    this.#carrier = new Sipp({
      name: "carrier",
      scenarioFile: join(scenarios, "carrier.xml"),
      localAddress: this.address("carrier"),
      localPort: 5060,
      directory: parts.directory,
    });
  }

  static async start(network: number): Promise<CertificateStage> {
    const directory = mkdtempSync(join(tmpdir(), "tandem-certificates-"));
    const authority = await TestAuthority.create("lab authority");
    const at = (octet: number): string => `127.0.${network}.${octet}`;
    const first = await authority.issue({
      commonName: "gateway",
      alternativeNames: `IP:${at(octets.gatewayForCustomers)}`,
    });
    const files = new ReplacedFiles(directory, first);
    const client = await authority.issue({ commonName: "gateway", extendedKeyUsage: "clientAuth" });
    const exchange = await Exchange.start({
      customerAddress: at(octets.gatewayForCustomers),
      carrierAddress: at(octets.gatewayForCarriers),
      tls: { certificateFile: files.certificateFile, keyFile: files.keyFile },
      gateway: {
        health: { enabled: false, intervalSeconds: 30 },
        tls: {
          certificates: [{ serverNames: [], certificateFile: files.certificateFile, keyFile: files.keyFile }],
          clientCertificate: writePair(directory, "client", client),
          authoritiesFile: write(directory, "gateway-authorities.pem", authority.certificate),
        },
      },
    });
    const stage = new CertificateStage({ exchange, authority, files, network, directory });
    try {
      await stage.#provision();
      await stage.#startProxy();
    } catch (error) {
      await stage.stop();
      throw error;
    }
    return stage;
  }

  address(who: keyof typeof octets): string {
    return `127.0.${this.#network}.${octets[who]}`;
  }

  get callerAddresses(): readonly string[] {
    return Array.from({ length: callers }, (_, index) => `127.0.${this.#network}.${firstCaller + index}`);
  }

  get requestUri(): string {
    return `sip:+14155550100@${this.exchange.terminationHost(label)};transport=tls`;
  }

  /** A pair of the gateway, with a key of its own. */
  issue(): Promise<IssuedCertificate> {
    return this.authority.issue({
      commonName: "gateway",
      alternativeNames: `IP:${this.address("gatewayForCustomers")}`,
    });
  }

  /** SIPp as a customer that speaks UDP to its Kamailio, which speaks TLS to the gateway. */
  callThroughProxy(calls: number, ratePerSecond: number): Sipp {
    return new Sipp({
      name: "customer",
      scenarioFile: join(scenarios, "customer.xml"),
      localAddress: this.address("customer"),
      localPort: 5071,
      remote: { address: this.address("proxy"), port: 5060 },
      calls,
      ratePerSecond,
      pauseMs: 300,
      fields: [this.exchange.terminationHost(label)],
      maximumConcurrent: 2000,
      directory: this.#directory,
    });
  }

  writePair(name: string, pair: IssuedCertificate): PairFiles {
    return writePair(this.#directory, name, pair);
  }

  /** A number of the trunk whose calls go to that URL. */
  async provisionOrigination(url: string, number: string): Promise<void> {
    const { api } = this.exchange;
    await api.post(`/v1/Trunks/${this.#trunkSid}/OriginationUrls`, {
      FriendlyName: url,
      SipUrl: url,
      Priority: 1,
      Weight: 1,
      Enabled: true,
    });
    await api.post(`${api.accountPath}/IncomingPhoneNumbers.json`, {
      PhoneNumber: number,
      TrunkSid: this.#trunkSid,
    });
    await this.exchange.settled();
  }

  /** Changes the customer's trunk, and waits until the gateway routes by it. */
  async changeTrunk(form: Readonly<Record<string, string>>): Promise<void> {
    await this.exchange.api.post(`/v1/Trunks/${this.#trunkSid}`, form);
    await this.exchange.settled();
  }

  /** Waits for a call record and an alert of that reason. */
  async untilRefused(reasonCode: number): Promise<void> {
    const { api } = this.exchange;
    await waitFor(`a record and an alert of ${reasonCode}`, async () => {
      const { calls } = (await api.get(`${api.accountPath}/Calls.json`)) as {
        calls: readonly { readonly tandem: { readonly reason_code: number | null } }[];
      };
      const { alerts } = (await api.get("/v1/Alerts")) as {
        alerts: readonly { readonly error_code: string }[];
      };
      return (
        calls.some(({ tandem }) => tandem.reason_code === reasonCode) &&
        alerts.some(({ error_code: code }) => code === String(reasonCode))
      );
    });
  }

  /** The last stage of a dry run of a call of the customer. */
  async explain(Transport: string): Promise<Record<string, unknown>> {
    const { stages } = (await this.exchange.api.post("/v1/Explain", {
      Direction: "termination",
      SourceAddress: this.address("proxy"),
      Host: this.exchange.terminationHost(label),
      From: "+12025550123",
      To: "+14155550100",
      Transport,
    })) as unknown as { stages: readonly Record<string, unknown>[] };
    return stages[stages.length - 1] ?? {};
  }

  /** How often the gateway has said this. */
  countInLog(event: string): number {
    return this.exchange.gateway.output.split(`"${event}"`).length - 1;
  }

  async stop(): Promise<void> {
    await this.#carrier.stop();
    await this.#proxy?.stop();
    await this.exchange.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #provision(): Promise<void> {
    const { api, baseDomain } = this.exchange;
    await provisionCarrier(api, {
      name: "SIPp",
      sourceAddresses: [this.address("carrier")],
      gateways: [{ url: `sip:${this.address("carrier")}:5060` }],
      prefixes: ["+"],
    });
    const addresses = [this.address("proxy"), this.address("prober"), ...this.callerAddresses];
    const trunk = await provisionTrunk(api, { name: label, label, baseDomain, addresses });
    this.#trunkSid = trunk.sid;
    await this.exchange.settled();
  }

  async #startProxy(): Promise<void> {
    const pair = await this.authority.issue({
      commonName: "proxy",
      alternativeNames: `IP:${this.address("proxy")},DNS:proxy.customer.test`,
    });
    const { certificateFile, keyFile } = this.writePair("proxy", pair);
    this.#proxy = startKamailio({
      name: "proxy",
      configurationFile: join(import.meta.dirname, "kamailio-tls.cfg"),
      directory: this.#directory,
      words: {
        PROXY_ADDRESS: this.address("proxy"),
        CERTIFICATE_FILE: certificateFile,
        KEY_FILE: keyFile,
        AUTHORITY_FILE: write(this.#directory, "authority.pem", this.authority.certificate),
        NEXT_HOP: `sip:${this.address("gatewayForCustomers")}:${this.exchange.tlsPort};transport=tls`,
      },
    });
    await untilBound(this.#proxy, this.address("proxy"), 5060);
  }
}

interface PairFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

function writePair(directory: string, name: string, pair: IssuedCertificate): PairFiles {
  return {
    certificateFile: write(directory, `${name}.pem`, pair.certificate),
    keyFile: write(directory, `${name}-key.pem`, pair.key),
  };
}

function write(directory: string, name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
