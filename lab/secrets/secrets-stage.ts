/** An exchange at debug level into which secrets go by every way there is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "@tandem/clock";
import { ha1 } from "@tandem/sip/digest";
import { type CertificateFiles, makeCertificate } from "../harness/certificate.ts";
import { Exchange } from "../harness/exchange.ts";
import { freePort } from "../harness/free-port.ts";
import { provisionCarrier, provisionTrunk } from "../harness/provision.ts";
import { waitFor } from "../harness/wait.ts";
import { RawSocket, sendOverTcp } from "../interop/raw-socket.ts";
import { Phone } from "../user-agents/phone.ts";
import { ChallengingPeer } from "./challenging-peer.ts";
import { planted } from "./planted-secrets.ts";

const network = 203;
const at = (octet: number): string => `127.0.${network}.${octet}`;
const label = "secret";
const username = "pbx";

export class SecretsStage {
  readonly exchange: Exchange;
  readonly tls: CertificateFiles;
  readonly carrier: ChallengingPeer;
  /** Every answer of the API that a person would see: those to mistakes above all. */
  readonly bodies: string[] = [];
  /** Secrets that the exchange made itself, by a name for them. */
  readonly made = new Map<string, string>();
  readonly #clock = new SystemClock();
  readonly #directory: string;

  private constructor(
    exchange: Exchange,
    tls: CertificateFiles,
    carrier: ChallengingPeer,
    directory: string,
  ) {
    this.exchange = exchange;
    this.tls = tls;
    this.carrier = carrier;
    this.#directory = directory;
  }

  static async open(): Promise<SecretsStage> {
    const directory = mkdtempSync(join(tmpdir(), "tandem-secrets-"));
    const tls = makeCertificate(directory, "gateway", `IP:${at(1)}`);
    const [, keyLine = ""] = readFileSync(tls.keyFile, "utf8").split("\n");
    const carrier = await ChallengingPeer.open(at(21));
    const exchange = await Exchange.start({
      customerAddress: at(1),
      carrierAddress: at(2),
      sipPort: 0,
      tls,
      gateway: { logLevel: "debug", health: { enabled: false, intervalSeconds: 30 } },
      controlEnvironment: { TANDEM_LOG_LEVEL: "debug" },
    });
    const stage = new SecretsStage(exchange, tls, carrier, directory);
    stage.made.set("TLS key", keyLine);
    return stage;
  }

  async close(): Promise<void> {
    this.carrier.close();
    await this.exchange.stop();
    this.#clock.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** A trunk, a carrier and a line, with their secrets; a key and an account, which are made with theirs. */
  async provision(): Promise<void> {
    const { api, baseDomain, edge } = this.exchange;
    await provisionTrunk(api, {
      name: label,
      label,
      baseDomain,
      credentials: { username, password: planted.trunkPassword },
    });
    await provisionCarrier(api, {
      name: "challenger",
      sourceAddresses: [at(21)],
      gateways: [{ url: `sip:${at(21)}:${this.carrier.port}` }],
      prefixes: ["+1999"],
      parameters: {
        Username: "tandem",
        Password: planted.carrierPassword,
        RegistrarUrl: `sip:${at(21)}:${this.carrier.port}`,
        AddressOfRecord: "sip:tandem@carrier.test",
      },
    });
    const line = await api.post("/v1/Interconnect/Connections", {
      Type: "vpn",
      Edge: edge,
      BandwidthMbps: 100,
      VpnGatewayAddress: "203.0.113.9",
      IpRoutes: "198.51.100.0/24",
      BgpPassword: planted.bgpPassword,
      PreSharedKey: planted.preSharedKey,
    });
    await api.post(`/v1/Interconnect/Connections/${line.sid}`, { Status: "active" });
    const key = await api.post(`${api.accountPath}/Keys.json`, { FriendlyName: "k" });
    const account = await api.post("/2010-04-01/Accounts.json", { FriendlyName: "sub" });
    this.made.set("HA1 of the trunk", ha1(username, baseDomain, planted.trunkPassword, "MD5"));
    this.made.set("HA1 at the carrier", ha1("tandem", "carrier.test", planted.carrierPassword, "MD5"));
    this.made.set("secret of a key", String(key["secret"]));
    this.made.set("token of an account", String(account["auth_token"]));
    this.made.set("token of the operator", api.credentials.authToken);
    for (const { configuration } of this.exchange.gateways)
      this.made.set(`token of ${configuration.name}`, configuration.control.token);
    await this.exchange.settled();
  }

  /** Requests that are refused, with secrets in them. */
  async makeMistakes(): Promise<void> {
    const { api } = this.exchange;
    const right = `Basic ${Buffer.from(`${api.credentials.accountSid}:${api.credentials.authToken}`).toString("base64")}`;
    const wrong = `Basic ${Buffer.from(`${api.credentials.accountSid}:${planted.wrongApiToken}`).toString("base64")}`;
    const list = await api.post(`${api.accountPath}/SIP/CredentialLists.json`, { FriendlyName: "bad" });
    const credentials = `${api.accountPath}/SIP/CredentialLists/${list.sid}/Credentials.json`;
    const form = "application/x-www-form-urlencoded";
    const mistakes: [path: string, authorization: string, type: string, body: string][] = [
      ["/v1/Trunks", wrong, form, "FriendlyName=x"],
      ["/v1/Trunks", `Bearer ${planted.bearerToken}`, form, "FriendlyName=x"],
      [credentials, right, form, `Username=u&Password=${planted.refusedPassword}`],
      [
        credentials,
        right,
        form,
        `Username=u&Password=${planted.trunkPassword}&Password=${planted.trunkPassword}`,
      ],
      [credentials, right, "application/json", `{"Username":"u","Password":"${planted.bodyOfNoForm}`],
      [credentials, right, "text/plain", planted.bodyOfNoForm],
      [`${credentials}?Password=${planted.query}`, right, form, "Username=u"],
      [`/v1/Nothing?Password=${planted.query}`, right, form, ""],
      ["/v1/Carriers", right, form, `FriendlyName=x&Password=${planted.refusedCarrierPassword}`],
      [
        "/v1/Interconnect/Connections",
        right,
        form,
        `Type=vpn&Edge=${this.exchange.edge}&BandwidthMbps=100&BgpPassword=${planted.refusedBgpPassword}`,
      ],
    ];
    for (const [path, authorization, type, body] of mistakes) {
      const url = `${this.exchange.controlUrl}${path}`;
      const reply = await fetch(url, {
        method: "POST",
        headers: { authorization, "content-type": type },
        body,
      });
      if (reply.ok) throw new Error(`${path} with ${body} was taken`);
      this.bodies.push(await reply.text());
    }
    this.bodies.push(await this.#knockAsGateway());
  }

  /** Right and wrong answers to challenges, both ways; a call that fails at the carrier; keys of media. */
  async call(): Promise<void> {
    const { customerAddress, sipPort, api } = this.exchange;
    const to = { address: customerAddress, port: sipPort };
    const requestUri = `sip:+19995550100@${this.exchange.terminationHost(label)}`;
    for (const [octet, password] of [
      [11, planted.trunkPassword],
      [12, planted.wrongTrunkPassword],
    ] as const) {
      const port = await freePort(at(octet));
      const phone = new Phone({ clock: this.#clock, address: at(octet), port, toneHz: 400 });
      await phone.open();
      try {
        const from = "sip:+12025550123@customer.test";
        const call = await phone.call({ requestUri, from, to, credentials: { username, password } });
        await waitFor(`the call from ${at(octet)} to end`, () => call.state === "refused", 60_000);
      } finally {
        await phone.close();
      }
    }
    for (const method of ["REGISTER", "INVITE"]) {
      const isAnswered = () => this.carrier.responses.some((one) => one.method === method);
      await waitFor(`the carrier to get an answer in a ${method}`, isAnswered);
    }
    await this.#sendMadeUpCredentials(requestUri);
    await waitFor("an alert and a call record", async () => {
      const alerts = JSON.stringify(await api.get("/v1/Alerts?PageSize=1000"));
      const calls = JSON.stringify(await api.get(`${api.accountPath}/Calls.json?PageSize=1000`));
      const isThere = alerts.includes('"NO') && calls.includes('"CA');
      if (isThere) this.bodies.push(alerts, calls);
      return isThere;
    });
  }

  /** A key file that is none. */
  async breakTls(): Promise<void> {
    const { gateway } = this.exchange;
    writeFileSync(
      this.tls.keyFile,
      `-----BEGIN PRIVATE KEY-----\n${planted.brokenKeyFile}\n-----END PRIVATE KEY-----\n`,
    );
    gateway.signal("SIGHUP");
    await gateway.waitForOutput("certificates-refused");
  }

  async #sendMadeUpCredentials(requestUri: string): Promise<void> {
    const { customerAddress: address, sipPort: port } = this.exchange;
    const socket = await RawSocket.open(at(13));
    const invite = inviteWithSecrets(requestUri, `${at(13)}:${socket.port}`);
    const texts = [
      invite,
      invite.replace("CSeq: 1 INVITE", "CSeq: broken"),
      invite.replace("SIP/2.0\r\n", "SIP/7\r\n"),
    ];
    for (const text of texts) {
      socket.send(text, { address, port });
      await sendOverTcp(text.replace("/UDP", "/TCP"), at(14), { address, port }, 500);
    }
    socket.close();
  }

  /** The stream of gateways with a token that nobody has. */
  #knockAsGateway(): Promise<string> {
    const headers = {
      authorization: `Bearer ${planted.wrongGatewayToken}`,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": Buffer.alloc(16).toString("base64"),
    };
    return new Promise((resolve, reject) => {
      const asked = request(`${this.exchange.controlUrl}/gateway-stream`, { headers });
      asked.once("error", reject);
      asked.once("upgrade", () => reject(new Error("the token was taken")));
      asked.once("response", (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.once("end", () => resolve(body));
      });
      asked.end();
    });
  }
}

function inviteWithSecrets(requestUri: string, sentBy: string): string {
  const digest = `Digest username="${username}", realm="tandem.test", nonce="x", uri="${requestUri}", response="${planted.response}"`;
  const body = `v=0\r\no=- 1 1 IN IP4 ${at(13)}\r\ns=-\r\nc=IN IP4 ${at(13)}\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${planted.mediaKey}\r\n`;
  return [
    `INVITE ${requestUri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bK${Buffer.from(sentBy).toString("hex")}`,
    "Max-Forwards: 70",
    "From: <sip:+12025550123@customer.test>;tag=1",
    `To: <${requestUri}>`,
    `Call-ID: made-up@${sentBy}`,
    "CSeq: 1 INVITE",
    `Contact: <sip:${sentBy}>`,
    `Proxy-Authorization: ${digest}`,
    `Authorization: Bearer ${planted.bearerToken}`,
    "Content-Type: application/sdp",
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}
