import { spawn } from 'node:child_process';

/**
 * A shell that waits on a pipe from us. A line means that the group ended by itself; the end of the pipe means that we are
 * gone, even by `kill -9`, because the kernel closes it.
 */
const GUARD = `
if read -r _; then exit 0; fi
kill -s TERM -- "-$1" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
  kill -s 0 -- "-$1" 2>/dev/null || exit 0
  sleep 0.5
done
kill -s KILL -- "-$1" 2>/dev/null
`;

/** Ends the process group `groupId` when this process is gone; `exited` tells that the group needs no guard any more. */
export function stopWhenWeDie(groupId: number, exited: Promise<void>): void {
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', String(groupId)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a guard (no shell, no processes left) the server still runs and `stop` still works.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  void exited.then(() => guard.stdin.end('ended\n'));
}
