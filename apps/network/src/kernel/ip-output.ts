/**
 * Reads what `ip -N -json` prints. Releases differ in what they print besides and in whether numbers have names, so
 * whatever is not understood is left out instead of refused.
 */
import { ownProtocol, type RouteFacts, route } from "../plan/host-plan.ts";
import type { DeviceAddress, KernelRoute, Link } from "./host-state.ts";

type Fields = Readonly<Record<string, unknown>>;
/** RTN_UNREACHABLE and FR_ACT_UNREACHABLE of the kernel. */
const unreachable = new Set(["7", "unreachable"]);
const firstOwnTable = 1000;

/** @throws Error when the output is no JSON list */
function objects(output: string): readonly Fields[] {
  const parsed: unknown = output.trim() === "" ? [] : JSON.parse(output);
  if (!Array.isArray(parsed)) throw new Error("ip printed no JSON list");
  return parsed.filter((one) => isFields(one));
}

export function readLinks(output: string): ReadonlyMap<string, Link> {
  const links = new Map<string, Link>();
  for (const one of objects(output)) {
    const name = text(one["ifname"]);
    if (name === undefined) continue;
    const flags = list(one["flags"]);
    const statistics = fields(one["stats64"] ?? one["stats"]);
    links.set(name, {
      isUp: flags.includes("UP"),
      isRunning: flags.includes("UP") && flags.includes("LOWER_UP") && !flags.includes("NO-CARRIER"),
      receivedBytes: number(fields(statistics["rx"])["bytes"]) ?? null,
      sentBytes: number(fields(statistics["tx"])["bytes"]) ?? null,
    });
  }
  return links;
}

export function readAddresses(output: string): readonly DeviceAddress[] {
  return objects(output).flatMap((one) => {
    const device = text(one["ifname"]);
    const entries = list(one["addr_info"]).filter((entry) => isFields(entry));
    return entries.flatMap((entry): readonly DeviceAddress[] => {
      const address = text(entry["local"]);
      const prefixLength = number(entry["prefixlen"]);
      if (device === undefined || entry["family"] !== "inet") return [];
      if (address === undefined || prefixLength === undefined) return [];
      return [
        { device, address, prefixLength, peer: text(entry["address"]), label: text(entry["label"]) ?? "" },
      ];
    });
  });
}

/** Our rules, spelled as the plan spells them. One of ours that is no longer understood is spelled so that it differs. */
export function readRules(output: string): readonly string[] {
  return objects(output)
    .filter((one) => isOwn(one))
    .map((one) => {
      const source = sourceOf(one);
      const from = source === undefined ? "" : ` ${"not" in one ? "not " : ""}from ${source}`;
      return `pref ${number(one["priority"]) ?? 0}${from}${actionOf(one)}`;
    });
}

function sourceOf(one: Fields): string | undefined {
  const source = text(one["src"]);
  if (source === undefined || source === "all") return undefined;
  return `${source}/${number(one["srclen"]) ?? 32}`;
}

function actionOf(one: Fields): string {
  if (number(one["goto"]) !== undefined) return ` goto ${number(one["goto"])}`;
  if ("nop" in one || one["action"] === "nop") return " nop";
  if (text(one["table"]) !== undefined) return ` lookup ${text(one["table"])}`;
  return unreachable.has(text(one["action"]) ?? "") ? " unreachable" : "";
}

export function readRoutes(output: string): readonly KernelRoute[] {
  return objects(output).flatMap((one): readonly KernelRoute[] => {
    const table = Number(text(one["table"]) ?? Number.NaN);
    const destination = text(one["dst"]);
    // main is printed without a table.
    if (!(table >= firstOwnTable) || destination === undefined) return [];
    const facts = routeFacts(one, table, destination);
    return [
      {
        ...route(facts),
        table,
        destination:
          destination === "default" || destination.includes("/") ? destination : `${destination}/32`,
        usableDevices: facts.type === undefined ? usableDevices(one) : [],
        isOurs: isOwn(one),
      },
    ];
  });
}

function routeFacts(one: Fields, table: number, destination: string): RouteFacts {
  const type = text(one["type"]);
  const device = text(one["dev"]);
  const gateway = text(one["gateway"]);
  return {
    table,
    destination,
    metric: number(one["metric"]) ?? 0,
    ...(type === undefined || type === "1" || type === "unicast"
      ? {}
      : { type: unreachable.has(type) ? "unreachable" : type }),
    ...(device === undefined ? {} : { device }),
    ...(gateway === undefined ? {} : { gateway }),
  };
}

/** A route of several next hops has them in a list. */
function usableDevices(one: Fields): readonly string[] {
  const hops = "nexthops" in one ? list(one["nexthops"]).filter((hop) => isFields(hop)) : [one];
  return hops.flatMap((hop) => {
    const flags = list(hop["flags"]);
    const device = text(hop["dev"]);
    return device === undefined || flags.includes("dead") || flags.includes("linkdown") ? [] : [device];
  });
}

function isOwn(one: Fields): boolean {
  return text(one["protocol"]) === String(ownProtocol);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Numbers of tables and protocols are printed as texts, by some releases as numbers. */
function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}
