import type { ReportedReception } from "@tandem/media";

/** What came of the audio of one side, up to now. */
export interface AudioReading {
  readonly packets: number;
  /** Never negative. */
  readonly lost: number;
  /** RFC 3550, of the present moment. */
  readonly jitterMs: number;
  /** Packets for this side from elsewhere than its source policy takes; 0 where nobody counts them. */
  readonly foreignPackets: number;
  /** Encoding name of the answer; undefined: it is not known. */
  readonly codec: string | undefined;
  /** What this side says of the packets that reach it; undefined: nothing. */
  readonly reported: ReportedReception | undefined;
}
