import type { FirewallPlan, FirewallRule, FirewallSet, IpRange } from "@tandem/contracts";

type Perspective = FirewallPlan["perspective"];
type Ports = FirewallRule["clientPorts"];
type Port = IpRange["ports"][number];

/** Rows that the same rules are for. */
interface Group {
  readonly set: FirewallSet;
  readonly sample: IpRange;
}

/** The least that lets calls through in both directions, stated for firewalls that remember nothing. */
export function firewallPlanOf(ranges: readonly IpRange[], perspective: Perspective): FirewallPlan {
  const groups = groupsOf(ranges);
  const rules = groups.flatMap(({ set, sample }) =>
    sample.kind === "media"
      ? mediaRules(set, sample)
      : sample.ports.flatMap((port) => signalingRules(set, port)),
  );
  return {
    perspective,
    sets: groups.map(({ set }) => set),
    rules: rules.map(({ name, ...rule }) => {
      const direction = rule.fromExchange === (perspective === "customer") ? "in" : "out";
      return { name: `${name}-${direction}${rule.isReply ? "-replies" : ""}`, direction, ...rule };
    }),
  };
}

function groupsOf(ranges: readonly IpRange[]): readonly Group[] {
  const groups: Group[] = [];
  const byKey = Map.groupBy(ranges, (range) =>
    JSON.stringify([range.kind, familyOf(range), range.ports, range.client_ports]),
  );
  const counts = new Map<string, number>();
  for (const rows of byKey.values()) {
    const [sample] = rows;
    if (sample === undefined) continue;
    const family = familyOf(sample);
    const kind = family === 4 ? sample.kind : `${sample.kind}-v6`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const name = count === 1 ? kind : `${kind}-${count}`;
    const networks = [...new Set(rows.map((row) => row.network))];
    groups.push({
      sample,
      set: { name, family, networks, edges: [...new Set(rows.map((row) => row.edge))] },
    });
  }
  return groups;
}

function familyOf({ network }: IpRange): 4 | 6 {
  return network.includes(":") ? 6 : 4;
}

type UndirectedRule = Omit<FirewallRule, "direction">;

/**
 * Either side opens calls and connections. Over UDP the exchange sends from its port (RFC 3581 needs it to); a TCP
 * connection begins at any port and its answers go back there.
 */
function signalingRules(
  set: FirewallSet,
  { transport, first_port: first, last_port: last }: Port,
): UndirectedRule[] {
  const own = { first, last };
  const protocol = transport === "udp" ? "udp" : "tcp";
  const rule = (
    fromExchange: boolean,
    exchangePorts: Ports,
    clientPorts: Ports,
    isReply = false,
  ): UndirectedRule => ({
    name: `${set.name}-${protocol}-${first}`,
    fromExchange,
    protocol,
    set: set.name,
    exchangePorts,
    clientPorts,
    isReply,
  });
  if (protocol === "udp") return [rule(false, own, null), rule(true, own, own), rule(true, own, null, true)];
  return [
    rule(false, own, null),
    rule(true, own, null, true),
    rule(true, null, own),
    rule(false, null, own, true),
  ];
}

function mediaRules(set: FirewallSet, range: IpRange): UndirectedRule[] {
  const [port] = range.ports;
  if (port === undefined) return [];
  const client = range.client_ports;
  return [true, false].map((fromExchange) => ({
    name: `${set.name}-udp-${port.first_port}`,
    fromExchange,
    protocol: "udp",
    set: set.name,
    exchangePorts: { first: port.first_port, last: port.last_port },
    clientPorts: client === null ? null : { first: client.first_port, last: client.last_port },
    isReply: false,
  }));
}
