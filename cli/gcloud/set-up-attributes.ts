import { grpcCode } from '../../client/call-temporal.ts';
import { isClientError } from '../../client/client-errors.ts';
import { readTemporalSettings } from '../../config/temporal-settings.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/messages.ts';
import type { CliContext } from '../cli-context.ts';
import { cleanText } from '../output/clean-text.ts';
import { reasonOf } from '../reason-of.ts';

/** What runs show in lists of Temporal, and can be found by. */
export const ATTRIBUTES = `search attributes ${Object.values(SEARCH_ATTRIBUTES)
  .map(({ name }) => name)
  .join(', ')}`;

/** The same as a command of the Temporal CLI. */
export function attributesCommand({ globals, word }: CliContext): string {
  const { address, namespace } = readTemporalSettings();
  const attributes = Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => `--name ${name} --type ${TYPES[type]}`);
  const place = `--address ${word(globals.address ?? address)} --namespace ${word(namespace)}`;
  return `temporal operator search-attribute create ${attributes.join(' ')} ${place}`;
}

/** As the Temporal CLI names them. */
const TYPES = { KEYWORD: 'Keyword', INT: 'Int', DOUBLE: 'Double' } as const;

interface AttributesResult {
  readonly what: string;
  /** `left`: for the first run, which registers them as well. */
  readonly state: 'made' | 'there' | 'left';
}

/** Registers what is missing. That no server answers, or it lets nobody register anything, is no reason to fail: runs go without. */
export async function setUpAttributes(context: CliContext): Promise<AttributesResult> {
  const { state, said } = await register(context);
  if (said !== undefined) context.say(said);
  else if (context.globals.json !== true) {
    context.print(`${ATTRIBUTES}: ${state === 'there' ? 'are there already' : 'made'}`);
  }
  return { what: ATTRIBUTES, state };
}

async function register(
  context: CliContext,
): Promise<{ readonly state: AttributesResult['state']; readonly said?: string }> {
  await using sightline = await context.connect();
  try {
    const made = await sightline.registerSearchAttributes();
    return { state: made.length === 0 ? 'there' : 'made' };
  } catch (error) {
    if (!isClientError(error) && grpcCode(error) === undefined) throw error;
    const why = cleanText(reasonOf(error));
    const told = isClientError(error) ? why : `The Temporal server refuses its search attributes: ${why}.`;
    return { state: 'left', said: `${told} The first run registers the search attributes.` };
  }
}
