export { NumberTable } from "./number-table.ts";
export { TextTable } from "./text-table.ts";
