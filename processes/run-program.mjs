import { spawn } from 'node:child_process';

/**
 * Runs a program without input and waits for its end. `code` is null when it was killed, ran too long or cannot be run; then
 * `output`, which holds standard output and error together, ends with the reason.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly env?: NodeJS.ProcessEnv, readonly timeoutMs?: number }} [options]
 * @returns {Promise<{ readonly code: number | null, readonly output: string }>}
 */
export function runProgram(program, args, options = {}) {
  const { timeoutMs, ...place } = options;
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { ...place, stdio: ['ignore', 'pipe', 'pipe'] });
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ code: null, output: `${output}${error.message}` });
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, output: signal === null ? output : `${output}ended by ${signal}` });
    });
  });
}
