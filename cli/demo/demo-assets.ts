import type { Findings, OutcomeKind } from '../../contracts/outcome.ts';
import type { FailureName } from '../../contracts/failures.ts';
import { THINGS, type ThingName } from './draw-things.ts';

/** How an asset of the demo must end with the prompt `photo-quality` and the offline analyzer. */
export interface ExpectedOutcome {
  readonly outcome: OutcomeKind;
  readonly failure?: FailureName;
  /** A few of the fields. */
  readonly findings?: Findings;
  /** Why it is in the set. */
  readonly note?: string;
}

/** One file of the demo set and how it is made. */
export interface DemoPicture {
  /** Relative to the pictures folder. */
  readonly path: string;
  readonly thing: ThingName;
  /** 0, 1 or 2: where the camera stands. */
  readonly side: number;
  readonly seed: number;
  readonly flaw?: 'blurred' | 'over-exposed' | 'truncated' | 'empty' | 'png' | 'text';
}

export interface DemoAsset {
  readonly id: string;
  readonly pictures: readonly DemoPicture[];
  readonly expected: ExpectedOutcome;
}

/** Twelve things of a street from several sides each, and seven files that test how Sightline treats what goes wrong. */
export function demoAssets(): readonly DemoAsset[] {
  const things = Object.keys(THINGS).filter(isThing);
  return [...things.map(goodAsset), ...oddAssets()];
}

const SIDES = ['front', 'left', 'right'] as const;
const GOOD: Findings = { exposure: 'good', blurred: false, usable: true };

function isThing(name: string): name is ThingName {
  return Object.hasOwn(THINGS, name);
}

function goodAsset(thing: ThingName, index: number): DemoAsset {
  const sides = index % 3 === 2 ? SIDES.slice(0, 2) : SIDES;
  return {
    id: thing,
    pictures: sides.map((name, side) => ({ path: `${thing}/${name}.jpg`, thing, side, seed: index + 1 })),
    expected: { outcome: 'succeeded', findings: GOOD },
  };
}

function oddAssets(): readonly DemoAsset[] {
  const unreadable = { outcome: 'skipped', failure: 'ImageUnreadable' } as const;
  const succeeded = 'succeeded';
  return [
    {
      id: 'bench-blurred',
      pictures: [{ path: 'bench-blurred/front.jpg', thing: 'bench', side: 0, seed: 21, flaw: 'blurred' }],
      expected: { outcome: succeeded, findings: { blurred: true, usable: false }, note: 'out of focus' },
    },
    {
      id: 'fire-hydrant-copy',
      pictures: [{ path: 'fire-hydrant-copy/front.jpg', thing: 'fire-hydrant', side: 0, seed: 3 }],
      expected: { outcome: succeeded, findings: GOOD, note: 'the same bytes as fire-hydrant/front.jpg' },
    },
    {
      id: 'mailbox-overexposed',
      pictures: [{ path: 'mailbox-overexposed/front.jpg', thing: 'mailbox', side: 0, seed: 22, flaw: 'over-exposed' }],
      expected: { outcome: succeeded, findings: { exposure: 'over', usable: false }, note: 'far too bright' },
    },
    {
      id: 'empty.jpg',
      pictures: [{ path: 'empty.jpg', thing: 'bench', side: 0, seed: 0, flaw: 'empty' }],
      expected: { ...unreadable, note: 'no bytes at all' },
    },
    {
      id: 'notes.jpg',
      pictures: [{ path: 'notes.jpg', thing: 'bench', side: 0, seed: 0, flaw: 'text' }],
      expected: { ...unreadable, note: 'a text file with the name of a picture' },
    },
    {
      id: 'png-inside.jpg',
      pictures: [{ path: 'png-inside.jpg', thing: 'litter-bin', side: 1, seed: 23, flaw: 'png' }],
      expected: { outcome: succeeded, findings: GOOD, note: 'a PNG with the name of a JPEG' },
    },
    {
      id: 'truncated.jpg',
      pictures: [{ path: 'truncated.jpg', thing: 'street-lamp', side: 2, seed: 24, flaw: 'truncated' }],
      expected: { ...unreadable, note: 'the second half is missing' },
    },
  ];
}
