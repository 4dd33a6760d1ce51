import type { Clock, Timer } from "@tandem/clock";
import { OutgoingRequest } from "@tandem/sip/message";
import type { ClientTransactionUser } from "@tandem/sip/transaction";
import type { Target } from "@tandem/sip/transport";
import {
  type LocatedUri,
  locateUri,
  newCallId,
  newTag,
  type Path,
  targetOnPath,
  type UserAgent,
} from "@tandem/sip/user-agent";
import { ProbeSchedule } from "./probe-schedule.ts";
import type { ProbeTarget } from "./probe-targets.ts";
import type { TargetsChange } from "./probed-targets.ts";

/** A probe that has no answer by then counts as unanswered, as an attempt would; an answer that comes later counts again. */
export const probeTimeoutMs = 4000;
/** Ways by which one target is probed at a time; the addresses of one name seldom lie behind more lines. */
export const maximumProbedPaths = 8;

/** How a probe of a target by one way ended; undefined: no response. */
export type ProbeReport = (target: ProbeTarget, path: Path, statusCode: number | undefined) => void;

export interface HealthProberOptions {
  readonly clock: Clock;
  readonly agent: UserAgent;
  readonly intervalSeconds: number;
  /** 0 to 1; spreads the probes. */
  readonly random: () => number;
  readonly onProbe: ProbeReport;
}

/** Sends OPTIONS to every target, by each way that calls to it take, each target at moments of its own. */
export class HealthProber {
  readonly #options: HealthProberOptions;
  readonly #schedule: ProbeSchedule;
  #targets = new Map<string, ProbeTarget>();
  /** The ways by which a target was probed last, for when its name can't be located any more. */
  readonly #paths = new Map<string, readonly Path[]>();
  /** Of probes that have no answer yet. */
  readonly #timeouts = new Set<Timer>();

  constructor(options: HealthProberOptions) {
    this.#options = options;
    this.#schedule = new ProbeSchedule({ ...options, onDue: (sid) => this.probe(sid) });
  }

  /** Replaces the targets; those that stay keep their moment. */
  setTargets(targets: readonly ProbeTarget[]): void {
    this.#targets = new Map(targets.map((target) => [target.sid, target]));
    for (const sid of this.#paths.keys()) if (!this.#targets.has(sid)) this.#paths.delete(sid);
    this.#schedule.setTargets(new Set(this.#targets.keys()));
  }

  /** The same for some of them. */
  changeTargets({ gone, come }: TargetsChange): void {
    for (const target of come) this.#targets.set(target.sid, target);
    for (const { sid, uri } of gone) {
      // The same SID may have come with another URI: it keeps its moment.
      if (this.#targets.get(sid)?.uri !== uri) continue;
      this.#targets.delete(sid);
      this.#paths.delete(sid);
      this.#schedule.remove(sid);
    }
    for (const { sid } of come) this.#schedule.add(sid);
  }

  /** Asks a target soon that has answered probes before: something about it has changed. */
  hurry(sid: string): void {
    this.#schedule.hurry(sid);
  }

  /** The same for every target that was probed by that line. */
  hurryLine(connectionSid: string): void {
    for (const [sid, paths] of this.#paths) {
      if (paths.some(({ connection }) => connection === connectionSid)) this.#schedule.hurry(sid);
    }
  }

  close(): void {
    this.setTargets([]);
    for (const timer of this.#timeouts) timer.cancel();
    this.#timeouts.clear();
  }

  /** @internal */
  probe(sid: string): void {
    const target = this.#targets.get(sid);
    if (target === undefined) return;
    this.#schedule.next(sid);
    locateUri(this.#options.agent.locator, target.uri, (located) => this.#onLocated(target, located));
  }

  #onLocated(target: ProbeTarget, located: LocatedUri): void {
    const targets = located.ok ? targetsOf(target, located) : [];
    if (targets.length === 0) {
      const { fixedPath } = target;
      const paths = fixedPath === undefined ? (this.#paths.get(target.sid) ?? []) : [fixedPath];
      for (const path of paths) this.#report(target, path, undefined);
      return;
    }
    if (this.#isCurrent(target)) this.#paths.set(target.sid, targets);
    for (const one of targets) this.#send(target, one);
  }

  #send(target: ProbeTarget, to: Target): void {
    const { agent, clock } = this.#options;
    let isOver = false;
    const end = (statusCode: number | undefined): void => {
      if (isOver && statusCode === undefined) return;
      isOver = true;
      timer.cancel();
      this.#timeouts.delete(timer);
      this.#report(target, to, statusCode);
    };
    const timer: Timer = clock.schedule(probeTimeoutMs, () => end(undefined), undefined);
    this.#timeouts.add(timer);
    const user: ClientTransactionUser = {
      onResponse: (response) => {
        if (response.statusCode >= 200) end(response.statusCode);
      },
      onFailure: () => end(undefined),
    };
    const contact = agent.contact(to.interfaceName, to.protocol);
    agent.layer.send(this.#optionsRequest(target, contact), to, user);
  }

  /** What an address says that is probed no more is news of nobody. */
  #report(target: ProbeTarget, path: Path, statusCode: number | undefined): void {
    if (!this.#isCurrent(target)) return;
    if (statusCode === undefined) this.#schedule.onUnanswered(target.sid);
    else this.#schedule.onAnswered(target.sid);
    const { interfaceName, connection } = path;
    this.#options.onProbe(target, { interfaceName, connection }, statusCode);
  }

  #isCurrent({ sid, uri }: ProbeTarget): boolean {
    return this.#targets.get(sid)?.uri === uri;
  }

  #optionsRequest(target: ProbeTarget, contact: string): OutgoingRequest {
    const request = new OutgoingRequest("OPTIONS", target.uri);
    request.headerFields
      .append("From", `${contact};tag=${newTag()}`)
      .append("To", `<${target.uri}>`)
      .append("Call-ID", newCallId())
      .append("CSeq", "1 OPTIONS")
      .append("Contact", contact)
      .append("Accept", "application/sdp")
      .append("User-Agent", this.#options.agent.productName);
    return request;
  }
}

/** The first address by each way. */
function targetsOf(target: ProbeTarget, located: Extract<LocatedUri, { ok: true }>): readonly Target[] {
  const byPath = new Map<string, Target>();
  for (const one of located.targets) {
    const path = target.pathTo(one.address);
    if (path === undefined || byPath.size >= maximumProbedPaths) continue;
    const key = `${path.interfaceName} ${path.connection ?? ""}`;
    if (!byPath.has(key)) byPath.set(key, targetOnPath(one, path));
  }
  return [...byPath.values()];
}
