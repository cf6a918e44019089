import { failed } from '../contracts/failures.ts';

/** The failure for bytes that the decoder gave up on, with the decoder's first reason. */
export function damage(name: string, error: unknown): ReturnType<typeof failed> {
  const text = error instanceof Error ? error.message : String(error);
  const reason = (text.split('\n')[0] ?? '')
    .replace(/^Input (buffer|file) (has corrupt header: |contains )?/, '')
    .trim();
  return failed(
    'ImageUnreadable',
    `${name} is damaged or cut off (${reason.slice(0, 200) || 'the decoder gave no reason'})`,
  );
}
