/** What a codec does to speech, by itself and when packets are missing. ITU-T G.107 §7.4, values of G.113 Appendix I. */
export interface CodecImpairment {
  /** Equipment impairment factor Ie without loss, 0 and more. */
  readonly impairment: number;
  /** Packet-loss robustness factor Bpl, above 0: the greater, the better loss is concealed. */
  readonly robustness: number;
}

/** G.711 with the concealment of its Appendix I. */
const g711: CodecImpairment = { impairment: 0, robustness: 25.1 };

/**
 * By encoding name of RTP in upper case. G.722 and Opus carry wideband speech, which this narrow-band scale has no room
 * for above G.711: they are given no impairment of their own. G.113 has no Opus; the robustness is that of its own
 * concealment without in-band repair, taken to be a little above G.711's.
 */
const impairments: ReadonlyMap<string, CodecImpairment> = new Map([
  ["PCMU", g711],
  ["PCMA", g711],
  ["G722", g711],
  ["OPUS", { impairment: 0, robustness: 30 }],
  ["G729", { impairment: 11, robustness: 19 }],
  ["G723", { impairment: 15, robustness: 16.1 }],
  ["GSM", { impairment: 20, robustness: 43 }],
  ["GSM-EFR", { impairment: 5, robustness: 10 }],
  ["AMR", { impairment: 5, robustness: 10 }],
  ["ILBC", { impairment: 11, robustness: 32 }],
  ["G726-32", { impairment: 7, robustness: 20 }],
]);

/** Undefined: nothing is known of that codec, and no score can be given. */
export function codecImpairment(encodingName: string): CodecImpairment | undefined {
  return impairments.get(encodingName.toUpperCase());
}
