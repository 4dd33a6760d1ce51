import type { TestContext } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type {
  CommandResult,
  GatewayCommand,
  Snapshot,
  SnapshotGatewayInterface,
  TargetHealth,
} from "@tandem/contracts";
import { LedgerDouble } from "../../testing/ledger-double.ts";
import { ControlLink } from "../control-link.ts";
import { ControlDouble } from "./control-double.ts";

export interface Script {
  readonly control: ControlDouble;
  readonly link: ControlLink;
  readonly clock: HandClock;
  readonly ledger: LedgerDouble;
  readonly events: string[];
  readonly applied: Snapshot[];
  /** What came of snapshots in pieces and of changes. */
  readonly pieces: string[];
  readonly commands: GatewayCommand[];
  /** Of the state. */
  readonly targets: TargetHealth[];
  /** What the taking of snapshots and `perform` throw. */
  failure: string | undefined;
}

export async function script(context: TestContext, url?: string): Promise<Script> {
  const control = new ControlDouble(context);
  const clock = new HandClock();
  const ledger = new LedgerDouble();
  const events: string[] = [];
  const applied: Snapshot[] = [];
  const pieces: string[] = [];
  const commands: GatewayCommand[] = [];
  const parts = {
    control,
    clock,
    ledger,
    events,
    applied,
    pieces,
    commands,
    targets: [] as TargetHealth[],
    failure: undefined as string | undefined,
  };
  const maybeFail = (): void => {
    if (parts.failure !== undefined) throw new Error(parts.failure);
  };
  let version = 0;
  const take = (what: string): void => {
    maybeFail();
    pieces.push(what);
  };
  const link = new ControlLink({
    clock,
    url: url ?? (await control.url()),
    token: "secret-token",
    gateway: "gateway 1",
    edge: "ashburn-ix",
    ledger,
    random: () => 0.5,
    snapshots: {
      get version() {
        return version;
      },
      whole: (snapshot) => {
        maybeFail();
        applied.push(snapshot);
        version = snapshot.version;
      },
      begin: (settings, counts) => take(`begin ${settings.version} with ${counts.numbers} numbers`),
      add: (objects) => take(`objects ${objects.numbers?.length} numbers`),
      end: (ended) => {
        take(`end ${ended}`);
        version = ended;
      },
      change: (change) => {
        take(`change ${change.fromVersion} to ${change.toVersion}`);
        version = change.toVersion;
      },
      abandon: () => pieces.push("abandon"),
    },
    perform: (command): CommandResult => {
      maybeFail();
      commands.push(command);
      return { ok: true, name: "hang-up", found: true };
    },
    state: () => ({ liveCalls: 3, draining: false, targets: parts.targets, connections: [], sisters: [] }),
    interfaces: () => [gatewayInterface],
    onEvent: (event, text) => events.push(`${event}: ${text}`),
  });
  context.after(() => link.close());
  return Object.assign(parts, { link });
}

export const gatewayInterface: SnapshotGatewayInterface = {
  name: "customers",
  roles: ["private"],
  address: "203.0.113.64",
  udpPort: 5060,
  tcpPort: null,
  tlsPort: null,
};

export async function connected(context: TestContext): Promise<Script> {
  const parts = await script(context);
  parts.link.start();
  await parts.control.next("hello");
  return parts;
}
