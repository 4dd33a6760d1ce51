import { type Reason, reasons } from "@tandem/reasons";
import { isForeign, type MediaDescription, type SessionDescription, withRejected } from "@tandem/sdp";

export type UsableMedia =
  | { readonly ok: true; readonly description: SessionDescription }
  | { readonly ok: false; readonly reason: Reason; readonly text: string };

/**
 * What of a description can be carried from an address of ours: media that are wanted at an address of the other family are
 * taken as rejected, a description with no others is refused. The other leg, with an address of its own, has no say in it.
 * @param localAddress undefined: there is none, since nothing is wanted
 * @param mayUseIce the address of c= is but one of those that a media description with ICE can be reached at
 */
export function usableMedia(
  description: SessionDescription,
  localAddress: string | undefined,
  mayUseIce: boolean,
): UsableMedia {
  if (localAddress === undefined) return { ok: true, description };
  const isUnusable = (media: MediaDescription): boolean =>
    isForeign(media, localAddress) && !(mayUseIce && media.hasIce);
  const usable = withRejected(description, isUnusable);
  const isNothingLeft = usable !== description && usable.media.every(({ isRejected }) => isRejected);
  if (!isNothingLeft) return { ok: true, description: usable };
  const family = localAddress.includes(":") ? "IPv6" : "IPv4";
  return { ok: false, reason: reasons.mediaAddressFamily, text: `the media of this side are ${family} only` };
}
