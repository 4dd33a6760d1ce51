/**
 * Calling codes that belong to no country (ITU-T list of E.164 country codes). Each stands under a code of the range that
 * ISO 3166-1 leaves to its users, XA to XZ, so that it can stand wherever a country can.
 */
export const internationalServices: Readonly<
  Record<string, { readonly name: string; readonly callingCodes: readonly string[] }>
> = {
  XC: { name: "International Shared Cost Service", callingCodes: ["808"] },
  XF: { name: "International Freephone Service", callingCodes: ["800"] },
  XN: { name: "International Networks", callingCodes: ["882", "883"] },
  XP: { name: "International Premium Rate Service", callingCodes: ["979"] },
  XS: { name: "Satellite", callingCodes: ["870", "881"] },
  XU: { name: "Universal Personal Telecommunication", callingCodes: ["878"] },
};
