import type { Argument, Command, Option } from 'commander';

/** One thing that a person may go on with. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What completes here: these words, or the files of the shell. */
export type Completion = readonly Candidate[] | 'files';

/** Words that only a data folder knows. */
export interface LiveWords {
  runs(): Promise<readonly Candidate[]>;
  prompts(): Promise<readonly Candidate[]>;
}

/**
 * What can follow `words`, of which the last is still being typed (it may be empty): commands, options of the command, values
 * of an option, ids of runs, names of prompts.
 */
export async function findCandidates(program: Command, words: readonly string[], live: LiveWords): Promise<Completion> {
  const typed = words.at(-1) ?? '';
  const { command, args, open } = walk(program, words.slice(0, -1));
  const found = await allCandidates(command, args, open, typed, live);
  return found === 'files' ? found : found.filter(({ value }) => value.startsWith(typed));
}

interface Place {
  readonly command: Command;
  /** Arguments of the command so far. */
  readonly args: number;
  /** The option whose value is being typed. */
  readonly open: Option | undefined;
}

function walk(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, args: 0, open: undefined };
  for (const word of words) {
    if (place.open) place = { ...place, open: undefined };
    else if (word.startsWith('-')) place = { ...place, open: takesNext(findOption(place.command, word), word) };
    else place = step(place, word);
  }
  return place;
}

function step(place: Place, word: string): Place {
  const command = place.args === 0 ? place.command.commands.find((each) => each.name() === word) : undefined;
  return command ? { command, args: 0, open: undefined } : { ...place, args: place.args + 1 };
}

/** `--name=value` brings its value along. */
function takesNext(option: Option | undefined, word: string): Option | undefined {
  return option && (option.required || option.optional) && !word.includes('=') ? option : undefined;
}

function findOption(command: Command, word: string): Option | undefined {
  const [name] = word.split('=');
  return optionsOf(command).find(({ long, short }) => long === name || short === name);
}

/** Its own ones first, then those that every command takes. */
function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent ? optionsOf(command.parent) : [])].filter(({ hidden }) => !hidden);
}

async function allCandidates(
  command: Command,
  args: number,
  open: Option | undefined,
  typed: string,
  live: LiveWords,
): Promise<Completion> {
  if (open) return open.name() === 'prompt' ? live.prompts() : choicesOr(open.argChoices, open.flags);
  if (typed.startsWith('-')) {
    return optionsOf(command).map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
  }
  if (command.commands.length > 0) {
    if (args > 0) return [];
    const shown = command.createHelp().visibleCommands(command);
    return shown.map((each) => ({ value: each.name(), description: each.summary() || each.description() }));
  }
  return ofArgument(argumentAt(command.registeredArguments, args), live);
}

function argumentAt(all: readonly Argument[], at: number): Argument | undefined {
  const last = all.at(-1);
  return all[at] ?? (last?.variadic === true ? last : undefined);
}

function ofArgument(argument: Argument | undefined, live: LiveWords): Completion | Promise<Completion> {
  switch (argument?.name()) {
    case undefined:
      return [];
    case 'run':
      return live.runs();
    case 'prompt':
      return live.prompts();
    default:
      return choicesOr(argument?.argChoices, argument?.name() ?? '');
  }
}

/** Without choices, only what is called a file, a folder or a source is one. */
function choicesOr(choices: readonly string[] | undefined, name: string): Completion {
  if (choices) return choices.map((value) => ({ value, description: '' }));
  return /file|folder|source/.test(name) ? 'files' : [];
}
