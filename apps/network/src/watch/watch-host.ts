import type { Clock } from "@tandem/clock";
import type { VtyshConfiguration } from "@tandem/contracts";
import type { Logger } from "@tandem/telemetry";
import { askRoutingDaemon, defaultVtyshIntervalMs } from "../health/ask-routing-daemon.ts";
import { DaemonPoll } from "../health/daemon-poll.ts";
import { StateFile } from "../health/state-file.ts";
import { commandLimits, commandRunner } from "../kernel/command.ts";
import { settingFindings } from "../kernel/device-settings.ts";
import { readHost } from "../kernel/read-host.ts";
import { linesOf, type OnceParts } from "../once.ts";
import { readSnapshotOnDisk } from "../snapshot-on-disk.ts";
import { EventStream } from "./event-stream.ts";
import { concerns, wordsOf } from "./ip-event.ts";
import { NetworkAgent } from "./network-agent.ts";
import { RulesetEvents } from "./ruleset-events.ts";
import { SnapshotWatch } from "./snapshot-watch.ts";

export interface WatchParts extends Omit<OnceParts, "print" | "complain"> {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Applies the snapshot now and whenever it, a device or our rules change. Closing leaves the kernel as it is. */
export function watchHost(parts: WatchParts): { close(): Promise<void> } {
  const { clock, logger, configuration, run, enforcer } = parts;
  const { stateDirectory, network } = configuration.gateway;
  const vtysh = network?.vtysh;
  const stateFile = new StateFile(stateDirectory);
  let words = wordsOf([]);
  const agent = new NetworkAgent({
    clock,
    logger,
    enforcer,
    readSnapshot: () => readSnapshotOnDisk(stateDirectory),
    linesOf: (snapshot) => linesOf(configuration, snapshot),
    readHost: () => readHost(run),
    daemonState: () => poll?.state,
    writeState: (state) => stateFile.write(state),
    onLines: ({ lines }) => {
      words = wordsOf(lines);
      const devices = lines.map((line) => line.device);
      for (const finding of settingFindings(devices, parts.settings))
        logger.warn("host-setting", { finding });
    },
  });
  const poll = vtysh === undefined ? undefined : daemonPoll(parts, vtysh, agent);
  const streams = eventStreams(parts, agent, (line) => {
    if (!concerns(line, words)) return;
    agent.request("change");
    poll?.ask();
  });
  const snapshots = new SnapshotWatch(clock, stateDirectory, () => agent.request("snapshot"));
  for (const stream of streams) stream.start();
  snapshots.start();
  agent.start();
  poll?.ask();
  return {
    close: async () => {
      poll?.close();
      snapshots.close();
      for (const stream of streams) stream.close();
      await agent.close();
    },
  };
}

function eventStreams(
  { clock, logger, enforcer }: WatchParts,
  agent: NetworkAgent,
  onIpEvent: (line: string) => void,
): readonly EventStream[] {
  const onEnd = (why: string): void => {
    logger.error("monitor-ended", { why });
    agent.request("interval");
  };
  const rulesetEvents = new RulesetEvents((pid) => enforcer.isWriter(pid));
  const ip = new EventStream({
    clock,
    argv: ["ip", "-N", "monitor", "link", "address", "route", "rule"],
    onLine: onIpEvent,
    onEnd,
  });
  const nft = new EventStream({
    clock,
    argv: ["nft", "monitor"],
    onLine: (line) => {
      if (!rulesetEvents.isForeign(line)) return;
      logger.error("rules-changed-by-others", { line });
      enforcer.forgetRules();
      agent.request("change");
    },
    onEnd,
  });
  return [ip, nft];
}

/** vtysh that has not answered by then will not. */
const vtyshLimits = { ...commandLimits, runMs: 2000 };

function daemonPoll(parts: WatchParts, vtysh: VtyshConfiguration, agent: NetworkAgent): DaemonPoll {
  const run = commandRunner(parts.clock, vtyshLimits);
  return new DaemonPoll({
    clock: parts.clock,
    intervalMs: vtysh.intervalMs ?? defaultVtyshIntervalMs,
    ask: () => askRoutingDaemon(run, vtysh),
    onChanged: () => agent.request("change"),
    onFault: (error) => parts.logger.error("routing-daemon-silent", { error: String(error) }),
  });
}
