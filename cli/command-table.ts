import type { CommandEntry } from './define-command.ts';
import { completion } from './commands/completion.ts';
import { configList } from './commands/config-list.ts';
import { doctor } from './commands/doctor.ts';
import { demo } from './commands/demo.ts';
import { dev } from './commands/dev.ts';
import { failuresList } from './commands/failures-list.ts';
import { gcloudCheck } from './commands/gcloud-check.ts';
import { gcloudSetup } from './commands/gcloud-setup.ts';
import { gcloudTeardown } from './commands/gcloud-teardown.ts';
import { promptsList } from './commands/prompts-list.ts';
import { promptsNew } from './commands/prompts-new.ts';
import { promptsShow } from './commands/prompts-show.ts';
import { promptsValidate } from './commands/prompts-validate.ts';
import { resultsGet } from './commands/results-get.ts';
import { resultsList } from './commands/results-list.ts';
import { runsCancel, runsPause, runsResume } from './commands/runs-control.ts';
import { runsList } from './commands/runs-list.ts';
import { runsRename } from './commands/runs-rename.ts';
import { runsReport } from './commands/runs-report.ts';
import { runsShow } from './commands/runs-show.ts';
import { runsStart } from './commands/runs-start.ts';
import { runsWatch } from './commands/runs-watch.ts';
import { sourcesInspect } from './commands/sources-inspect.ts';
import { tryFiles } from './commands/try-files.ts';
import { worker } from './commands/worker.ts';

/** First words of commands that belong together. */
export const GROUPS = {
  sources: 'See what a source holds before a run',
  runs: 'Start runs and follow them',
  results: 'Look at the rows of a run',
  failures: 'See why assets have no answer',
  prompts: 'See, check and write prompts',
  config: 'Look at the settings',
  gcloud: 'Get Google Cloud ready for runs, and tidy up',
} as const;

/** Every command, in the order of the help. A new command is one file and one line here. */
export const COMMANDS: readonly CommandEntry[] = [
  demo,
  tryFiles,
  dev,
  worker,
  doctor,
  configList,
  completion,
  sourcesInspect,
  runsStart,
  runsList,
  runsShow,
  runsReport,
  runsRename,
  runsWatch,
  runsPause,
  runsResume,
  runsCancel,
  resultsList,
  resultsGet,
  failuresList,
  promptsList,
  promptsShow,
  promptsValidate,
  promptsNew,
  gcloudCheck,
  gcloudSetup,
  gcloudTeardown,
];
