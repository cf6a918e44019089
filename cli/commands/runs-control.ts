import { hasEnded, type RunView } from '../../client/run-view.ts';
import type { RunClient } from '../../client/create-run-client.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand, type CommandEntry } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { progressLine, stateText } from '../output/progress-line.ts';
import { nextCommand } from '../report-followed.ts';
import { withRun } from '../with-run.ts';

/** How long a command looks whether what it asked for has happened. */
const LOOK_MS = 10_000;

export const runsPause = controlCommand({
  verb: 'pause',
  summary: 'Start nothing new in a run; calls under way finish',
  isReached: ({ state }) => state === 'paused',
  isMissed: () => true,
  onItsWay: 'Calls under way finish first.',
});

export const runsResume = controlCommand({
  verb: 'resume',
  summary: 'Let a paused run go on',
  isReached: ({ state }) => state !== 'paused' && state !== 'pausing',
  isMissed: () => false,
  onItsWay: 'Another reason keeps it waiting.',
});

export const runsCancel = controlCommand({
  verb: 'cancel',
  summary: 'End a run; answers that are there are kept',
  isReached: ({ state }) => hasEnded(state),
  isMissed: ({ state }) => state !== 'cancelled',
  onItsWay: 'Calls under way are being ended.',
});

interface Control {
  readonly verb: 'pause' | 'resume' | 'cancel';
  readonly summary: string;
  readonly isReached: (view: RunView) => boolean;
  /** Whether a run that has ended meanwhile did so without it. */
  readonly isMissed: (view: RunView) => boolean;
  readonly onItsWay: string;
}

function controlCommand({ verb, summary, isReached, isMissed, onItsWay }: Control): CommandEntry {
  return defineCommand<{ readonly note?: string }>({
    usage: `runs ${verb} <run>`,
    summary: `${summary}. Harmless to repeat`,
    examples: [`runs ${verb} brisk-heron-7f2k`, `runs ${verb} brisk-heron-7f2k --note "asked by the owner"`],
    options: (command) => command.option('--note <text>', 'why; kept with the run'),
    async run(context, { note }, [runId = '']) {
      await using sightline = await context.connect();
      const before = await withRun(sightline, runId, () => sightline.progress(runId));
      if (!hasEnded(before.state)) await sightline[verb](runId, note === undefined ? {} : { note });
      const view = hasEnded(before.state) ? before : await lookAfter(sightline, runId, isReached);
      report(context, view);
      if (hasEnded(before.state)) context.say(`It has ended already: nothing to ${verb}.`);
      else if (hasEnded(view.state)) {
        if (isMissed(view)) context.say(`It has ended meanwhile (${view.state}): nothing to ${verb}.`);
      } else if (view.stale) context.say('No worker answers: it takes effect when one runs.');
      else if (!isReached(view)) context.say(onItsWay);
      context.next(nextCommand(view, view.counts.total > 0));
      return EXIT_CODES.ok.code;
    },
  });
}

function lookAfter(client: RunClient, runId: string, isReached: (view: RunView) => boolean): Promise<RunView> {
  return client.wait(runId, { timeoutMs: LOOK_MS, until: (view) => view.stale || isReached(view) });
}

function report(context: CliContext, view: RunView): void {
  if (context.globals.json === true) context.printJson(view);
  else if (context.globals.quiet === true) context.print(view.runId);
  else context.print(progressLine(view).replace(stateText(view), context.paint(view.state, stateText(view))));
}
