import { expect, it } from 'vitest';
import { isModelName } from '../../activities/prepare/is-model-name.ts';

it.each([
  'gemini-3.5-flash',
  'gemini-2.5-pro@001',
  'models/gemini-3.5-flash',
  'publishers/google/models/gemini-3.5-flash',
  'projects/example.com:my-project/locations/us-central1/publishers/google/models/gemini-3.5-flash',
  'projects/my-project/locations/europe-west4/endpoints/1234567890',
])('%s can be the name of a model', (name) => expect(isModelName(name)).toBe(true));

it.each([
  '',
  '../../evil?x=1',
  'gemini/../../evil',
  'gemini..',
  'gemini?x=1',
  'gemini#x',
  'gemini%2e%2e',
  'a model',
  '/gemini',
  '//example.com/gemini',
  'gemini/',
  'gemini\n',
  'x'.repeat(201),
])('%j cannot', (name) => expect(isModelName(name)).toBe(false));
