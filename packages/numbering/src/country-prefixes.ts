/**
 * Where countries share a calling code: who has which numbers of it, as digits behind the calling code. The country that
 * stands first in `calling-codes.ts` has all the others, those that nobody has been given included.
 *
 * Sources: ITU-T list of E.164 country codes (Operational Bulletin 1114 annex, with its notes on shared codes); for +1 the
 * area codes of NANPA (nationalnanpa.com) and CNAC (Canada); for +7, +44, +61, +212, +262, +358 and +599 the numbering plans
 * that the administrations have given to the ITU (ITU-T E.129). `country-oracle.test.ts` holds them against
 * libphonenumber.
 */
export const countryPrefixes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "1": {
    CA:
      "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 506 514 519 " +
      "548 579 581 584 587 600 604 613 622 633 639 644 647 655 672 677 683 688 705 709 742 753 778 780 782 807 819 825 " +
      "867 873 879 902 905 942",
    AG: "268",
    AI: "264",
    AS: "684",
    BB: "246",
    BM: "441",
    BS: "242",
    DM: "767",
    DO: "809 829 849",
    GD: "473",
    GU: "671",
    JM: "658 876",
    KN: "869",
    KY: "345",
    LC: "758",
    MP: "670",
    MS: "664",
    PR: "787 939",
    SX: "721",
    TC: "649",
    TT: "868",
    VC: "784",
    VG: "284",
    VI: "340",
  },
  "7": { KZ: "33 7" },
  "39": { VA: "06698" },
  "44": {
    GG: "1481 7781 7839 79111 79117",
    IM: "1624 7524 74576 7624 7924",
    JE: "1534 7509 77003 77007 77008 7797 7829 7937",
  },
  "47": { SJ: "79" },
  "61": { CC: "89162", CX: "89164" },
  "212": { EH: "5288 5289" },
  "262": { YT: "269 639" },
  "290": { TA: "8" },
  "358": { AX: "18" },
  "599": { BQ: "3 4 7" },
  "672": { AQ: "1" },
};

/**
 * Countries whose numbers cannot be told from those of the country that stands first under their calling code: their
 * numbers count as that one's.
 */
export const indistinctCountries: ReadonlySet<string> = new Set(["BL", "BV", "GS", "HM", "MF", "PN", "TF"]);
