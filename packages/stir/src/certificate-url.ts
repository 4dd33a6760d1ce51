import { isIP } from "node:net";
import { maximumUrlCharacters } from "./identity-header.ts";

/** Ports of a repository of certificates (ATIS-1000080: https). */
export const certificatePorts: readonly number[] = [443, 8443];

/**
 * Why a URL is none that a certificate is fetched from; undefined: it is one, as far as can be seen without asking anybody.
 * Whoever calls chooses it: it must lead to nothing but a repository on the internet. Hosts are names, since an address has
 * no certificate that anybody checks; which addresses a name may have is for who fetches to say.
 * @param ports others than usual, for trials
 */
export function certificateUrlFault(
  text: string,
  ports: readonly number[] = certificatePorts,
): string | undefined {
  if (text.length > maximumUrlCharacters) return `has more than ${maximumUrlCharacters} characters`;
  const url = URL.parse(text);
  if (url === null) return "is no URL";
  if (url.protocol !== "https:") return "is not https";
  if (url.username !== "" || url.password !== "") return "has a user";
  const { hostname } = url;
  if (hostname === "" || isIP(hostname) !== 0 || hostname.startsWith("[")) return "has an address for a host";
  const port = url.port === "" ? 443 : Number(url.port);
  return ports.includes(port) ? undefined : `has port ${port}`;
}
