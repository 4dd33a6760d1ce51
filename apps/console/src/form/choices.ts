/** Choices of selects that are objects of the interface. */
import type { Client } from "../api/client.ts";
import { type Row, textOf } from "../api/row.ts";
import type { Choice, Field } from "./field.ts";

/** The most that a select offers. */
const most = "1000";

type Choices = Extract<Field["choices"], (client: Client) => unknown>;

/** The objects of a list, by their SIDs. `none`: label of the choice of none, which comes first. */
export function choicesOf(
  path: string,
  key: string,
  labelOf: (row: Row) => string = (row) => textOf(row, "friendly_name") || textOf(row, "sid"),
  none?: string,
): Choices {
  return async (client) => {
    const { rows } = await client.list(path, key, [["PageSize", most]]);
    const choices = rows.map((row): Choice => [textOf(row, "sid"), labelOf(row)]);
    return none === undefined ? choices : [["", none], ...choices];
  };
}

export function trunkChoices(none?: string): Choices {
  return choicesOf("/v1/Trunks", "trunks", undefined, none);
}

/** Names of edges. `isWanted`: of which of them. */
export function edgeChoices(isWanted: (edge: Row) => boolean = () => true, none?: string): Choices {
  return async (client) => {
    const { rows } = await client.list("/v1/Edges", "edges", [["PageSize", most]]);
    const choices = rows
      .filter(isWanted)
      .map((row): Choice => [textOf(row, "name"), `${textOf(row, "name")} · ${textOf(row, "place")}`]);
    return none === undefined ? choices : [["", none], ...choices];
  };
}
