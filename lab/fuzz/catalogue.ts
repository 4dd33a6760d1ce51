import type { FuzzTarget } from "./fuzz-target.ts";
import { digest } from "./targets/digest.ts";
import { identity } from "./targets/identity.ts";
import { message } from "./targets/message.ts";
import { rtp } from "./targets/rtp.ts";
import { sdp } from "./targets/sdp.ts";
import { streamFramer } from "./targets/stream-framer.ts";
import { uri } from "./targets/uri.ts";

export const fuzzTargets: readonly FuzzTarget[] = [message, sdp, uri, streamFramer, digest, identity, rtp];
