import { Argument } from 'commander';
import { fileURLToPath } from 'node:url';
import { SHELLS, shellScript, type Shell } from '../completion/shell-script.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export const completion = defineCommand<object>({
  usage: 'completion',
  summary: 'Print a script that lets a shell complete commands, options, run ids and prompts',
  examples: ['completion bash > ~/.sightline-completion', 'completion fish | source'],
  options: (command) => command.addArgument(new Argument('<shell>', 'the shell').choices(SHELLS)),
  async run(context, _options, [shell = 'bash']) {
    const script = shellScript(shell as Shell, { node: process.execPath, main: MAIN });
    if (context.globals.json === true) context.printJson({ shell, script });
    else context.io.stdout.write(script);
    context.say('How to use it is written at its top. It completes the word sightline.');
    return EXIT_CODES.ok.code;
  },
});
