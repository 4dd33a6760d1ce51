import type { PathSignals } from "./path-signals.ts";
import type { TargetsChange } from "./probed-targets.ts";
import type { TargetHealthTable } from "./target-health.ts";

/** What is known of targets that are no more. A line goes on counting for a target that only moved. */
export function forgetTargets(
  { gone, come }: TargetsChange,
  health: Pick<TargetHealthTable, "forget">,
  signals: Pick<PathSignals, "forget">,
): void {
  for (const target of gone) {
    health.forget(target);
    if (!come.some(({ sid }) => sid === target.sid)) signals.forget(target.sid);
  }
}
