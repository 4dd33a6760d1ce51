import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { toneShare } from "@tandem/media/testing";
import { Program } from "../harness/program.ts";

export const baresipCommand = "/usr/bin/baresip";
const moduleFolders = ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"];

export interface BaresipOptions {
  readonly name: string;
  /** Address it listens on; TLS at `port` + 1. */
  readonly address: string;
  readonly port: number;
  /** Certificate and key in one file. */
  readonly certificateFile: string;
  readonly user: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Where all its calls go: `sip:127.0.0.1:5061;transport=tls`. */
  readonly outboundProxy: string;
  /** Tone it speaks. */
  readonly toneHz: number;
  readonly answersByItself?: boolean;
  /** How it protects its media; left out: not at all. */
  readonly mediaEncryption?: "srtp-mand" | "dtls_srtp";
  readonly hasIce?: boolean;
  /** The one codec that it speaks; default PCMU. */
  readonly codec?: "opus" | "g722";
  readonly directory: string;
  /** Words before its command line. */
  readonly launcher?: readonly string[];
  /** Sends a text to its control port and resolves with the answer; default: from this process. */
  readonly sendControl?: (
    to: { readonly address: string; readonly port: number },
    text: string,
  ) => Promise<unknown>;
}

/** The real baresip as a telephone behind TLS: speaks a tone, and records what it hears. */
export class Baresip {
  readonly program: Program;
  readonly #directory: string;
  readonly #options: BaresipOptions;

  constructor(options: BaresipOptions) {
    this.#options = options;
    this.#directory = join(options.directory, options.name);
    mkdirSync(this.#directory, { recursive: true });
    writeFileSync(join(this.#directory, "config"), configuration(options, this.#directory));
    writeFileSync(join(this.#directory, "accounts"), account(options));
    writeFileSync(join(this.#directory, "contacts"), "");
    this.program = new Program({
      name: options.name,
      command: baresipCommand,
      args: ["-4", "-n", options.address, "-f", this.#directory, "-v"],
      directory: this.#directory,
      logFile: join(options.directory, `${options.name}.log`),
      ...(options.launcher === undefined ? {} : { launcher: options.launcher }),
    });
  }

  get tlsPort(): number {
    return this.#options.port + 1;
  }

  async ready(): Promise<void> {
    await this.program.waitForOutput("baresip is ready");
  }

  dial(uri: string): Promise<void> {
    return this.#command("dial", uri);
  }

  hangUp(): Promise<void> {
    return this.#command("hangup", "");
  }

  /** Share of that tone in the loudest stretch of what it heard; 0 without a recording. */
  heardShare(toneHz: number): number {
    const file = readdirSync(this.#directory).find((name) => name.endsWith("-dec.wav"));
    if (file === undefined) return 0;
    const wav = readFileSync(join(this.#directory, file));
    const rate = wav.readUInt32LE(24);
    const channels = wav.readUInt16LE(22);
    const samples = firstChannel(wav.subarray(44), channels);
    let best = 0;
    const windowSamples = rate / 10;
    for (let at = 0; at + windowSamples <= samples.length; at += windowSamples) {
      best = Math.max(best, toneShare(samples.subarray(at, at + windowSamples), toneHz, rate));
    }
    return best;
  }

  stop(): Promise<void> {
    return this.program.stop(2000);
  }

  /** A command over ctrl_tcp: JSON in a netstring. */
  async #command(command: string, params: string): Promise<void> {
    const text = JSON.stringify({ command, params });
    const { address, port, sendControl = sendOverTcp } = this.#options;
    await sendControl({ address, port: port + controlPortOffset }, `${text.length}:${text},`);
  }
}

/** Connects, sends, and resolves with the first piece of what comes back. */
export function sendOverTcp(
  to: { readonly address: string; readonly port: number },
  text: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: to.address, port: to.port });
    socket.once("error", reject);
    socket.once("data", (chunk: Buffer) => {
      socket.destroy();
      resolve(chunk.toString("utf8"));
    });
    socket.write(text);
  });
}

const controlPortOffset = 3;
/** SIP over UDP and TCP, over TLS, one that is left alone, and commands. */
export const baresipPorts = 4;

function configuration(options: BaresipOptions, directory: string): string {
  const { address, port, certificateFile, toneHz } = options;
  const { mediaEncryption, hasIce, codec } = options;
  const extra = [
    ...(mediaEncryption === undefined ? [] : [mediaEncryption === "dtls_srtp" ? "dtls_srtp" : "srtp"]),
    ...(hasIce === true ? ["ice"] : []),
  ];
  const folder = moduleFolders.find((one) => existsSync(one)) ?? moduleFolders[0];
  return `poll_method epoll
sip_listen ${address}:${port}
sip_certificate ${certificateFile}
call_max_calls 4
audio_source ausine,${toneHz}
audio_player aubridge,${options.name}
audio_alert aubridge,alert
ausrc_srate 48000
ausrc_channels 2
auplay_srate 8000
auplay_channels 1
rtp_ports 16000-16200
snd_path ${directory}
ctrl_tcp_listen ${address}:${port + controlPortOffset}
module_path ${folder}
module ${codec ?? "g711"}.so
module ausine.so
module aubridge.so
module sndfile.so
${extra.map((one) => `module ${one}.so\n`).join("")}module_app account.so
module_app menu.so
module ctrl_tcp.so
`;
}

function account(options: BaresipOptions): string {
  const { user, credentials, outboundProxy, answersByItself, address, port } = options;
  const secrets =
    credentials === undefined ? "" : `;auth_user=${credentials.username};auth_pass=${credentials.password}`;
  const media =
    (options.mediaEncryption === undefined ? "" : `;mediaenc=${options.mediaEncryption}`) +
    (options.hasIce === true ? ";medianat=ice" : "");
  return (
    `<sip:${user}@${address}:${port + 1};transport=tls>;regint=0${options.codec === undefined ? ";audio_codecs=pcmu" : ""}` +
    `;outbound="${outboundProxy}"${secrets}${media}${answersByItself === true ? ";answermode=auto" : ""}\n`
  );
}

function firstChannel(data: Buffer, channels: number): Int16Array {
  const samples = new Int16Array(Math.floor(data.length / (2 * channels)));
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = data.readInt16LE(2 * channels * index);
  return samples;
}
