import { SourceError } from './ports.ts';

/** Which names belong together: what stands for `{id}` is the same. */
export interface GroupRule {
  readonly text: string;
  /** The id in a name, or null for a name that does not fit. */
  idOf(name: string): string | null;
}

/**
 * Reads a rule for the names of files: `{id}` once, `*` for anything, everything else literally; endings may be left out.
 * `{id}_*` finds `17` in `17_front.jpg`. `{id}` takes as little as it can. Throws `SourceError`.
 */
export function parseGroupRule(text: string): GroupRule {
  if (
    text.split('{id}').length !== 2 ||
    text.includes('/') ||
    text.length > MAX_RULE_LENGTH ||
    stars(text) > MAX_STARS
  ) {
    throw new SourceError(
      'InvalidRequest',
      `The rule ${JSON.stringify(text.slice(0, 80))} cannot group files: it needs {id} once, may have up to ${MAX_STARS} *, and no /; for example {id}_*`,
    );
  }
  const pattern = text
    .split(/(\{id\}|\*)/)
    .map((part) => (part === '{id}' ? '(.+?)' : part === '*' ? '.*?' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('');
  const whole = new RegExp(`^${pattern}$`, 's');
  return { text, idOf: (name) => (whole.exec(name.replace(/\.[^.]*$/, '')) ?? whole.exec(name))?.[1] ?? null };
}

const MAX_RULE_LENGTH = 200;
/** Each makes the worst case of a match longer by one power of the length of the name. */
const MAX_STARS = 3;

function stars(text: string): number {
  return text.split('*').length - 1;
}

/** Names by their ids, in the order of the names. */
export function groupBy(
  rule: GroupRule,
  names: readonly string[],
): { readonly groups: ReadonlyMap<string, readonly string[]>; readonly others: readonly string[] } {
  const groups = new Map<string, string[]>();
  const others: string[] = [];
  for (const name of names) {
    const id = rule.idOf(name);
    if (id === null) others.push(name);
    else groups.set(id, [...(groups.get(id) ?? []), name]);
  }
  return { groups, others };
}
