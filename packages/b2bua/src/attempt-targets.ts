import { reasons } from "@tandem/reasons";
import type { LocatedTarget } from "@tandem/sip/locate";
import type { Target } from "@tandem/sip/transport";
import { targetOnPath } from "@tandem/sip/user-agent";
import type { EgressCandidate, EgressPlace, Placement, Unplaced } from "./call-plan.ts";

/** An address to try, and where the attempt leaves for it. */
export interface PlacedTarget {
  readonly target: Target;
  readonly place: EgressPlace;
}

/** The addresses of one attempt in the order to try them. */
export class AttemptTargets {
  #list: PlacedTarget[] = [];
  #index = 0;

  set(list: readonly PlacedTarget[]): void {
    this.#list = [...list];
    this.#index = 0;
  }

  get current(): PlacedTarget | undefined {
    return this.#list[this.#index];
  }

  get hasNext(): boolean {
    return this.#index + 1 < this.#list.length;
  }

  /** Addresses that are left, the current one included. */
  get left(): number {
    return this.#list.length - this.#index;
  }

  get isOnlyOne(): boolean {
    return this.#list.length === 1;
  }

  advance(): void {
    this.#index += 1;
  }

  /** Later addresses behind that private line are not worth a try any more. */
  dropLaterBehind(connection: string): void {
    this.#list = this.#list.filter(
      ({ place }, index) => index <= this.#index || place.path.connection !== connection,
    );
  }
}

/**
 * Where the attempt leaves for each located address. Those that it can't leave for are left out; when it can leave for
 * none, the first objection says why, one that may be tried last before others.
 */
export function placeTargets(
  candidate: EgressCandidate,
  early: Placement | undefined,
  located: readonly LocatedTarget[],
  isLastResort: boolean,
): { readonly placed: readonly PlacedTarget[]; readonly objection: Unplaced | undefined } {
  const placed: PlacedTarget[] = [];
  let objection: Unplaced | undefined;
  for (const one of located) {
    const placement = early ?? candidate.placeOf(one.address, isLastResort);
    if (placement?.ok === true) {
      placed.push({ target: targetOnPath(one, placement.place.path), place: placement.place });
    } else if (objection === undefined || placement?.mayBeTriedLast === true) {
      objection = placement;
    }
  }
  return { placed, objection };
}

/** Why nothing is sent to a target that has asked for fewer calls. It must not get them as a last resort either. */
export function askedForLess({ target, place }: PlacedTarget): Unplaced {
  return {
    ok: false,
    reason: reasons.targetOverloaded,
    text: `${target.address}:${target.port} asks for fewer calls`,
    path: place.path,
    mayBeTriedLast: false,
    fallback: undefined,
  };
}

export function isSamePlace(one: EgressPlace | undefined, other: EgressPlace): boolean {
  return (
    one !== undefined &&
    one.path.interfaceName === other.path.interfaceName &&
    one.path.connection === other.path.connection &&
    one.media.mediaInterface === other.media.mediaInterface
  );
}
