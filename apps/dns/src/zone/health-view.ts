/**
 * How good a gateway is for new calls; lower is better. 0: it lives. 1: it lives and drains, so it takes no new calls.
 * 2: it is silent.
 */
export type HealthRank = 0 | 1 | 2;

/** Rank of a gateway by its name. */
export type HealthView = (gateway: string) => HealthRank;

/** As the zone is without any news of the gateways: for an export. */
export const everybodyLives: HealthView = () => 0;
