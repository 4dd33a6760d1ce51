import { request } from "node:https";
import type { LookupFunction } from "node:net";
import type { Clock } from "@tandem/clock";
import type { Resolver } from "@tandem/sip/locate";
import { certificateUrlFault } from "@tandem/stir";
import { maxAgeOf } from "./max-age.ts";
import { repositoryAddress } from "./repository-address.ts";

/** A chain of four certificates has some 4,000 bytes. */
export const maximumCertificateBytes = 32_768;
/** From the first question to DNS to the last byte. Longer than a call waits: the next one finds it then. */
export const certificateFetchMs = 3000;

export interface CertificateFetchOptions {
  readonly clock: Clock;
  readonly resolver: Resolver;
  /** Left out: those of the web. */
  readonly ports?: readonly number[] | undefined;
  /** Host names to addresses that need no DNS and may be private. */
  readonly repositories?: Readonly<Record<string, string>> | undefined;
  /** PEM; undefined: Node's. */
  readonly httpsAuthorities: () => string | undefined;
}

export type FetchedText =
  | { readonly ok: true; readonly text: string; readonly maxAgeSeconds: number | undefined }
  | { readonly ok: false; readonly text: string };

/**
 * Gets a text over https: from where `certificateUrlFault` and `repositoryAddress` allow, with a certificate for that host,
 * without following a redirect, with a limit of bytes and of time. Calls back once, never at once.
 */
export function fetchCertificate(
  options: CertificateFetchOptions,
  url: string,
  done: (fetched: FetchedText) => void,
): void {
  let isOver = false;
  const abort = new AbortController();
  const end = (fetched: FetchedText): void => {
    if (isOver) return;
    isOver = true;
    timer.cancel();
    abort.abort();
    done(fetched);
  };
  const timer = options.clock.schedule(
    certificateFetchMs,
    () => end(failed(`not there in ${certificateFetchMs} ms`)),
    undefined,
  );
  addressOf(options, url).then(
    (address) => {
      if (isOver) return;
      if (typeof address === "string") get(options, url, address, abort.signal, end);
      else end(failed(address.fault));
    },
    (error: unknown) => end(failed(String(error))),
  );
}

async function addressOf(
  { ports, repositories = {}, resolver }: CertificateFetchOptions,
  url: string,
): Promise<string | { readonly fault: string }> {
  const fault = certificateUrlFault(url, ports);
  if (fault !== undefined) return { fault: `its URL ${fault}` };
  const { hostname } = new URL(url);
  if (Object.hasOwn(repositories, hostname)) return repositories[hostname] ?? { fault: "no address" };
  const found = await repositoryAddress(hostname, resolver);
  return found ?? { fault: `${hostname} has no address on the internet` };
}

function get(
  { httpsAuthorities }: CertificateFetchOptions,
  url: string,
  address: string,
  signal: AbortSignal,
  end: (fetched: FetchedText) => void,
): void {
  const family = address.includes(":") ? 6 : 4;
  const lookup: LookupFunction = (_host, { all }, found) => {
    if (all === true) found(null, [{ address, family }]);
    else found(null, address, family);
  };
  const asked = request(url, {
    lookup,
    signal,
    agent: false,
    ca: httpsAuthorities(),
    headers: { Accept: "application/pem-certificate-chain" },
  });
  asked.on("error", (error) => end(failed(error.message)));
  asked.on("response", (response) => {
    const { statusCode, headers } = response;
    if (statusCode !== 200) {
      end(failed(`the repository answers with ${statusCode}`));
      return;
    }
    let text = "";
    response.setEncoding("latin1");
    response.on("data", (piece: string) => {
      text += piece;
      if (text.length > maximumCertificateBytes) end(failed(`more than ${maximumCertificateBytes} bytes`));
    });
    response.on("error", (error) => end(failed(error.message)));
    response.on("end", () => end({ ok: true, text, maxAgeSeconds: maxAgeOf(headers["cache-control"]) }));
  });
  asked.end();
}

function failed(text: string): FetchedText {
  return { ok: false, text };
}
