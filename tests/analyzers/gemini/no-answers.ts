/** Bodies of answers with 200 that are JSON, and no answer of a model. */
export const NO_ANSWERS: readonly string[] = [
  'null',
  '[]',
  '"x"',
  '7',
  '{}',
  '{"candidates":7}',
  '{"candidates":"x"}',
  '{"candidates":[null]}',
  '{"candidates":[7]}',
  '{"candidates":[{"content":null}]}',
  '{"candidates":[{"content":{"parts":{}}}]}',
  '{"candidates":[{"content":{"parts":[null,7]}}]}',
  '{"promptFeedback":7,"usageMetadata":"x"}',
];
