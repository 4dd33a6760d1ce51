import { waitFor } from "../../harness/wait.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import type { GatewayHost } from "../standard/gateway-host.ts";
import type { Stand } from "./stand.ts";

/** A call that entered at one gateway and left by another. */
export interface BackboneCall {
  /** `termination`; begins each line of the verdicts. */
  readonly what: string;
  readonly entry: GatewayHost;
  readonly sister: GatewayHost;
  /** Of the legs towards caller and callee. */
  readonly ingressCallId: string;
  readonly egressCallId: string;
  /** Fewest RTP packets that either side has sent. */
  readonly sentPackets: number;
}

/** Share of the packets that must be counted. */
const share = 0.95;
/** A record waits for its gateway's next commit, and for control. */
const recordLimitMs = 60_000;

interface MediaCounts {
  readonly media: { readonly [side in "from_ingress" | "from_egress"]: { readonly packets: number } };
}

interface Details extends MediaCounts {
  readonly gateway: string;
  readonly ingress_sip_call_id: string;
  readonly attempts: readonly { readonly via_gateway: string | null; readonly edge: string }[];
  readonly legs: readonly (MediaCounts & {
    readonly gateway: string;
    readonly entry_gateway: string;
    readonly egress_sip_call_id: string | null;
    readonly status_code: number | null;
  })[];
}

/** One record, of the gateway where the call entered, with the leg that its sister placed, both with counted media. */
export async function judgeBackboneRecord(
  { verdicts, timeline }: Stand,
  { api }: NetworkExchange,
  call: BackboneCall,
): Promise<void> {
  const { what, entry, sister, ingressCallId, egressCallId } = call;
  const calls = async (): Promise<readonly Details[]> => {
    const page = (await api.get(`${api.accountPath}/Calls.json`)) as {
      calls: { readonly tandem: Details | null }[];
    };
    return page.calls.flatMap(({ tandem }) => tandem ?? []);
  };
  const known = [ingressCallId, egressCallId];
  const ofCall = (one: Details): boolean => known.includes(one.ingress_sip_call_id);
  const records = await waitFor(
    "the call's record with a leg",
    async () => {
      const found = (await calls()).filter(ofCall);
      return found.some(({ legs }) => legs.length > 0) ? found : undefined;
    },
    recordLimitMs,
  );
  verdicts.equal(`${what}: records`, records.length, 1);
  const [record] = records;
  const [leg] = record?.legs ?? [];
  if (record === undefined || leg === undefined) return;
  timeline.tell("control", `record of ${record.gateway}, leg of ${leg.gateway}: ${egressCallId}`);
  verdicts.equal(`${what}: the record is of`, record.gateway, entry.name);
  verdicts.equal(`${what}: its Call-ID is the caller's`, record.ingress_sip_call_id, ingressCallId);
  verdicts.equal(
    `${what}: attempts`,
    record.attempts.map(attemptText).join(),
    `${sister.edge.name} ${sister.name}`,
  );
  verdicts.equal(`${what}: legs`, record.legs.map((one) => one.gateway).join(), sister.name);
  verdicts.equal(`${what}: the leg entered at`, leg.entry_gateway, entry.name);
  verdicts.equal(`${what}: the leg's Call-ID is the callee's`, leg.egress_sip_call_id, egressCallId);
  verdicts.equal(`${what}: the leg's status`, leg.status_code, 200);
  for (const [of, { media }] of [
    [record.gateway, record],
    [leg.gateway, leg],
  ] as const) {
    const counted = Math.min(media.from_ingress.packets, media.from_egress.packets);
    verdicts.atLeast(
      `${what}: media counted by ${of}`,
      counted,
      share * call.sentPackets,
      "packets each way",
    );
  }
}

function attemptText({ edge, via_gateway: via }: Details["attempts"][number]): string {
  return `${edge} ${via ?? "itself"}`;
}
