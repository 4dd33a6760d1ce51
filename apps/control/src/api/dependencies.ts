import type { Clock } from "@tandem/clock";
import type { Database } from "@tandem/database";
import type { ControlLogger } from "../control-logger.ts";
import type { SecretBox } from "../secrets/index.ts";
import type { RequestRateLimits } from "./conventions/request-rates.ts";
import type { ResourceLimits } from "./limits.ts";

/** What the REST interface is made of; `main.ts` picks it. */
export interface ApiDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: ControlLogger;
  /** Origin of all `url` fields, `https://control.example`, without a slash at the end. */
  readonly publicUrl: string;
  /** Termination names end in `.pstn.{baseDomain}`. */
  readonly baseDomain: string;
  /** Realm that HA1 values are made for. */
  readonly realm: string;
  /** Seals HA1 values with the key outside the database. */
  readonly box: SecretBox;
  /** Called after the commit of a change of the configuration, with the snapshot version it made. */
  readonly configurationChanged?: (version: number) => void;
  readonly limits?: Partial<ResourceLimits>;
  /** Default `requestRateLimits`. */
  readonly requestRates?: RequestRateLimits;
  /** Whether X-Forwarded-For is believed (a reverse proxy stands in front). Default false. */
  readonly trustProxy?: boolean;
}
