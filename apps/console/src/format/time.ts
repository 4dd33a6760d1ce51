/** Times as people read them. `timeZone`: undefined is the browser's own. */

/** `2026-11-26 17:14:04`; "" for what is no time. */
export function timeText(value: string | Date, timeZone?: string): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone }).format(date);
}

/** `17:14:04` */
export function clockText(value: string | Date, timeZone?: string): string {
  return timeText(value, timeZone).slice(11);
}

/** Whole seconds as `0:05`, `1:01:01`; "" for what is no duration. */
export function durationText(seconds: number | string): string {
  const whole = seconds === "" ? Number.NaN : Math.floor(Number(seconds));
  if (!Number.isFinite(whole) || whole < 0) return "";
  const hours = Math.floor(whole / 3600);
  const rest = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  return hours === 0 ? `${Math.floor(whole / 60)}:${rest[1]}` : `${hours}:${rest.join(":")}`;
}

/** How long ago: `12 s`, `5 min`, `3 h`, `2 d`. What lies ahead is `0 s`. */
export function agoText(value: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(value)) / 1000));
  if (Number.isNaN(seconds)) return "";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
