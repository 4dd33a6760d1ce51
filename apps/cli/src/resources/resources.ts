/** Every resource that the command line offers, in the order of its help. */
import { accountResources } from "./account-resources.ts";
import { callResources } from "./call-resources.ts";
import { carrierResources } from "./carrier-resources.ts";
import { destinationResources } from "./destination-resources.ts";
import { exchangeResources } from "./exchange-resources.ts";
import type { Resource } from "./resource.ts";
import { trunkResources } from "./trunk-resources.ts";

export const resources: readonly Resource[] = [
  ...trunkResources,
  ...callResources,
  ...destinationResources,
  ...carrierResources,
  ...exchangeResources,
  ...accountResources,
];
