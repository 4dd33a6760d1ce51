import { readFileSync } from "node:fs";

/** A block of `docs/interconnect.md` that a person would type or save. */
export type PageBlock = { readonly section: string } & (
  | { readonly kind: "file"; readonly host: string; readonly path: string; readonly text: string }
  | {
      readonly kind: "commands";
      /** `control`, or `control, as the customer`: a terminal of its own. */
      readonly terminal: string;
      readonly host: string;
      readonly commands: readonly string[];
    }
);

/** Blocks of shell and YAML in their order. Throws an Error for one that does not say where it belongs. */
export function pageBlocks(file: string): readonly PageBlock[] {
  const sections = readFileSync(file, "utf8").split(/^## /m).slice(1);
  return sections.flatMap((text) => {
    const section = text.slice(0, text.indexOf("\n"));
    const blocks = [...text.matchAll(/^```(?:sh|yaml)\n([^]*?)^```$/gm)];
    return blocks.map((block) => blockOf(section, block[1] ?? ""));
  });
}

function blockOf(section: string, text: string): PageBlock {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  const file = /^# ([a-z0-9-]+):(\/\S+)$/.exec(first);
  if (file?.[1] !== undefined && file[2] !== undefined) {
    return { section, kind: "file", host: file[1], path: file[2], text: `${rest.join("\n")}\n` };
  }
  const terminal = /^# (([a-z0-9-]+)(?:, as the \w+)?)$/.exec(first);
  if (terminal?.[1] === undefined || terminal[2] === undefined) {
    throw new Error(`${section}: a block does not begin with its host: ${first}`);
  }
  const commands = rest.filter((line) => line !== "");
  return { section, kind: "commands", terminal: terminal[1], host: terminal[2], commands };
}
