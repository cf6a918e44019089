import { expect, it } from 'vitest';
import { describeAccess } from '../../../analyzers/gemini/describe-access.ts';
import type { VertexAccess } from '../../../analyzers/ports.ts';

const vertex: VertexAccess = {
  kind: 'vertex',
  project: 'my-project',
  location: 'europe-west1',
  timeoutMs: 30_000,
  callsAtOnce: 50,
};

it('names the host that a region makes', () => {
  expect(describeAccess(vertex).regionHost).toBe('europe-west1-aiplatform.googleapis.com');
});

it.each([
  ['a location that is no region', { ...vertex, location: 'global' }],
  ['a continent', { ...vertex, location: 'eu' }],
  ['a server in place of that of Google', { ...vertex, baseUrl: 'http://127.0.0.1:8080' }],
  ['the Gemini API', { kind: 'key', keys: ['sesame'], timeoutMs: 30_000, callsAtOnce: 50 }],
] as const)('names none for %s', (_, access) => {
  expect(describeAccess(access).regionHost).toBeUndefined();
});
