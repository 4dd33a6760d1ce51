import type { Clock } from "@tandem/clock";
import type { StirConfiguration } from "@tandem/contracts";
import { AuthenticationService } from "./authentication-service.ts";
import type { StirTexts } from "./stir-files.ts";

/** What a gateway does about PASSporTs, as far as it is configured to. */
export class StirServices {
  readonly authentication: AuthenticationService | undefined;

  constructor(clock: Clock, { signing }: StirConfiguration) {
    this.authentication = signing && new AuthenticationService(clock, signing);
  }

  /** Takes the files as they are now. */
  apply({ privateKey }: StirTexts): void {
    if (privateKey !== undefined) this.authentication?.setPrivateKey(privateKey);
  }
}
