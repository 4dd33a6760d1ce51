import type { Topology } from "@tandem/contracts";
import type { SemanticFault } from "../fault.ts";
import { holds, readNetwork } from "../network.ts";

/** A planned gateway has an address of its edge that no other one has. */
export function* checkGateways({ gateways = [], edges }: Topology): Generator<SemanticFault> {
  const addresses = gateways.map(({ address }) => address);
  for (const [index, { edge: name, address }] of gateways.entries()) {
    const path = ["gateways", index];
    const edge = edges.find((one) => one.name === name);
    const range = readNetwork(address);
    if (edge === undefined) yield { path: [...path, "edge"], cause: `there is no edge ${name}` };
    if (range === undefined || address.includes("/")) {
      yield { path: [...path, "address"], cause: `${address} is no address` };
      continue;
    }
    const networks = (edge?.signaling ?? []).flatMap((text) => readNetwork(text) ?? []);
    if (edge !== undefined && !networks.some((network) => holds(network, range))) {
      yield { path: [...path, "address"], cause: `${address} is no signaling address of edge ${name}` };
    }
    if (addresses.indexOf(address) < index) {
      yield { path: [...path, "address"], cause: `another gateway has ${address}` };
    }
  }
}
