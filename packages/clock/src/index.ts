export type { Clock, Timer } from "./clock.ts";
export { sleep } from "./sleep.ts";
export { SteadyTime } from "./steady-time.ts";
export { SystemClock, type SystemClockOptions } from "./system-clock.ts";
