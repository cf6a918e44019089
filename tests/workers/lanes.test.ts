import { expect, test } from 'vitest';
import { parseSettings } from '../../config/parse-settings.ts';
import { openLane } from '../../workers/lanes.ts';

const settings = parseSettings({ SIGHTLINE_LOCAL_SLOTS: '3', SIGHTLINE_LANE_SLOTS: '11' }, '/work');

test('a worker holds more assets of a service than it makes calls, and exactly as many elsewhere', () => {
  const slots = ['local', 'noop', 'gemini', 'vertexai'].map((lane) => openLane(lane, settings).slots);
  expect(slots).toEqual([3, 11, 15, 15]);
});

test('answers of services, and of what stands for one, go back together: those of a picture measured here do not wait', () => {
  const waits = ['local', 'noop', 'gemini', 'vertexai'].map((lane) => openLane(lane, settings).answersEveryMs);
  expect(waits).toEqual([0, 200, 200, 200]);
});
