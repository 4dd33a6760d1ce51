import type { Removal } from "../resource/resource.ts";
import { confirm } from "./confirmation.ts";

/** Asks before an object goes, by its name where that has to be typed, and then has `run` take it away. */
export function confirmRemoval(removal: Removal, name: string, run: () => Promise<void>): void {
  const { verb, text, isTyped } = removal;
  confirm({
    title: `${verb} ${name}?`,
    text: text(name),
    action: verb,
    typed: isTyped === true ? name : undefined,
    run,
  });
}
