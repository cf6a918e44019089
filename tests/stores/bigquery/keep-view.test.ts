import { expect, it } from 'vitest';
import { viewStep } from '../../../stores/bigquery/keep-view.ts';
import { StoreRefusedError } from '../../../stores/ports.ts';

const WANTED = { name: 'v_latest', query: 'SELECT 2', description: 'Ours.' };
const there = (type: string, query: string, description?: string) => ({
  type,
  view: { query, useLegacySql: false },
  ...(description !== undefined && { description }),
});

it('makes a view that is missing, changes an older one of ours, and leaves one that is right alone', () => {
  expect(viewStep(undefined, WANTED)).toBe('create');
  expect(viewStep(there('VIEW', 'SELECT 1', 'Ours.'), WANTED)).toBe('change');
  expect(viewStep(there('VIEW', 'SELECT 2', 'Ours.'), WANTED)).toBe('keep');
  expect(viewStep(there('VIEW', 'SELECT 2', 'As a person has put it.'), WANTED)).toBe('keep');
});

it.each([
  [{ type: 'TABLE' }, 'v_latest is no view but a TABLE. Move it away, or give the prompt another name.'],
  [{ type: 'TABLE', description: 'Ours.' }, 'v_latest is no view but a TABLE. Move it away, or'],
  [there('MATERIALIZED_VIEW', 'SELECT 2', 'Ours.'), 'v_latest is no view but a MATERIALIZED_VIEW. Move it away, or'],
  [there('VIEW', 'SELECT 1'), 'v_latest is a view that Sightline has not made. Move it away, or'],
  [there('VIEW', 'SELECT 1', 'Theirs.'), 'v_latest is a view that Sightline has not made. Move it away, or'],
])('refuses what is not ours under that name: %j', (metadata, message) => {
  expect(() => viewStep(metadata, WANTED)).toThrow(StoreRefusedError);
  expect(() => viewStep(metadata, WANTED)).toThrow(message);
});
