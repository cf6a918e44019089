import type { z } from 'zod';
import { failed } from '../../contracts/failures.ts';
import { parseAnalyzerSettings } from '../parse-analyzer-settings.ts';
import type { Analyzer, KeyAccess, VertexAccess } from '../ports.ts';
import type { OpenModel } from './ask-model.ts';
import { createAsker } from './create-asker.ts';
import { geminiSettingsSchema, vertexAiSettingsSchema } from './gemini-settings.ts';
import { openGemini } from './open-gemini.ts';
import { openVertexAi } from './open-vertexai.ts';
import { createTurns } from './turns.ts';

const DEFAULT_MODEL = 'gemini-3.5-flash';

/** Asks Gemini through Vertex AI or the Gemini API; without access it can check what is asked, but answers nothing. */
export function createGeminiAnalyzer(access: VertexAccess | KeyAccess | undefined): Analyzer {
  return createAnalyzer({
    kind: 'gemini',
    schema: geminiSettingsSchema,
    access,
    open: openGemini,
    fix: 'set GEMINI_API_KEY, or GOOGLE_CLOUD_PROJECT for Vertex AI',
  });
}

/** The same through `@google-cloud/vertexai`, with fewer settings. */
export function createVertexAiAnalyzer(access: VertexAccess | undefined): Analyzer {
  return createAnalyzer({
    kind: 'vertexai',
    schema: vertexAiSettingsSchema,
    access,
    open: openVertexAi,
    fix: 'set GOOGLE_CLOUD_PROJECT',
  });
}

interface Kind<Access extends VertexAccess | KeyAccess> {
  readonly kind: string;
  readonly schema: z.ZodObject & z.ZodType<Readonly<Record<string, unknown>>>;
  readonly access: Access | undefined;
  readonly open: (access: Access) => Promise<OpenModel>;
  /** What to do where there is no access. */
  readonly fix: string;
}

function createAnalyzer<Access extends VertexAccess | KeyAccess>(of: Kind<Access>): Analyzer {
  const { kind, schema, access, open, fix } = of;
  const lacks = access ? undefined : `The analyzer ${kind} has no access to Gemini here: ${fix}`;
  const ask = access && createAsker(() => open(access), createTurns(access.callsAtOnce));
  return {
    kind,
    defaultModel: DEFAULT_MODEL,
    takesModel: true,
    lane: kind,
    ...(lacks !== undefined && { lacks }),
    refuses: () => null,
    parseSettings: (settings) => parseAnalyzerSettings(kind, schema, settings),
    async analyze(input) {
      return ask ? ask(input) : failed('CredentialsRejected', `${lacks}`);
    },
  };
}
