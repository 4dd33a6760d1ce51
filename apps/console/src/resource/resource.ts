/** A kind of object of the interface, as the console shows it: data, that `tandem-resource` makes a table and forms of. */
import type { Client, Parameters } from "../api/client.ts";
import type { Row } from "../api/row.ts";
import type { Field } from "../form/field.ts";
import type { Column } from "../view/table-view.ts";

export interface Resource {
  /** Plural, a title: `Trunks`. */
  readonly title: string;
  /** In a sentence: `trunk`. */
  readonly one: string;
  /** A sentence above the table. */
  readonly about?: string;
  /** Of the list; `{account}` is where the account's own resources are, `{parent}` the SID of the object it belongs to. */
  readonly path: string;
  /** Paths of 2010-04-01 end in `.json`. */
  readonly suffix?: ".json";
  /** Field of the list in the answer. */
  readonly key: string;
  readonly columns: readonly Column[];
  /** Shown when there are none. */
  readonly empty: string;
  /** Of the forms that make and change one; without them there are none. */
  readonly fields?: readonly Field[];
  readonly mayCreate?: boolean;
  /** Others change what there is. */
  readonly isCreatedByOperator?: boolean;
  /** What the button says that makes one; default `New {one}`. */
  readonly createAction?: string;
  readonly mayUpdate?: boolean;
  readonly removal?: Removal;
  readonly actions?: readonly RowAction[];
  /** Everybody reads them, the operator alone writes them. */
  readonly isWrittenByOperator?: boolean;
  /** Who is logged in with an API key may only read them. */
  readonly isWrittenWithToken?: boolean;
  /** A secret that only the answer has which makes one. */
  readonly shownOnce?: ShownOnce;
  /** The last part of its path; default its SID. */
  readonly identify?: (row: Row) => string;
  /** What people call it; default its friendly name. */
  readonly nameOf?: (row: Row) => string;
  readonly filters?: readonly Field[];
  /** The list begins with its newest rows. */
  readonly isNewestFirst?: boolean;
  /** Order of the rows of a page; default the list's own. */
  readonly sort?: (rows: readonly Row[]) => readonly Row[];
  /** How often it is read again; default never. */
  readonly refreshMs?: number;
}

export interface ShownOnce {
  /** Of the answer. */
  readonly field: string;
  /** `Auth token`. */
  readonly label: string;
  /** What it is for. */
  readonly text: string;
}

export interface Removal {
  /** `Delete`, `Detach`. */
  readonly verb: string;
  /** What it means, for the dialog. */
  readonly text: (name: string) => string;
  /** The name has to be typed. */
  readonly isTyped?: boolean;
}

export interface RowAction {
  readonly label: (row: Row) => string;
  readonly isOffered?: (row: Row, rows: readonly Row[]) => boolean;
  /** Asked before; left out: it is done at once. */
  readonly question?: (row: Row) => string;
  /** The name has to be typed. */
  readonly isTyped?: boolean;
  /** `path`: of the list. Throws an `ApiFault`. */
  readonly run: (
    client: Client,
    at: { readonly row: Row; readonly rows: readonly Row[]; readonly path: string },
  ) => Promise<void>;
}

/** Path of the list, or of one object. */
export function pathOf(resource: Resource, parent: string, id?: string): string {
  const list = resource.path.replace("{parent}", encodeURIComponent(parent));
  return `${list}${id === undefined ? "" : `/${encodeURIComponent(id)}`}${resource.suffix ?? ""}`;
}

/** The filters of a place in the console that are the resource's. */
export function filtersOf(resource: Resource, query: Readonly<Record<string, string>>): Parameters {
  return (resource.filters ?? []).flatMap(({ name }) => {
    const value = query[name] ?? "";
    return value === "" ? [] : [[name, value] as const];
  });
}
