import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { TableColumn } from '../output/table.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'SETTING', keep: true },
  { title: 'VALUE', cutAt: 'start' },
];
const ORIGIN: TableColumn = { title: 'FROM' };

export const configList = defineCommand<{ readonly showOrigin?: boolean }>({
  usage: 'config list',
  summary: 'List every setting as it holds here; secrets are not shown',
  examples: ['config list --show-origin', 'config list --json'],
  options: (command) => command.option('--show-origin', 'who said so: flag, environment, profile or default'),
  async run(context, { showOrigin }) {
    const { listSettings } = await import('../../config/list-settings.ts');
    const { io, globals } = context;
    const { dataDir, address } = globals;
    const settings = listSettings({
      env: io.env,
      workingDir: io.workingDir,
      flags: { ...(dataDir === undefined ? {} : { dataDir }), ...(address === undefined ? {} : { address }) },
    });
    if (globals.json === true) context.printJson(settings);
    else if (globals.quiet === true) for (const { name } of settings) context.print(name);
    else {
      context.printTable(
        showOrigin === true ? [...COLUMNS, ORIGIN] : COLUMNS,
        settings.map(({ name, value, origin }) => [
          name,
          value === null ? '' : String(value),
          ...(showOrigin === true ? [origin] : []),
        ]),
      );
    }
    context.next('doctor');
    return EXIT_CODES.ok.code;
  },
});
