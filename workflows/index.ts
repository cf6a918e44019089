export { analyzeRun } from './analyze-run.ts';
export { analyzeShard } from './analyze-shard.ts';
export { analyzeOne } from './analyze-one.ts';
