/** What a server makes of credentials. */
export type DigestVerdict =
  | { readonly kind: "accepted"; readonly username: string }
  /** Challenge again with stale=true: another gateway's, an old or an unknown nonce, or a count that was used. */
  | { readonly kind: "stale" }
  /** Refuse: unknown user, wrong password, other URI. */
  | { readonly kind: "wrong"; readonly why: string }
  | { readonly kind: "malformed"; readonly why: string }
  /** Not for us: another realm or another scheme. Ignore that row. */
  | { readonly kind: "other-realm" };

const rank: Readonly<Record<DigestVerdict["kind"], number>> = {
  accepted: 4,
  wrong: 3,
  stale: 2,
  malformed: 1,
  "other-realm": 0,
};

/** The verdict that decides when a request carries several rows; the first of equals. */
export function decidingVerdict(one: DigestVerdict, other: DigestVerdict): DigestVerdict {
  return rank[other.kind] > rank[one.kind] ? other : one;
}
