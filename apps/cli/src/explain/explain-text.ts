/** The answer of `explain` for people: each stage's verdict, then the candidates in the order they would be tried. */
import type { ExplainResult } from "@tandem/contracts";

const marks = { pass: "pass", refuse: "REFUSE", skip: "skip" } as const;

export function explainText(result: ExplainResult): string {
  const width = Math.max(0, ...result.stages.map((stage) => stage.stage.length));
  const stages = result.stages.map(({ stage, verdict, text, reasonCode, statusCode }) => {
    const status = statusCode === null ? "" : ` [${statusCode}]`;
    const code = reasonCode === null ? "" : ` (reason ${reasonCode})`;
    return `  ${stage.padEnd(width)}  ${marks[verdict].padEnd(6)}${status} ${text}${code}`.trimEnd();
  });
  const candidates = result.candidates.map(({ sid, url, edge, usable, text }, index) => {
    const where = edge === null ? "" : ` from ${edge}`;
    return `  ${index + 1}. ${usable ? "use " : "skip"} ${url}${where}  ${text} (${sid})`;
  });
  return [
    `gateway ${result.gateway}, snapshot ${result.snapshotVersion}`,
    `trunk ${result.trunkSid ?? "-"}, account ${result.accountSid ?? "-"}`,
    "stages",
    ...stages,
    "candidates",
    ...(candidates.length === 0 ? ["  none"] : candidates),
  ].join("\n");
}

/** Whether the call would be carried: no stage refuses and there is a candidate. */
export function wouldBeCarried(result: ExplainResult): boolean {
  return result.stages.every((stage) => stage.verdict !== "refuse") && result.candidates.length > 0;
}
