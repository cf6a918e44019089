import { hasEnded, isHeld, type RunView } from '../../client/run-view.ts';
import type { RunClient } from '../../client/create-run-client.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand, type CommandEntry } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { progressLine, stateText } from '../output/progress-line.ts';
import { nextCommand } from '../report-followed.ts';
import { withRun } from '../with-run.ts';

/** How long a command looks whether what it asked for has happened. */
const LOOK_MS = 10_000;

interface Control {
  readonly verb: 'pause' | 'resume' | 'cancel';
  readonly summary: string;
  readonly isReached: (view: RunView) => boolean;
  /** Whether a run that has ended meanwhile did so without it. */
  readonly isMissed: (view: RunView) => boolean;
  readonly onItsWay: string;
}

export const PAUSE: Control = {
  verb: 'pause',
  summary: 'Start nothing new in a run; calls under way finish',
  isReached: ({ state }) => state === 'paused',
  isMissed: () => true,
  onItsWay: 'Calls under way finish first.',
};

export const RESUME: Control = {
  verb: 'resume',
  summary: 'Let a paused run go on',
  isReached: ({ state }) => !isHeld(state),
  isMissed: () => false,
  onItsWay: 'Another reason keeps it waiting.',
};

export const CANCEL: Control = {
  verb: 'cancel',
  summary: 'End a run; answers that are there are kept',
  isReached: ({ state }) => hasEnded(state),
  isMissed: ({ state }) => state !== 'cancelled',
  onItsWay: 'Calls under way are being ended.',
};

export const runsPause = controlCommand(PAUSE);
export const runsResume = controlCommand(RESUME);
export const runsCancel = controlCommand(CANCEL);

function controlCommand(control: Control): CommandEntry {
  const { verb, summary, isReached } = control;
  return defineCommand<{ readonly note?: string }>({
    usage: `runs ${verb} <run>`,
    summary: `${summary}. Harmless to repeat`,
    examples: [`runs ${verb} brisk-heron-7f2k`, `runs ${verb} brisk-heron-7f2k --note "asked by the owner"`],
    options: (command) => command.option('--note <text>', 'why; kept with the run'),
    async run(context, { note }, [runId = '']) {
      await using sightline = await context.connect();
      // Said first and looked at afterwards: nobody who pauses or cancels waits for a store that does not answer.
      const options = note === undefined ? {} : { note };
      const wasOpen = await withRun(sightline, runId, () => sightline[verb](runId, options));
      const view = await (wasOpen ? lookAfter(sightline, runId, isReached) : sightline.progress(runId));
      report(context, view);
      const said = controlNote(control, wasOpen, view);
      if (said !== undefined) context.say(said);
      context.next(nextCommand(view, view.counts.total > 0));
      return EXIT_CODES.ok.code;
    },
  });
}

/** What a person should know besides where the run stands now; undefined when it does as it was told. */
export function controlNote(
  { verb, isReached, isMissed, onItsWay }: Control,
  wasOpen: boolean,
  now: RunView,
): string | undefined {
  if (!wasOpen) return `It has ended already: nothing to ${verb}.`;
  if (hasEnded(now.state)) {
    return isMissed(now) ? `It has ended meanwhile (${now.state}): nothing to ${verb}.` : undefined;
  }
  if (now.stale) return 'No worker answers: it takes effect when one runs.';
  return isReached(now) ? undefined : onItsWay;
}

function lookAfter(client: RunClient, runId: string, isReached: (view: RunView) => boolean): Promise<RunView> {
  return client.wait(runId, { timeoutMs: LOOK_MS, until: (view) => view.stale || isReached(view) });
}

function report(context: CliContext, view: RunView): void {
  if (context.globals.json === true) context.printJson(view);
  else if (context.globals.quiet === true) context.print(view.runId);
  else context.print(progressLine(view).replace(stateText(view), context.paint(view.state, stateText(view))));
}
