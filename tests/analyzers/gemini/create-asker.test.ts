import { expect, test } from 'vitest';
import type { OpenModel } from '../../../analyzers/gemini/ask-model.ts';
import { CallError } from '../../../analyzers/gemini/call-error.ts';
import { createAsker } from '../../../analyzers/gemini/create-asker.ts';
import { createGeminiAnalyzer } from '../../../analyzers/gemini/gemini-analyzer.ts';
import { createTurns } from '../../../analyzers/gemini/turns.ts';
import { inputFor, promptNamed } from '../../suites/analyzer.suite.ts';

const regionHost = 'europe-west1-aiplatform.googleapis.com';
const notFound = new TypeError('fetch failed', {
  cause: Object.assign(new Error(`getaddrinfo ENOTFOUND ${regionHost}`), { code: 'ENOTFOUND', hostname: regionHost }),
});
const answer = {
  candidates: [{ finishReason: 'STOP', content: { parts: [{ text: '{"visible":false}' }] } }],
  modelVersion: 'm-001',
};
const answers = () => Promise.resolve(answer);

const modelThat = (send: OpenModel['send']): OpenModel => ({
  send,
  readsCloudStorage: true,
  timeoutMs: 1_000,
  secrets: [],
  asking: 'project street-1 in europe-west1',
  otherModel: '',
  regionHost,
});

async function anInput() {
  return inputFor(createGeminiAnalyzer(undefined), await promptNamed('utility-pole'), {
    images: [{ uri: 'gs://streets/a.jpg' }],
  });
}

test('a client that could not be opened is opened again for the next question', async () => {
  const doors = [() => Promise.reject(new Error('too many open files')), () => Promise.resolve(modelThat(answers))];
  const ask = createAsker(() => doors.shift()!(), createTurns(1));
  await expect(ask(await anInput())).rejects.toThrow('too many open files');
  expect(await ask(await anInput())).toMatchObject({ ok: true });
  expect(await ask(await anInput())).toMatchObject({ ok: true });
});

test('a host that nobody knows is a wrong region only until it has answered', async () => {
  const script = [notFound, answer, notFound];
  let opened = 0;
  const model = modelThat(() => {
    const next = script.shift();
    if (next instanceof Error) throw new CallError({ cause: next, sent: true });
    return Promise.resolve(next ?? null);
  });
  const ask = createAsker(() => {
    opened += 1;
    return Promise.resolve(model);
  }, createTurns(1));
  const input = await anInput();
  const results = [await ask(input), await ask(input), await ask(input)];
  expect(results.map((result) => (result.ok ? 'answered' : result.failure.name))).toEqual([
    'CredentialsRejected',
    'answered',
    'ModelOverloaded',
  ]);
  expect(opened).toBe(1);
});
