import { existsSync } from "node:fs";

/** Programs that the lab's networks need, and the Debian packages they come with. */
export const networkPrograms = {
  ip: ["/usr/sbin/ip", "iproute2"],
  nft: ["/usr/sbin/nft", "nftables"],
  frr: ["/usr/lib/frr/bgpd", "frr"],
  dumpcap: ["/usr/bin/dumpcap", "tshark"],
  sipp: ["/usr/bin/sipp", "sip-tester"],
  baresip: ["/usr/bin/baresip", "baresip-core"],
  kamailio: ["/usr/sbin/kamailio", "kamailio"],
  dig: ["/usr/bin/dig", "bind9-dnsutils"],
} as const;

export type NetworkProgram = keyof typeof networkPrograms;

/** Why a network with these programs cannot be had here; undefined when it can. */
export function missingForNetwork(programs: readonly NetworkProgram[]): string | undefined {
  if (process.getuid?.() !== 0) return "network namespaces with names need root";
  const missing = [...new Set<NetworkProgram>(["ip", ...programs])].filter(
    (program) => !existsSync(networkPrograms[program][0]),
  );
  if (missing.length === 0) return undefined;
  const packages = missing.map((program) => networkPrograms[program][1]);
  return `not installed: ${missing.join(", ")} (Debian packages ${packages.join(", ")})`;
}
