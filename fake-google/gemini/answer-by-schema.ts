import { pick } from '../seeded-random.ts';

/** The part of a schema that an answer depends on; types may be in capitals, as Gemini's own are. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Lengths come as text from some clients, as 64 bit numbers do in Google's JSON. */
  readonly maxLength?: number | string;
  readonly minItems?: number | string;
  readonly maxItems?: number | string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyOrdering?: readonly string[];
}

const WORDS = ['weathered', 'upright', 'near', 'the', 'road', 'clear', 'größer', '電柱', 'red', 'small', 'bent', 'new'];
const MOST_ITEMS = 3;
const ORDINARY_RANGE = 10;
/** Of answers that may say that nothing is to be seen. */
const VISIBLE_SHARE = 0.9;

/** A value that a schema allows; the same numbers give the same value. */
export function answerBySchema(schema: unknown, random: () => number): unknown {
  const known = (schema ?? {}) as Schema;
  if (known.enum !== undefined && known.enum.length > 0) return pick(random, known.enum);
  switch ((known.type ?? 'string').toLowerCase()) {
    case 'object':
      return objectFor(known, random);
    case 'array':
      return Array.from({ length: lengthFor(known, random) }, () => answerBySchema(known.items, random));
    case 'integer':
      return Math.round(numberFor(known, random));
    case 'number':
      return Math.round(numberFor(known, random) * 1000) / 1000;
    case 'boolean':
      return random() < 0.5;
    default:
      return textFor(known, random);
  }
}

/** Without the subject in sight all but what is required stays away, as our prompts say. */
function objectFor(schema: Schema, random: () => number): Record<string, unknown> {
  const { properties = {}, required = [] } = schema;
  const names = schema.propertyOrdering ?? Object.keys(properties);
  const isVisible = !('visible' in properties) || random() < VISIBLE_SHARE;
  const kept = isVisible ? names : names.filter((name) => required.includes(name));
  return Object.fromEntries(
    kept.map((name) => [name, name === 'visible' ? isVisible : answerBySchema(properties[name], random)]),
  );
}

function lengthFor({ minItems = 0, maxItems = MOST_ITEMS }: Schema, random: () => number): number {
  const fewest = Number(minItems);
  const most = Math.min(Number(maxItems), Math.max(fewest, MOST_ITEMS));
  return fewest + Math.floor(random() * (most - fewest + 1));
}

function numberFor({ minimum, maximum }: Schema, random: () => number): number {
  const low = minimum ?? Math.min(0, maximum ?? 0);
  const high = maximum ?? low + ORDINARY_RANGE;
  return low + random() * (high - low);
}

function textFor({ maxLength = 60 }: Schema, random: () => number): string {
  const words = Array.from({ length: 2 + Math.floor(random() * 4) }, () => pick(random, WORDS)).join(' ');
  return Array.from(words).slice(0, Number(maxLength)).join('').trimEnd();
}
