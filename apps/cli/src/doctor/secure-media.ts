/** Secure trunks need rtpengine: is there a trunk without one, and does the one that was named answer? */
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { RestClient } from "../client/rest-client.ts";
import type { AddressAndPort } from "../up/listen-options.ts";
import type { Finding } from "./finding.ts";

const check = "media";
const answerTimeoutMs = 2000;
const maximumTrunks = 10_000;
const remedy =
  "start rtpengine, and name it: --rtpengine ADDRESS:PORT here and for up, or rtpengines in the gateway's configuration";

/** Friendly names of the trunks that are secure; undefined: control can't be asked. */
export async function secureTrunks(client: RestClient | undefined): Promise<readonly string[] | undefined> {
  if (client === undefined) return undefined;
  try {
    const trunks = await client.listAll("/v1/Trunks", "trunks", [], maximumTrunks);
    return trunks.filter((trunk) => trunk["secure"] === true).map((trunk) => String(trunk["friendly_name"]));
  } catch {
    return undefined;
  }
}

/** @param answers whether the rtpengine does; undefined: none is named */
export function judgeSecureMedia(
  trunks: readonly string[] | undefined,
  rtpengine: AddressAndPort | undefined,
  answers: boolean,
): Finding {
  const named = rtpengine && `${rtpengine.address}:${rtpengine.port}`;
  if (named !== undefined && answers) return { level: "ok", check, text: `rtpengine at ${named} answers` };
  const missing = named === undefined ? "no rtpengine is named" : `rtpengine at ${named} does not answer`;
  const [first, ...others] = trunks ?? [];
  if (first !== undefined) {
    const list = others.length === 0 ? first : `${first} and ${others.length} more`;
    const text = `${missing}: calls of secure trunks (${list}) are refused with 90070 or 90071`;
    return { level: "fail", check, text, remedy };
  }
  if (named !== undefined)
    return { level: "fail", check, text: missing, remedy: "start it, or leave --rtpengine out" };
  const text =
    trunks === undefined
      ? `${missing}; control can't be asked for secure trunks`
      : `${missing}, and no trunk is secure`;
  return { level: "ok", check, text };
}

/** A `ping` of its ng protocol. */
export function rtpengineAnswers(
  { address, port }: AddressAndPort,
  timeoutMs: number = answerTimeoutMs,
): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  return new Promise((resolve) => {
    const timer = AbortSignal.timeout(timeoutMs);
    const done = (answers: boolean): void => {
      timer.onabort = null;
      socket.removeAllListeners("message").close();
      resolve(answers);
    };
    timer.onabort = () => done(false);
    socket.once("error", () => done(false));
    socket.once("message", (data) => done(data.toString("latin1") === "doctor d6:result4:ponge"));
    socket.send("doctor d7:command4:pinge", port, address);
  });
}
