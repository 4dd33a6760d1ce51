import type { Topology } from "@tandem/contracts";
import type { SemanticFault } from "../fault.ts";
import { readNetwork } from "../network.ts";

/** A range of pairs of ports (RTP takes the even one of a pair), for edges that exist, each named once. */
export function* checkMedia({ media, edges, roaming }: Topology): Generator<SemanticFault> {
  const { network, ports, clientPorts } = media;
  if (readNetwork(network) === undefined) {
    const cause = `${network} is no network (bits behind the prefix must be 0)`;
    yield { path: ["media", "network"], cause };
  }
  if (ports.first % 2 !== 0) {
    const cause = `${ports.first} is odd; RTP takes the even port of a pair`;
    yield { path: ["media", "ports", "first"], cause };
  }
  if (ports.last <= ports.first) {
    yield { path: ["media", "ports"], cause: `${ports.first} to ${ports.last} holds no pair of ports` };
  }
  if (clientPorts.last < clientPorts.first) {
    const cause = `${clientPorts.first} to ${clientPorts.last} holds no port`;
    yield { path: ["media", "clientPorts"], cause };
  }
  const names = [...edges.map(({ name }) => name), ...(roaming === undefined ? [] : [roaming.name])];
  const rows = media.edges.map(({ edge }) => edge);
  for (const [index, edge] of rows.entries()) {
    const path = ["media", "edges", index, "edge"];
    if (!names.includes(edge)) yield { path, cause: `there is no edge ${edge}` };
    else if (rows.indexOf(edge) < index) yield { path, cause: `edge ${edge} stands in the list already` };
  }
}
