interface Attempt {
  readonly url: string;
  readonly result: string;
  readonly statusCode: number | null;
}

/** One call of the demo, as the API tells it. */
export interface CallRow {
  readonly title: string;
  readonly edge: string;
  readonly status: string;
  readonly statusCode: number | null;
  readonly reasonCode: number | null;
  readonly reasonText: string;
  readonly attempts: readonly Attempt[];
  readonly postDialDelayMs: number | null;
  readonly packetsFromCaller: number;
  readonly packetsFromCallee: number;
  readonly lost: number;
  readonly releasedBy: string;
}

interface ApiCall {
  readonly status: string;
  readonly tandem: {
    readonly edge: string;
    readonly status_code: number | null;
    readonly reason_code: number | null;
    readonly reason_text: string | null;
    readonly released_by: string | null;
    readonly post_dial_delay_ms: number | null;
    readonly attempts: readonly {
      readonly url: string | null;
      readonly result: string;
      readonly status_code: number | null;
    }[];
    readonly media: Readonly<
      Record<"from_ingress" | "from_egress", { readonly packets: number; readonly lost: number }>
    >;
  };
}

export function callRow(title: string, call: Record<string, unknown>): CallRow {
  const { status, tandem } = call as unknown as ApiCall;
  const { from_ingress: fromIngress, from_egress: fromEgress } = tandem.media;
  return {
    title,
    edge: tandem.edge,
    status,
    statusCode: tandem.status_code,
    reasonCode: tandem.reason_code,
    reasonText: tandem.reason_text ?? "",
    attempts: tandem.attempts.map((attempt) => ({
      url: attempt.url ?? "carrier",
      result: attempt.result,
      statusCode: attempt.status_code,
    })),
    postDialDelayMs: tandem.post_dial_delay_ms,
    packetsFromCaller: fromIngress.packets,
    packetsFromCallee: fromEgress.packets,
    lost: fromIngress.lost + fromEgress.lost,
    releasedBy: tandem.released_by ?? "",
  };
}

const columns = [
  "call",
  "edge",
  "candidate",
  "status",
  "post-dial delay",
  "packets →",
  "packets ←",
  "lost",
  "released by",
];

/** Prints the calls, one row per attempt; a call that was refused before any attempt has its reason there. */
export function printTable(rows: readonly CallRow[]): void {
  const lines: string[][] = [columns.slice()];
  for (const row of rows) lines.push(...linesOf(row));
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => (line[index] ?? "").length)));
  console.log();
  for (const [number, line] of lines.entries()) {
    console.log(
      `  ${line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd()}`,
    );
    if (number === 0) console.log(`  ${widths.map((width) => "─".repeat(width)).join("  ")}`);
  }
}

function linesOf(row: CallRow): string[][] {
  const delay = row.postDialDelayMs === null ? "–" : `${row.postDialDelayMs.toFixed(1)} ms`;
  const ends = [
    delay,
    String(row.packetsFromCaller),
    String(row.packetsFromCallee),
    String(row.lost),
    row.releasedBy,
  ];
  if (row.attempts.length === 0) {
    const reason = `refused: ${row.reasonCode ?? ""} ${row.reasonText}`;
    return [[row.title, row.edge, reason, `${row.status} ${row.statusCode ?? ""}`, ...ends]];
  }
  return row.attempts.map((attempt, index) => {
    const isLast = index === row.attempts.length - 1;
    const status = isLast
      ? `${row.status} ${row.statusCode ?? ""}`
      : `${attempt.result} ${attempt.statusCode ?? "no answer"}`;
    const head = index === 0 ? [row.title, row.edge] : ["", ""];
    return [...head, attempt.url, status, ...(isLast ? ends : [])];
  });
}
