import { expect, test } from 'vitest';
import { parseSettings } from '../../config/parse-settings.ts';
import { slotsOf } from '../../workers/lanes.ts';

const settings = parseSettings({ SIGHTLINE_LOCAL_SLOTS: '3', SIGHTLINE_LANE_SLOTS: '11' }, '/work');

test('a worker holds more assets of a service than it makes calls, and exactly as many elsewhere', () => {
  const slots = ['local', 'noop', 'gemini', 'vertexai'].map((lane) => slotsOf(lane, settings));
  expect(slots).toEqual([3, 11, 14, 14]);
});
