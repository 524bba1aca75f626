/** One of several identical instances: its zone, and which one of that zone it is, from 1. */
export interface Spot {
  zone: string;
  ordinal: number;
}

/**
 * Where so many instances go: one zone after the other, in the order given. One more adds one spot, one less takes the last;
 * a zone more or less leaves those of the other zones that remain as they are.
 */
export const spread = (count: number, zones: readonly string[]): Spot[] =>
  zones.length === 0
    ? []
    : Array.from({ length: count }, (_, i) => ({
        zone: zones[i % zones.length] as string,
        ordinal: Math.floor(i / zones.length) + 1,
      }));

/** The instance's name in the program: by zone and ordinal, never by its place in the list. */
export const spotName = (name: string, { zone, ordinal }: Spot): string => `${name}-${zone}-${ordinal}`;
