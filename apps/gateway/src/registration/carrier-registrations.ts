import type { Clock } from "@tandem/clock";
import type { InterfaceConfiguration, SnapshotCarrier } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { RoutingTable } from "@tandem/routing";
import type { UserAgent } from "@tandem/sip/user-agent";
import type { Alerts } from "../calls/alerts.ts";
import { CarrierRegistration, type RegistrationState } from "./carrier-registration.ts";
import type { ServiceRoute } from "./service-route.ts";

export interface CarrierRegistrationsOptions {
  readonly clock: Clock;
  readonly agent: UserAgent;
  readonly random: () => number;
  /** Edge of this gateway. */
  readonly edge: string;
  readonly interfaces: readonly InterfaceConfiguration[];
  readonly alerts: Alerts;
  readonly onState: (carrierSid: string, state: RegistrationState, text: string) => void;
}

interface Entry {
  readonly registration: CarrierRegistration;
  /** Everything of the carrier that a registration is made of. */
  readonly key: string;
}

/** Keeps this gateway registered with the carriers of the snapshot that want it. */
export class CarrierRegistrations {
  readonly #options: CarrierRegistrationsOptions;
  readonly #entries = new Map<string, Entry>();
  #isClosed = false;

  constructor(options: CarrierRegistrationsOptions) {
    this.#options = options;
  }

  /** Begins, ends and renews registrations so that they are what the snapshot says; what did not change goes on. */
  apply(table: RoutingTable): void {
    if (this.#isClosed) return;
    const wanted = new Map(Array.from(table.objects("carriers"), (carrier) => [carrier.sid, carrier]));
    for (const [sid, entry] of this.#entries) {
      const carrier = wanted.get(sid);
      if (carrier !== undefined && this.#isWanted(carrier) && keyOf(carrier) === entry.key) continue;
      this.#entries.delete(sid);
      this.#end(entry, carrier);
    }
    for (const carrier of wanted.values()) if (!this.#entries.has(carrier.sid)) this.#begin(carrier);
  }

  /** The route for calls by the binding at that carrier's registrar. */
  serviceRoute(carrierSid: string): ServiceRoute | undefined {
    return this.#entries.get(carrierSid)?.registration.serviceRoute;
  }

  /** State by carrier SID. */
  states(): ReadonlyMap<string, RegistrationState> {
    return new Map(Array.from(this.#entries, ([sid, { registration }]) => [sid, registration.state]));
  }

  /** Removes all bindings; resolves when the registrars answered or had their time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closing = Array.from(this.#entries.values(), ({ registration }) => registration.close());
    this.#entries.clear();
    await Promise.all(closing);
  }

  #isWanted(carrier: SnapshotCarrier): boolean {
    const isServedHere = carrier.gateways.some((one) => one.edge === null || one.edge === this.#options.edge);
    return carrier.enabled && carrier.registration !== null && isServedHere;
  }

  #begin(carrier: SnapshotCarrier): void {
    const { registration } = carrier;
    const chosen = this.#options.interfaces.find((one) => one.roles.includes("carrier"));
    if (registration === null || chosen === undefined || !this.#isWanted(carrier)) return;
    const { clock, agent, random, alerts, onState } = this.#options;
    const entry: Entry = {
      key: keyOf(carrier),
      registration: new CarrierRegistration({
        clock,
        agent,
        random,
        path: { interfaceName: chosen.name, connection: undefined },
        carrier,
        registration,
        onState: (state, text) => onState(carrier.sid, state, text),
        onAlert: (text) =>
          alerts.raise(reasons.carrierRegistrationFailed, {
            accountSid: null,
            trunkSid: null,
            callSid: null,
            text: `${carrier.friendlyName} (${carrier.sid}): ${text}`,
          }),
      }),
    };
    this.#entries.set(carrier.sid, entry);
    entry.registration.start();
  }

  /**
   * A binding that the next registration replaces is left to it: removing it could overtake the new one, which has
   * another Call-ID.
   */
  #end(entry: Entry, carrier: SnapshotCarrier | undefined): void {
    const isReplaced =
      carrier !== undefined && this.#isWanted(carrier) && bindingOf(carrier) === bindingIn(entry.key);
    if (isReplaced) entry.registration.abandon();
    else void entry.registration.close();
  }
}

/** The binding is the same whatever the credentials are. */
function bindingOf({ registration }: SnapshotCarrier): string {
  return JSON.stringify([registration?.registrarUrl, registration?.addressOfRecord]);
}

function keyOf(carrier: SnapshotCarrier): string {
  return JSON.stringify([bindingOf(carrier), carrier.registration?.expiresSeconds, carrier.credentials]);
}

function bindingIn(key: string): string {
  return (JSON.parse(key) as [string])[0];
}
