import { expect, test } from 'vitest';
import { createStoreFinder } from '../../stores/find-stores.ts';
import { StoreUnavailableError } from '../../stores/ports.ts';

test('a dataset that nobody can be asked for is away at once, and asked for anew by the next', async () => {
  const missing = new Error('nobody has signed in');
  const asked: (string | undefined)[] = [];
  const finder = createStoreFinder({
    dataDir: '',
    home: 'bq://my-project.results',
    bigQuery: {},
    credentialsAt: async (endpoint) => {
      asked.push(endpoint);
      throw missing;
    },
    storage: () => Promise.reject(missing),
  });
  for (let time = 0; time < 2; time++) {
    const failure = await finder.home().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreUnavailableError);
    expect(failure).toMatchObject({
      message: expect.stringContaining('Cannot open BigQuery for my-project: nobody has signed in. '),
      cause: missing,
    });
  }
  expect(asked).toEqual([undefined, undefined]);
  finder.close();
});
