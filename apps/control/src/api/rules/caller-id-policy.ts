import { OneOf } from "../conventions/parameters.ts";

/** Of a trunk, and of an account. */
export const CallerIdPolicy: ReturnType<typeof OneOf<"any" | "account" | "account-or-diverted">> = OneOf(
  ["any", "account", "account-or-diverted"],
  {
    description:
      "Numbers that calls may show: any, the account's, or also those of callers whose calls it sends on.",
  },
);
