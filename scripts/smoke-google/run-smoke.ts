import { NotTried } from './not-tried.ts';
import type { SmokeBench } from './smoke-bench.ts';
import { UNTRIED, type Untried } from './untried.ts';

/** Tries everything, one after the other, and removes what was made. False when something failed or could not be removed. */
export async function runSmoke(
  bench: SmokeBench,
  print: (line: string) => void,
  untrieds: readonly Untried[] = UNTRIED,
): Promise<boolean> {
  let isFine = true;
  for (const untried of untrieds) {
    const { state, says } = await attempt(untried, bench);
    if (state === 'failed') isFine = false;
    print(`${state.padEnd(8)} ${untried.name.padEnd(NAME_WIDTH)} ${says}`);
  }
  const left = await bench.cleanUp();
  for (const what of left) print(`${'failed'.padEnd(8)} ${'clean-up'.padEnd(NAME_WIDTH)} Still there: ${what}`);
  return isFine && left.length === 0;
}

const NAME_WIDTH = Math.max(...UNTRIED.map(({ name }) => name.length));

async function attempt({ attempt: tried }: Untried, bench: SmokeBench) {
  if (typeof tried === 'string') return { state: 'skipped', says: tried };
  try {
    return { state: 'passed', says: await tried(bench) };
  } catch (error) {
    if (error instanceof NotTried) return { state: 'skipped', says: error.message };
    return { state: 'failed', says: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
