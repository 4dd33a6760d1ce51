import { waitFor } from "../../harness/wait.ts";
import type { CallView } from "../agent/operations.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { type BothEnds, isEndedByCaller } from "./crowd.ts";
import type { Stand } from "./stand.ts";

/** Records wait for their gateway's next commit, and for control. */
const recordLimitMs = 60_000;

interface Direction {
  readonly packets: number;
}

interface Shown {
  readonly sid: string;
  readonly status: string;
  readonly duration: string | null;
  readonly tandem: {
    readonly status_code: number | null;
    readonly reason_code: number | null;
    readonly released_by: string | null;
    readonly ingress_sip_call_id: string;
    readonly egress_sip_call_id: string | null;
    readonly adopted: boolean;
    readonly media: { readonly from_ingress: Direction; readonly from_egress: Direction };
    readonly attempts: readonly { readonly result: string }[];
  } | null;
}

/** One complete record of each call of the crowd, from before the gateway's restart to after it. */
export async function judgeCrowdRecords(
  { verdicts }: Stand,
  { api }: NetworkExchange,
  calls: readonly BothEnds[],
): Promise<void> {
  const shown = await waitFor(
    "the records",
    async () => {
      const page = (await api.get(`${api.accountPath}/Calls.json?PageSize=1000`)) as { calls: Shown[] };
      // One that was refused and placed again has a record too, without a duration.
      const records = page.calls.filter(({ tandem, duration }) => tandem !== null && duration !== null);
      return records.length >= calls.length ? records : undefined;
    },
    recordLimitMs,
  );
  verdicts.equal("records of answered calls", shown.length, calls.length);
  const faults = calls.flatMap((ends, number) => faultsOf(ends, number, shown));
  verdicts.equal("calls whose record is not complete", faults.join("; "), "");
}

/** What is wrong with the record of a call, in words. */
function faultsOf({ caller, callee }: BothEnds, number: number, shown: readonly Shown[]): readonly string[] {
  const [record, ...others] = shown.filter(({ tandem }) => tandem?.ingress_sip_call_id === caller.callId);
  if (record === undefined || record.tandem === null) return [`call ${number} has none`];
  const { tandem } = record;
  const wanted = {
    others: others.length === 0,
    status: record.status === "completed" && tandem.status_code === 200,
    duration: Number(record.duration) > 0,
    reason: tandem.reason_code === null,
    "released by": tandem.released_by === (isEndedByCaller(number) ? "caller" : "callee"),
    "egress call": tandem.egress_sip_call_id === callee.callId,
    adopted: tandem.adopted,
    attempts: tandem.attempts.map(({ result }) => result).join() === "answered",
    "packets from the caller": isCounted(tandem.media.from_ingress, caller, callee),
    "packets from the callee": isCounted(tandem.media.from_egress, callee, caller),
  };
  return Object.entries(wanted)
    .filter(([, isRight]) => !isRight)
    .map(([what]) => `call ${number}: ${what}`);
}

/** All that went through: what comes before the relay knows both sides is not counted. */
function isCounted({ packets }: Direction, from: CallView, to: CallView): boolean {
  return packets >= to.receivedPackets && packets <= from.sentPackets;
}
