import type { Clock } from "@tandem/clock";
import type { GatewayConfiguration, InterfaceConfiguration } from "@tandem/contracts";
import { lossAnnouncement, type OverloadFeedback, type OverloadReporter } from "@tandem/sip/message";
import type { OverloadControl } from "@tandem/sip/transaction";
import type { Target } from "@tandem/sip/transport";
import { LossPercentage } from "./loss-percentage.ts";
import { LossReport } from "./loss-report.ts";
import { OverloadedTargets } from "./overloaded-targets.ts";

export interface GatewayOverloadControlOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly configuration: Pick<GatewayConfiguration, "overloadControl" | "interfaces">;
  readonly onEvent: (event: string, fields: Record<string, unknown>) => void;
}

/**
 * Overload control with the neighbours (RFC 7339, loss): what we ask of our clients, and what our next hops ask of us.
 * Sisters have their own signs; on interfaces that only they use nothing is announced.
 */
export class GatewayOverloadControl implements OverloadControl, OverloadReporter {
  readonly loss: LossPercentage;
  readonly targets: OverloadedTargets;
  readonly #report: LossReport;
  readonly #isEnabled: boolean;
  readonly #exceptAddresses: ReadonlySet<string>;
  readonly #exceptInterfaces: ReadonlySet<string>;

  constructor(options: GatewayOverloadControlOptions) {
    const { clock, random, configuration, onEvent } = options;
    const { enabled = true, exceptAddresses = [] } = configuration.overloadControl ?? {};
    this.#isEnabled = enabled;
    this.#exceptAddresses = new Set(exceptAddresses);
    this.#exceptInterfaces = new Set(configuration.interfaces.filter(isOnlyBackbone).map(({ name }) => name));
    this.loss = new LossPercentage(clock);
    this.#report = new LossReport(clock, this.loss);
    this.targets = new OverloadedTargets(clock, random, ({ interfaceName, address, port }, feedback) => {
      const { percentage, validityMs } = feedback;
      onEvent("target-asks-for-less", { interface: interfaceName, address, port, percentage, validityMs });
    });
  }

  report(): string {
    return this.#isEnabled ? this.#report.report() : "";
  }

  announcement(target: Target): string {
    return this.#isParticipating(target) ? lossAnnouncement : "";
  }

  /** Who was not told that we know overload control has nothing to ask. */
  onFeedback(feedback: OverloadFeedback, target: Target): void {
    if (this.#isParticipating(target)) this.targets.onFeedback(feedback, target);
  }

  #isParticipating({ address, interfaceName }: Target): boolean {
    return (
      this.#isEnabled && !this.#exceptAddresses.has(address) && !this.#exceptInterfaces.has(interfaceName)
    );
  }
}

function isOnlyBackbone({ roles }: InterfaceConfiguration): boolean {
  return roles.every((role) => role === "backbone");
}
