export { HandClock, type HandClockOptions } from "./hand-clock.ts";
