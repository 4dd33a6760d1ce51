/**
 * Pages of lists. A page token is a place in the resource's ascending sequence (`PA17`: after row 17, `PB17`: before
 * it, `PL`: at the end), so rows that come and go while a client walks neither repeat nor hide others. `Page` is the client's own
 * count and is only handed back.
 */
import type { Page, PageWindow } from "@tandem/database";
import type { FastifyRequest } from "fastify";
import Type, { type TSchema } from "typebox";
import { ApiError } from "./api-error.ts";

export const defaultPageSize = 50;
export const maximumPageSize = 1000;
const lastPageToken = "PL";

/** Spread into the query schema of every list. */
export const pageParameters = {
  PageSize: Type.Optional(Type.Integer({ minimum: 1, description: "1-1000, default 50." })),
  Page: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 })),
  PageToken: Type.Optional(
    Type.String({ description: "Of the address of a page; PL: the last page, with the newest rows." }),
  ),
};

export interface PageRequest {
  /** Path of the list without the query. */
  readonly path: string;
  /** The list's filters as they were given, with `&` at the end unless empty. */
  readonly filters: string;
  /** The client's page count. */
  readonly index: number;
  readonly token: string | undefined;
  readonly window: PageWindow;
}

/**
 * Reads the page parameters. Throws 91007 for a token that is none of ours, and 20007 above the maximum page size; lists of
 * 2010-04-01 give pages of the maximum then: the SDK asks for pages of its caller's `limit`, however many rows that is.
 */
export function pageRequestOf(request: FastifyRequest): PageRequest {
  const query = request.query as { PageSize?: number; Page?: number; PageToken?: string };
  const [path, search] = split(request.url);
  const wanted = query.PageSize ?? defaultPageSize;
  if (wanted > maximumPageSize && !path.startsWith("/2010-04-01/")) throw new ApiError("pageSizeTooLarge");
  const size = Math.min(wanted, maximumPageSize);
  return {
    path,
    filters: filtersOf(search),
    index: query.Page ?? 0,
    token: query.PageToken,
    window: { limit: size, ...placeOf(query.PageToken) },
  };
}

/** At the first question mark: a query may hold more of them (RFC 3986 §3.4). */
function split(url: string): [path: string, search: string] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}

function filtersOf(search: string): string {
  const filters = new URLSearchParams(search);
  for (const name of Object.keys(pageParameters)) filters.delete(name);
  return filters.size === 0 ? "" : `${filters}&`;
}

function placeOf(token: string | undefined): { after?: number; before?: number } {
  if (token === undefined) return {};
  if (token === lastPageToken) return { before: Number.MAX_SAFE_INTEGER };
  const parts = /^P([AB])(\d{1,15})$/.exec(token);
  if (parts === null) throw new ApiError("invalidPageToken");
  return parts[1] === "A" ? { after: Number(parts[2]) } : { before: Number(parts[2]) };
}

function addressOf(request: PageRequest, index: number, token: string | undefined): string {
  const address = `${request.path}?${request.filters}PageSize=${request.window.limit}&Page=${index}`;
  return token === undefined ? address : `${address}&PageToken=${token}`;
}

interface Sequenced {
  readonly sequence: number;
}

function neighbours(request: PageRequest, page: Page<Sequenced>) {
  const first = page.rows[0]?.sequence ?? request.window.after ?? request.window.before ?? 0;
  const last = page.rows.at(-1)?.sequence ?? request.window.before ?? request.window.after ?? 0;
  return {
    first: addressOf(request, 0, undefined),
    own: addressOf(request, request.index, request.token),
    previous: page.hasPrevious
      ? addressOf(request, Math.max(0, request.index - 1), beforeToken(first, page))
      : null,
    next: page.hasNext ? addressOf(request, request.index + 1, afterToken(last, page)) : null,
  };
}

// An empty page after row 17 has its predecessors up to and including row 17, and the same in mirror image.
function beforeToken(sequence: number, page: Page<Sequenced>): string {
  return `PB${page.rows.length === 0 ? sequence + 1 : sequence}`;
}

function afterToken(sequence: number, page: Page<Sequenced>): string {
  return `PA${page.rows.length === 0 ? Math.max(0, sequence - 1) : sequence}`;
}

/** A page of a v1 list: `{ trunks: […], meta: {…} }` with absolute addresses. */
export function pageV1<Row extends Sequenced>(
  publicUrl: string,
  key: string,
  request: PageRequest,
  page: Page<Row>,
  present: (row: Row) => unknown,
): object {
  const { first, own, previous, next } = neighbours(request, page);
  return {
    [key]: page.rows.map(present),
    meta: {
      page: request.index,
      page_size: request.window.limit,
      first_page_url: publicUrl + first,
      previous_page_url: previous === null ? null : publicUrl + previous,
      url: publicUrl + own,
      next_page_url: next === null ? null : publicUrl + next,
      key,
    },
  };
}

/** A page of a 2010-04-01 list: flat, with relative addresses. `start` and `end` count rows from 0. */
export function page2010<Row extends Sequenced>(
  key: string,
  request: PageRequest,
  page: Page<Row>,
  present: (row: Row) => unknown,
): object {
  const { first, own, previous, next } = neighbours(request, page);
  const start = request.index * request.window.limit;
  return {
    [key]: page.rows.map(present),
    first_page_uri: first,
    next_page_uri: next,
    previous_page_uri: previous,
    page: request.index,
    page_size: request.window.limit,
    start,
    end: start + Math.max(0, page.rows.length - 1),
    uri: own,
  };
}

/** Schema of a v1 list of `items` under `key`. */
export function ListV1(key: string, items: TSchema) {
  return Type.Object({
    [key]: Type.Array(items),
    meta: Type.Object({
      page: Type.Integer(),
      page_size: Type.Integer(),
      first_page_url: Type.String(),
      previous_page_url: Type.Union([Type.String(), Type.Null()]),
      url: Type.String(),
      next_page_url: Type.Union([Type.String(), Type.Null()]),
      key: Type.String(),
    }),
  });
}

/** Schema of a 2010-04-01 list of `items` under `key`. */
export function List2010(key: string, items: TSchema) {
  return Type.Object({
    [key]: Type.Array(items),
    first_page_uri: Type.String(),
    next_page_uri: Type.Union([Type.String(), Type.Null()]),
    previous_page_uri: Type.Union([Type.String(), Type.Null()]),
    page: Type.Integer(),
    page_size: Type.Integer(),
    start: Type.Integer(),
    end: Type.Integer(),
    uri: Type.String(),
  });
}
