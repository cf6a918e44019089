import type { CliContext } from './cli-context.ts';
import type { DevServerOptions } from './temporal-server/start-dev-server.ts';

/** A Temporal server to work with: one that a person named, or one of our own. */
export interface OpenTemporal {
  readonly address: string;
  readonly isOurs: boolean;
  readonly uiUrl: string | undefined;
  /** Resolves when a server of our own is gone; never for one that a person named. */
  readonly exited: Promise<void>;
  logTail(): string;
  /** Ends a server of our own. */
  stop(): Promise<void>;
}

/** Takes the server that --address or TEMPORAL_ADDRESS names; otherwise starts one, and gets the program for it if need be. */
export async function openTemporal(
  context: CliContext,
  options: Omit<DevServerOptions, 'binary'>,
): Promise<OpenTemporal> {
  const { io, globals } = context;
  const named = globals.address ?? io.env['TEMPORAL_ADDRESS']?.trim();
  if (named) {
    const nothing = async (): Promise<void> => {};
    return {
      address: named,
      isOurs: false,
      uiUrl: undefined,
      exited: new Promise(() => {}),
      logTail: () => '',
      stop: nothing,
    };
  }
  const { startDevServer } = await import('./temporal-server/start-dev-server.ts');
  const server = await startDevServer({ ...options, binary: await findBinary(context) });
  return { ...server, isOurs: true };
}

async function findBinary(context: CliContext): Promise<string> {
  const { locateTemporalBinary } = await import('./temporal-server/locate-temporal.mjs');
  const found = await locateTemporalBinary(context.io.env);
  if (found.kind === 'binary') return found.binary.path;
  const { obtainTemporal } = await import('./temporal-server/obtain-temporal.mjs');
  context.say('Getting the Temporal server; this happens once.');
  return (await obtainTemporal({ say: (line: string) => context.say(line), env: context.io.env })).path;
}
