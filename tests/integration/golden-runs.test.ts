import { test } from 'vitest';
import { expectGolden, session } from '../support/golden.ts';
import { cli, type IoChoice } from '../support/recorded-io.ts';
import type { Rig } from '../support/rig.ts';
import { useRig } from '../support/use-rig.ts';

let rig: Rig;
useRig((started) => (rig = started));

/** One after the other: each says where the run is that the first has started. */
const SESSIONS: readonly (readonly [file: string, argv: readonly string[], choice?: IoChoice])[] = [
  ['runs-start', ['runs', 'start', 'three.csv', '--analyzer', 'noop', '--id', 'poles-2026', '--wait']],
  ['runs-show', ['runs', 'show', 'poles-2026']],
  ['runs-show-json', ['runs', 'show', 'poles-2026', '--json']],
  ['runs-watch-ended', ['runs', 'watch', 'poles-2026']],
  ['runs-list', ['runs', 'list']],
  ['runs-list-terminal', ['runs', 'list'], { terminal: true, columns: 100 }],
  ['runs-list-json', ['runs', 'list', '--json']],
  ['runs-rename-ended', ['runs', 'rename', 'poles-2026', 'poles, north side']],
  ['runs-list-iso', ['runs', 'list', '--time-format', 'iso']],
  ['runs-show-renamed', ['runs', 'show', 'poles-2026', '--screen-reader']],
  ['runs-pause-ended', ['runs', 'pause', 'poles-2026']],
  ['runs-cancel-ended-json', ['runs', 'cancel', 'poles-2026', '--json']],
  ['runs-start-refused', ['runs', 'start', 'three.csv', '--analyzer', 'noop', '--id', 'poles-2026']],
  ['doctor', ['doctor', '--quiet']],
];

test('what commands say about a run', async () => {
  await rig.makeCsv(3, 'three.csv');
  for (const [file, argv, choice] of SESSIONS) {
    const result = await cli([...argv, ...rig.places], { workingDir: rig.dir, ...choice, env: { NO_COLOR: '1' } });
    const shown = {
      [rig.settings.dataDir]: '<folder>',
      [rig.dir]: '<working folder>',
      [rig.server.address]: '<address>',
    };
    await expectGolden(file, session(argv, result, shown));
  }
});
