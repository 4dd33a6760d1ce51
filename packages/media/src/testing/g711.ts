/** G.711 (ITU-T G.711), for test tones: 16-bit samples to and from one byte each. */
export type G711Encoding = "PCMU" | "PCMA";

const muLawBias = 0x84;
const muLawClip = 32_635;

/** µ-law byte of a 16-bit sample. */
export function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), muLawClip) + muLawBias;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** 16-bit sample of a µ-law byte. */
export function decodeMuLaw(byte: number): number {
  const inverted = ~byte & 0xff;
  const exponent = (inverted >> 4) & 7;
  const magnitude = (((inverted & 0x0f) << 3) + muLawBias) << exponent;
  return (inverted & 0x80) === 0 ? magnitude - muLawBias : muLawBias - magnitude;
}

/** A-law byte of a 16-bit sample. */
export function encodeALaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, 32_767) >> 4;
  const exponent = 31 - Math.clz32(magnitude) - 3;
  const coded = magnitude < 16 ? magnitude : (exponent << 4) | ((magnitude >> (exponent - 1)) & 0x0f);
  return (coded | sign) ^ 0x55;
}

/** 16-bit sample of an A-law byte. */
export function decodeALaw(byte: number): number {
  const coded = byte ^ 0x55;
  const exponent = (coded >> 4) & 7;
  const mantissa = coded & 0x0f;
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
  return (coded & 0x80) === 0 ? -magnitude : magnitude;
}
