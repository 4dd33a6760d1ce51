/** A resource of the API as the command line offers it. */

export type Verb = "list" | "show" | "create" | "update" | "delete";

export interface Resource {
  /** The word on the command line, plural. */
  readonly command: string;
  readonly about: string;
  /** Path of the list; `{account}` is the caller's account, `{parent}` the SID of the parent option. */
  readonly path: string;
  /** 2010-04-01 paths end in `.json`. */
  readonly suffix: "" | ".json";
  /** Field of the list in the answer. */
  readonly key: string;
  /** The object it belongs to: the option that must name it. */
  readonly parent?: { readonly option: string; readonly about: string };
  readonly verbs: readonly Verb[];
  /** Fields that the table shows. */
  readonly columns: readonly string[];
  /** Parameters of create and update in the API's spelling; each becomes an option, `FriendlyName` `--friendly-name`. */
  readonly parameters: readonly string[];
  /** Those of them that may be given more than once. */
  readonly repeated?: readonly string[];
  /** Verbs of its own that write one parameter: `tandem connections activate TX…`. */
  readonly actions?: readonly {
    readonly verb: string;
    readonly about: string;
    readonly parameter: readonly [name: string, value: string];
  }[];
  /** Parameters that narrow a list. */
  readonly filters?: readonly string[];
}

export const everything: readonly Verb[] = ["list", "show", "create", "update", "delete"];
export const account = "/2010-04-01/Accounts/{account}";

/** `FriendlyName` to `friendly-name`. */
export function optionOf(parameter: string): string {
  return parameter.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
}

/** Path of the list, or of one object when a SID is given. */
export function pathOf(
  resource: Resource,
  scope: { readonly accountSid: string; readonly parentSid?: string | undefined },
  sid?: string,
): string {
  const list = resource.path
    .replace("{account}", encodeURIComponent(scope.accountSid))
    .replace("{parent}", encodeURIComponent(scope.parentSid ?? ""));
  return `${list}${sid === undefined ? "" : `/${encodeURIComponent(sid)}`}${resource.suffix}`;
}
