import type { Clock } from "@tandem/clock";
import type { SourceBan } from "@tandem/contracts";
import type { SipMessage, SipRequest } from "@tandem/sip/message";
import type { Flow } from "@tandem/sip/transport";
import { type Ban, type BanCause, BanTable } from "./ban-table.ts";
import { hasCredentials } from "./has-credentials.ts";
import { isScanner } from "./scanner-signatures.ts";
import { pointsOfRefusal, pointsOfStranger, Suspicion } from "./suspicion.ts";
import { VerifiedSources } from "./verified-sources.ts";

/** Requests with credentials that are heard of one banned source per second: one of them may be the customer's. */
export const credentialsHeardPerSecond = 10;
/**
 * The same of a source that gave a valid digest within a day; and as many first requests of such a source, which need a
 * challenge before they can have any: a flood in a customer's name must not keep it from proving itself.
 */
export const heardOfCustomersPerSecond = 100;

export interface ShieldOptions {
  readonly clock: Clock;
  /** Whether an address is a carrier's, or in an access control list of a trunk. Such a source is never banned. */
  readonly isListed: (address: string) => boolean;
  /** Whether a request would get a challenge, and nothing else, were it not for a ban. */
  readonly isForChallenge: (request: SipRequest) => boolean;
  readonly onBan: (ban: Ban) => void;
  /** A ban ended before its time. */
  readonly onLift: (ban: Ban) => void;
}

/** What has been turned away since the start. */
export interface ShieldCounts {
  readonly bans: number;
  readonly liftedBans: number;
  /** Datagrams and connections of banned sources. */
  readonly turnedAway: number;
  readonly strangers: number;
  readonly suspects: number;
  readonly bannedSources: number;
}

/**
 * Who has shown to be up to no good is heard no more for a while.
 *
 * Listed sources and private lines are never banned. A source that gave a valid digest lately is judged by what it sends
 * with credentials only. Over UDP without such proof anybody can speak in anybody's name, so that such a ban is short, a
 * valid digest lifts it at once, and dialogs that are up are heard all the while.
 */
export class Shield {
  readonly #options: ShieldOptions;
  readonly #bans: BanTable;
  readonly #suspicion: Suspicion;
  readonly #verified: VerifiedSources;
  /** Requests with credentials, or for a challenge, heard of banned sources in the running second. */
  readonly #heard = new Map<string, number>();
  #heardUntilMs = 0;
  #banCount = 0;
  #liftCount = 0;
  #turnedAway = 0;
  #strangers = 0;

  constructor(options: ShieldOptions) {
    this.#options = options;
    this.#bans = new BanTable(options.clock);
    this.#suspicion = new Suspicion(options.clock);
    this.#verified = new VerifiedSources(options.clock);
  }

  counts(): ShieldCounts {
    return {
      bans: this.#banCount,
      liftedBans: this.#liftCount,
      turnedAway: this.#turnedAway,
      strangers: this.#strangers,
      suspects: this.#suspicion.size,
      bannedSources: this.#bans.size,
    };
  }

  /** Before a byte is read: false for who is banned for good reason. UDP without proof passes, for `hears`. */
  accepts(address: string, interfaceName: string): boolean {
    const ban = this.#bans.get(interfaceName, address);
    if (ban?.isVerified !== true || this.#options.isListed(address)) return true;
    this.#turnedAway += 1;
    return false;
  }

  /**
   * Whether a message of a banned source is heard all the same: in a dialog that is up, the CANCEL of an INVITE that is being
   * answered, responses to what we asked, and a few requests with credentials, or for a challenge. Without a ban: always, but
   * a scanner's, which is a ban.
   */
  hears(message: SipMessage, flow: Flow, isOfOurs: (message: SipMessage, flow: Flow) => boolean): boolean {
    const { interfaceName, remoteAddress } = flow;
    if (this.#bans.get(interfaceName, remoteAddress) === undefined) return !this.#isScan(message, flow);
    if (this.#isExempt(flow) || !message.isRequest || isOfOurs(message, flow)) return true;
    if (this.#mayProve(message, `${interfaceName} ${remoteAddress}`, flow)) return true;
    this.#turnedAway += 1;
    return false;
  }

  /** Somebody unknown asked for something, or sent what is no SIP. */
  onStranger(flow: Flow): void {
    this.#strangers += 1;
    if (this.#isVouchedFor(flow)) return;
    if (this.#suspicion.add(flow.interfaceName, flow.remoteAddress, pointsOfStranger)) {
      this.#ban(flow, "stranger", flow.isReliable);
    }
  }

  /**
   * A call was refused for its address or password. Over UDP that proves nothing about the address, even when the nonce was
   * ours: a nonce is not bound to an address, and who got one may write it into datagrams in another's name.
   */
  onRefusedCaller(flow: Flow): void {
    if (this.#isVouchedFor(flow)) return;
    if (this.#suspicion.add(flow.interfaceName, flow.remoteAddress, pointsOfRefusal)) {
      this.#ban(flow, "wrong-credentials", flow.isReliable);
    }
  }

  /** Over UDP, in no list, on no private line, and without a valid digest lately: the address may be anybody's. */
  isUnverified(flow: Flow): boolean {
    return !flow.isReliable && !this.#isVouchedFor(flow);
  }

  /** A valid digest: whatever was held against that source was not its own doing. */
  onValidDigest(flow: Flow): void {
    const { interfaceName, remoteAddress } = flow;
    this.#verified.add(interfaceName, remoteAddress);
    this.#suspicion.forget(interfaceName, remoteAddress);
    this.lift(interfaceName, remoteAddress);
  }

  bans(): readonly Ban[] {
    return this.#bans.list();
  }

  /** The same as control asks for them. */
  described(): readonly SourceBan[] {
    const now = this.#options.clock.monotonicMs();
    return this.#bans.list().map(({ interfaceName, address, cause, isVerified, endsAtMs }) => ({
      interface: interfaceName,
      address,
      cause,
      verified: isVerified,
      secondsLeft: Math.round((endsAtMs - now) / 1000),
    }));
  }

  /** Ends a ban. False: there is none. */
  lift(interfaceName: string, address: string): boolean {
    const ban = this.#bans.get(interfaceName, address);
    if (ban === undefined) return false;
    this.#bans.delete(interfaceName, address);
    this.#liftCount += 1;
    this.#options.onLift(ban);
    return true;
  }

  /** Scanners give their name away in what they ask. */
  #isScan(message: SipMessage, flow: Flow): boolean {
    if (!message.isRequest || message.toTag !== "" || this.#isVouchedFor(flow)) return false;
    if (!isScanner(message.value("User-Agent"))) return false;
    this.#strangers += 1;
    this.#ban(flow, "scanner", flow.isReliable);
    return true;
  }

  #ban(flow: Flow, cause: BanCause, isVerified: boolean): void {
    this.#banCount += 1;
    this.#options.onBan(this.#bans.add(flow.interfaceName, flow.remoteAddress, cause, isVerified));
  }

  #isVouchedFor(flow: Flow): boolean {
    return this.#isExempt(flow) || this.#verified.has(flow.interfaceName, flow.remoteAddress);
  }

  #isExempt(flow: Flow): boolean {
    return flow.connection !== undefined || this.#options.isListed(flow.remoteAddress);
  }

  /** Whether a request may show that the source is a customer's, or get what it needs to show it. */
  #mayProve(request: SipRequest, key: string, { interfaceName, remoteAddress }: Flow): boolean {
    const isCustomers = this.#verified.remembers(interfaceName, remoteAddress);
    if (hasCredentials(request)) {
      return this.#mayTry(key, isCustomers ? heardOfCustomersPerSecond : credentialsHeardPerSecond);
    }
    const isFirst = isCustomers && this.#options.isForChallenge(request);
    return isFirst && this.#mayTry(`${key} challenge`, heardOfCustomersPerSecond);
  }

  #mayTry(key: string, perSecond: number): boolean {
    const now = this.#options.clock.monotonicMs();
    if (now >= this.#heardUntilMs) {
      this.#heard.clear();
      this.#heardUntilMs = now + 1000;
    }
    const heard = this.#heard.get(key) ?? 0;
    if (heard >= perSecond) return false;
    this.#heard.set(key, heard + 1);
    return true;
  }
}
