import { remembered } from '../../contracts/remembered.ts';
import type { AnalyzerInput, AnalyzerResult } from '../ports.ts';
import { askModel, type OpenModel } from './ask-model.ts';
import type { TakeTurns } from './turns.ts';

/** Asks a model that is opened for the first question. */
export function createAsker(
  open: () => Promise<OpenModel>,
  inTurn: TakeTurns,
): (input: AnalyzerInput) => Promise<AnalyzerResult> {
  // Google's clients take long to load, and most processes never ask.
  const opened = new Map<'model', Promise<OpenModel>>();
  return async (input) => {
    const model = await remembered(opened, 'model', open);
    const result = await askModel(input, model, inTurn);
    if (result.ok) opened.set('model', Promise.resolve(proven(model)));
    return result;
  };
}

/** A region that has answered exists: when nobody knows its host later, the network is at fault, and waiting helps. */
function proven({ regionHost: _known, ...model }: OpenModel): OpenModel {
  return model;
}
