/** Amounts with their units. Undefined, an amount that is not known, shows as a dash. */

export const unknown = "–";

/** With at most `digits` digits after the point. */
export function amountText(value: number | undefined, unit = "", digits = 0): string {
  if (value === undefined) return unknown;
  const text = new Intl.NumberFormat("en", { maximumFractionDigits: digits }).format(value);
  return unit === "" ? text : `${text} ${unit}`;
}

/** Share of `part` in `whole`, `97.5 %`; a dash when there is no whole. */
export function shareText(part: number | undefined, whole: number | undefined): string {
  if (part === undefined || whole === undefined || whole === 0) return unknown;
  return amountText((part / whole) * 100, "%", 1);
}

const steps = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"] as const;

/** `1.5 Mbit/s` */
export function bitRateText(bitsPerSecond: number | undefined): string {
  if (bitsPerSecond === undefined) return unknown;
  const step = Math.min(steps.length - 1, Math.floor(Math.log10(Math.max(1, bitsPerSecond)) / 3));
  return amountText(bitsPerSecond / 1000 ** step, steps[step], 1);
}

/** `12 calls`, `1 call`. */
export function countText(count: number, one: string, many: string = `${one}s`): string {
  return `${amountText(count)} ${count === 1 ? one : many}`;
}
