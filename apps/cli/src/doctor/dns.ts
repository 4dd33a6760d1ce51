/** Whether names can be resolved: gateways look up carriers and customers (RFC 3263: NAPTR, SRV, addresses). */
import { Resolver } from "node:dns/promises";
import type { Finding } from "./finding.ts";

const timeoutMs = 2000;

/** The parts of `node:dns` that are used. */
export interface NameServers {
  getServers(): string[];
  resolveSrv(name: string): Promise<unknown>;
}

export function systemNameServers(): NameServers {
  return new Resolver({ timeout: timeoutMs, tries: 1 });
}

/** Any answer proves a working resolver, also that there is no such record. */
const answers = new Set(["ENOTFOUND", "ENODATA"]);

export async function checkDns(nameServers: NameServers, probeName: string): Promise<Finding> {
  const check = "dns";
  const servers = nameServers.getServers();
  if (servers.length === 0) {
    return { level: "warn", check, text: "no name server is configured", remedy: "see /etc/resolv.conf" };
  }
  const list = servers.join(", ");
  try {
    await nameServers.resolveSrv(probeName);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (!answers.has(code)) {
      const remedy = "host names of carriers and customers will not resolve; numeric addresses still work";
      return { level: "warn", check, text: `${list}: ${code}`, remedy };
    }
  }
  return { level: "ok", check, text: `${list} answers` };
}
