import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Asset } from '../../contracts/asset.ts';
import { imageAsIdText, isImageTheId } from '../../contracts/image-as-id.ts';
import type { SourceSpec } from '../../contracts/source.ts';
import type { SourceDescription } from '../../sources/ports.ts';
import { usageError } from '../cli-error.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { lookAtImages, type ImageLook } from '../look-at-images.ts';
import { checkSignedIn } from '../gcloud/sign-in.ts';
import { settingsOf } from '../open-worker.ts';
import { refusedRequest } from '../refused-request.ts';
import { inspectText } from '../output/inspect-text.ts';
import { wholeNumber } from '../parse-option.ts';
import { addSourceOptions, sourceOf, sourceWords, type SourceOptions } from '../source-options.ts';

interface InspectOptions extends SourceOptions {
  readonly images: number;
  readonly rejects?: string;
}

export const sourcesInspect = defineCommand<InspectOptions>({
  usage: 'sources inspect <source>',
  summary: 'Show what a run over a source would take, and what it would reject; needs no server',
  examples: [
    'sources inspect poles.csv',
    'sources inspect poles.csv --map id=pole,image=photo --rejects poles.rejects.csv',
    'sources inspect - --format csv',
    'sources inspect bq://my-project.street.cropped_observations_latest --asset-class UTILITY_POLE',
    "sources inspect 'gs://pictures/poles/**/*.jpg'",
  ],
  options: (command: Command) => {
    addSourceOptions(command);
    command
      .option('--images <count>', 'open so many of the images', wholeNumber(0, 10_000), 20)
      .option('--rejects <file>', 'write the rejected entries with their reasons into a file');
  },
  async run(context, options, [typed = '']) {
    const { description, images, idGuess } = await inspect(context, options, await sourceOf(context, typed, options));
    const idText = idGuess && imageAsIdText(idGuess.candidate);
    if (context.globals.json === true)
      context.printJson({ ...description, looks: images, ...(idGuess && { idCandidate: idGuess.candidate }) });
    else if (context.globals.quiet === true) context.print(String(description.assets));
    else
      context.print(
        inspectText({ description, images, idText, showPath: context.showPath, width: context.io.stdout.columns() }),
      );
    if (options.rejects !== undefined && description.rejected > 0) {
      context.say(
        `Rejected entries are in ${context.showPath(resolve(context.io.workingDir, options.rejects))}; mend them and start a run over that file, with the same --map, and with --base unless it stands beside the source.`,
      );
    }
    const words = [context.word(typed), ...sourceWords(options, context.word)].join(' ');
    if (idGuess === null || description.rejected === 0) context.next(`runs start ${words} --wait`);
    else context.next(`sources inspect ${words} --map ${context.word(`id=${idGuess.candidate ?? 'COLUMN'}`)}`);
    return EXIT_CODES.ok.code;
  },
});

interface Inspected {
  readonly description: SourceDescription;
  readonly images: readonly ImageLook[];
  /** Set where the images stand for the ids because nobody said otherwise; with the column that could hold them. */
  readonly idGuess: { readonly candidate: string | null } | null;
}

async function inspect(context: CliContext, options: InspectOptions, source: string | SourceSpec): Promise<Inspected> {
  const { openGoogle } = await import('../../google/open-google.ts');
  const { createSources } = await import('../../sources/index.ts');
  const { resolveSourceSpec } = await import('../../sources/resolve-source-spec.ts');
  const { openRejects } = await import('../../stores/rejects-file.ts');
  const spec = await resolveSourceSpec(source, context.io.workingDir);
  if (!spec.ok) throw refusedRequest(spec.failure);
  const google = openGoogle(settingsOf(context));
  await checkSignedIn(google, spec.value);
  const first: Asset[] = [];
  const rejectsPath = options.rejects === undefined ? null : resolve(context.io.workingDir, options.rejects);
  if (rejectsPath !== null) checkNewFile(context, rejectsPath);
  const rejects = rejectsPath === null ? null : openRejects(rejectsPath);
  try {
    const adapter = createSources(google).find(spec.value.kind);
    const described = await adapter.describe(spec.value, {
      onReject: (reject) => rejects?.add(reject),
      onAsset: (asset) => {
        if (first.length < options.images) first.push(asset);
      },
    });
    if (!described.ok) throw refusedRequest(described.failure);
    const isGuessed = isImageTheId(described.value.spec) && !hasId(spec.value);
    return {
      description: described.value,
      images: await lookAtImages(context, first, options.images),
      idGuess: isGuessed ? { candidate: (await adapter.idCandidate?.(spec.value)) ?? null } : null,
    };
  } finally {
    rejects?.close();
  }
}

function hasId(spec: SourceSpec): boolean {
  return 'map' in spec && spec.map?.id !== undefined;
}

/** Never over another file, least of all over the source itself. */
function checkNewFile(context: CliContext, path: string): void {
  if (existsSync(path)) {
    throw usageError(`${context.showPath(path)} exists already.`, 'Name a new file for the rejected entries.');
  }
  if (!existsSync(dirname(path))) {
    throw usageError(`The folder of ${context.showPath(path)} does not exist.`, 'Create it, or name another file.');
  }
}
