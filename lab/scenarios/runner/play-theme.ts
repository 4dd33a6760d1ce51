import { cleanCall } from "./clean-call.ts";
import { openScene } from "./open-scene.ts";
import { type Play, playsOf } from "./play.ts";
import type { Theme } from "./scenario.ts";
import { Stand } from "./stand.ts";

/** What became of one play. */
export interface PlayOutcome {
  readonly title: string;
  /** Undefined: as expected. Otherwise what was wrong, with the ladder of messages. */
  readonly failure: string | undefined;
  readonly elapsedMs: number;
}

export interface PlayOptions {
  /** Default 20: the lab's short timers. 500: those of RFC 3261. */
  readonly t1Ms?: number;
  /** Plays at a time; after so many the gateway must hold nothing, and a clean call must succeed. Default 16. */
  readonly playsPerWave?: number;
  /** Plays only what this accepts. */
  readonly isWanted?: (play: Play) => boolean;
  /** Told of each play as soon as it is over. */
  readonly onOutcome?: (outcome: PlayOutcome) => void;
}

/**
 * Plays the scenarios of a theme against one gateway, in waves: those of a wave play side by side, each with a trunk, a
 * carrier and ports of its own. What a wave leaves in the gateway is looked for again one by one, to find whose it is.
 */
export async function playTheme(theme: Theme, options: PlayOptions = {}): Promise<readonly PlayOutcome[]> {
  const { t1Ms = 20, playsPerWave = 16, isWanted = () => true, onOutcome = () => undefined } = options;
  const plays = playsOf(theme, cleanCall);
  const wanted = plays.slice(0, -1).filter(isWanted);
  if (wanted.length === 0) return [];
  const start = (): Promise<Stand> =>
    Stand.start({ network: theme.network, firstHost: theme.firstHost, plays, t1Ms });
  const outcomes: PlayOutcome[] = [];
  let stand = await start();
  try {
    for (let at = 0; at < wanted.length; at += playsPerWave) {
      const wave = wanted.slice(at, at + playsPerWave);
      let played = await playWave(stand, wave, plays);
      if (played.residue !== undefined) {
        await stand.stop();
        if (played.isResidueUnexplained)
          played = { ...played, outcomes: await oneByOne(start, wave, plays, played) };
        stand = await start();
      }
      for (const outcome of played.outcomes) onOutcome(outcome);
      outcomes.push(...played.outcomes);
    }
  } finally {
    await stand.stop();
  }
  return outcomes;
}

interface Wave {
  readonly outcomes: readonly PlayOutcome[];
  /** What was wrong with the gateway after it. */
  readonly residue: string | undefined;
  /** No play has failed that could have left it. */
  readonly isResidueUnexplained: boolean;
}

async function playWave(stand: Stand, wave: readonly Play[], plays: readonly Play[]): Promise<Wave> {
  const outcomes = await stand.unstrained(
    () => Promise.all(wave.map((play) => playOne(stand, play))),
    (all) => all.every(({ failure }) => failure === undefined),
  );
  const residue = await residueIn(stand, plays.at(-1));
  const isResidueUnexplained =
    residue !== undefined && outcomes.every(({ failure }) => failure === undefined);
  return { outcomes, residue, isResidueUnexplained };
}

/** Each on a gateway of its own; when none of them leaves anything by itself, all of them have failed together. */
async function oneByOne(
  start: () => Promise<Stand>,
  wave: readonly Play[],
  plays: readonly Play[],
  { outcomes, residue }: Wave,
): Promise<readonly PlayOutcome[]> {
  const found: PlayOutcome[] = [];
  for (const play of wave) {
    const stand = await start();
    const outcome = await playOne(stand, play);
    const own = await residueIn(stand, plays.at(-1));
    await stand.stop();
    found.push(own === undefined ? outcome : { ...outcome, failure: outcome.failure ?? own });
  }
  if (found.some(({ failure }) => failure !== undefined)) return found;
  return outcomes.map((outcome) => ({
    ...outcome,
    failure: `the whole wave, not one of it alone: ${residue}`,
  }));
}

/** One scenario by itself. */
export async function playOne(stand: Stand, play: Play): Promise<PlayOutcome> {
  const startedMs = performance.now();
  const scene = await openScene(stand, play);
  let failure: string | undefined;
  try {
    await play.scenario.play(scene);
    // What should not come has had a moment to come.
    await scene.pause(2 * stand.t1Ms);
    const unexpected = scene.unexpected();
    if (unexpected.length > 0) failure = `nobody expected it: ${unexpected.join("; ")}`;
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  await scene.close();
  return {
    title: play.title,
    failure: failure === undefined ? undefined : `${failure}\n${scene.ladder.text()}`,
    elapsedMs: performance.now() - startedMs,
  };
}

/** What is wrong with the gateway now; undefined: it holds nothing, has caught no fault, and a clean call succeeds. */
export async function residueIn(stand: Stand, clean: Play | undefined): Promise<string | undefined> {
  if (stand.gateway.program.hasExited)
    return `the gateway ended: ${stand.gateway.program.output.slice(-2000)}`;
  const left = await stand.leftovers();
  if (left.length > 0) return `left in the gateway: ${left.join(", ")}`;
  if (stand.faults.length > 0) return `the gateway caught a fault: ${stand.faults[0]}`;
  if (clean === undefined) return undefined;
  const { failure } = await stand.unstrained(
    () => playOne(stand, clean),
    (one) => one.failure === undefined,
  );
  if (failure !== undefined) return `no clean call after it: ${failure}`;
  const leftByCall = await stand.leftovers();
  return leftByCall.length === 0 ? undefined : `left by the clean call: ${leftByCall.join(", ")}`;
}
