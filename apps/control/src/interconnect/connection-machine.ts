/**
 * The life of a private line as a pure function.
 *
 *   not-ready ⇄ inactive ─asked─▶ activating ─a gateway has it─▶ active ─asked─▶ deactivating ─all gateways know─▶ inactive
 *                  ▲                  └──────time is up──────┐                        └──time is up──┐
 *                  └─────────────────────────────────────────┴───────────────────────────────────────┘
 *   any ─date─▶ expired        any ─asked─▶ pending-deletion ─no gateway has it─▶ removed
 *
 * Clients see `activating` and `deactivating` as `in-transition`. No clock and no database here: `move-connection.ts`
 * writes down what comes out, `transition-watcher.ts` finds out what gateways say.
 */
import type { ConnectionStatus } from "@tandem/contracts";
import { type RestErrorName, restErrors } from "@tandem/reasons";

export type LineState =
  | Exclude<ConnectionStatus, "in-transition">
  | "activating"
  | "deactivating"
  | "removed";

export type LineEvent =
  /** A client changed the line, which lacks these parts now. */
  | { readonly kind: "changed"; readonly missing: readonly string[] }
  | { readonly kind: "activation-asked"; readonly missing: readonly string[] }
  | { readonly kind: "deactivation-asked" }
  | { readonly kind: "deletion-asked" }
  /** What the transition waits for has come. */
  | { readonly kind: "followed"; readonly cause: string }
  /** It has not come in time. */
  | { readonly kind: "timed-out"; readonly cause: string }
  | { readonly kind: "expired" };

export type LineStep =
  | {
      readonly kind: "moved";
      readonly state: LineState;
      readonly cause: string;
      readonly code: number | null;
    }
  | { readonly kind: "stayed" }
  | { readonly kind: "refused"; readonly error: RestErrorName; readonly particulars?: string };

/** What becomes of a line in that state. An event of the watcher that means nothing here changes nothing. */
export function stepLine(state: LineState, event: LineEvent): LineStep {
  return steps[state](event);
}

const steps: Readonly<Record<LineState, (event: LineEvent) => LineStep>> = {
  "not-ready": (event) => {
    if (event.kind === "changed") {
      return event.missing.length > 0 ? stayed : moved("inactive", "it has all that its type needs");
    }
    return event.kind === "activation-asked" ? notReady(event.missing) : common(event);
  },

  inactive: (event) => {
    if (event.kind === "changed") {
      return event.missing.length === 0 ? stayed : moved("not-ready", `it lacks ${event.missing.join(", ")}`);
    }
    if (event.kind === "activation-asked") {
      return event.missing.length > 0
        ? notReady(event.missing)
        : moved("activating", "activation was asked for");
    }
    return common(event);
  },

  activating: (event) => {
    if (event.kind === "followed") return moved("active", event.cause);
    return event.kind === "timed-out" ? failed(event.cause) : inUse(event);
  },

  active: (event) => {
    if (event.kind === "deactivation-asked") return moved("deactivating", "deactivation was asked for");
    return inUse(event);
  },

  deactivating: (event) => {
    if (event.kind === "followed") return moved("inactive", event.cause);
    return event.kind === "timed-out" ? failed(event.cause) : inUse(event);
  },

  "pending-deletion": (event) => {
    if (event.kind === "followed") return moved("removed", event.cause);
    return isAsked(event) ? refused("connectionPendingDeletion") : stayed;
  },

  expired: (event) => {
    if (event.kind === "deletion-asked") return common(event);
    return isAsked(event) ? refused("connectionExpired") : stayed;
  },

  removed: (event) => (isAsked(event) ? refused("interconnectConnectionNotFound") : stayed),
};

/** Whether a client is behind the event and waits for an answer. */
function isAsked({ kind }: LineEvent): boolean {
  return kind === "changed" || kind.endsWith("-asked");
}

/** Gateways have the line: it may not lose what it needs. */
function inUse(event: LineEvent): LineStep {
  if (event.kind === "changed") return event.missing.length > 0 ? notReady(event.missing) : stayed;
  if (event.kind === "activation-asked") return refused("connectionInTransition");
  return common(event);
}

/** What is the same in most states. */
function common(event: LineEvent): LineStep {
  switch (event.kind) {
    case "deactivation-asked":
      return refused("interconnectConnectionNotActive");
    case "deletion-asked":
      return moved("pending-deletion", "deletion was asked for");
    case "expired":
      return moved("expired", "its time is up");
    case "changed":
    case "activation-asked":
    case "followed":
    case "timed-out":
      return stayed;
  }
}

const stayed = { kind: "stayed" } as const;

function moved(state: LineState, cause: string) {
  return { kind: "moved", state, cause, code: null } as const;
}

function failed(cause: string): LineStep {
  return { kind: "moved", state: "inactive", cause, code: restErrors.networkProvisioningFailed.code };
}

function refused(error: RestErrorName): LineStep {
  return { kind: "refused", error };
}

function notReady(missing: readonly string[]): LineStep {
  return { kind: "refused", error: "connectionNotReady", particulars: `It lacks ${missing.join(", ")}.` };
}
