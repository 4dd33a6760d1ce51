import { ApiError } from "../conventions/api-error.ts";

/** Throws 91116 unless the text is + and 1 to 15 digits of which the first is not 0. */
export function checkNumberPrefix(prefix: string): void {
  if (!/^\+[1-9]\d{0,14}$/.test(prefix)) throw new ApiError("invalidNumberPrefix");
}
