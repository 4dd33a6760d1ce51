import { audioEncodingOf, type SessionDescription } from "@tandem/sdp";

/** The encoding that the first live audio of a description prefers; in an answer, the one that is spoken. */
export function audioCodecOf({ media }: SessionDescription): string | undefined {
  const audio = media.find((one) => one.media === "audio" && !one.isRejected);
  return audio && audioEncodingOf(audio)?.name;
}
