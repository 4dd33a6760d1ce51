/** `tandem bench <what>`. */
import { benchCalls } from "./calls.ts";
import { benchCertificates } from "./certificates.ts";
import { benchFlood } from "./flood.ts";
import { benchHold } from "./hold.ts";
import { benchMedia } from "./media.ts";
import { benchSnapshot } from "./snapshot.ts";
import { benchSoak } from "./soak.ts";

const usage = `usage: tandem bench calls [--rate R] [--calls N] [--held N] [--json FILE] [--no-kamailio]
       tandem bench media [--streams N] [--rate R] [--seconds S] [--repeats N] [--engines LIST] [--json FILE]
       tandem bench soak [--minutes M] [--rate R] [--hold S] [--talking N] [--json FILE]
       tandem bench flood [--junk R] [--invites R] [--rate R] [--seconds S] [--json FILE]
       tandem bench hold [--calls N] [--rate R] [--engine kernel|userspace] [--json FILE]
       tandem bench certificates [--seconds S] [--handshakes R] [--rate R] [--held N] [--json FILE]
       tandem bench snapshot [--trunks N] [--numbers N] [--rate R] [--changes N] [--json FILE]`;

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  calls: benchCalls,
  media: benchMedia,
  soak: benchSoak,
  flood: benchFlood,
  hold: benchHold,
  certificates: benchCertificates,
  snapshot: benchSnapshot,
};

const [what = "", ...args] = process.argv.slice(2);
const bench = benches[what];
if (bench === undefined) {
  console.log(usage);
  process.exitCode = what === "" ? 0 : 1;
} else {
  process.exitCode = await bench(args);
}
