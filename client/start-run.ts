import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { isRunId } from '../contracts/ids.ts';
import { WORKFLOWS } from '../contracts/messages.ts';
import { RUN_PRIORITY, RUN_QUEUE } from '../contracts/queues.ts';
import { DEFAULT_PROMPT, type RunRequest } from '../contracts/run.ts';
import type { RunRecords } from '../stores/ports.ts';
import { callTemporal } from './call-temporal.ts';
import { RunExists } from './client-errors.ts';
import { generateRunId } from './generate-run-id.ts';

/** Starts a run and returns its id; a readable one is made up when none is given. Throws `RunExists`. */
export async function startRun(
  client: Client,
  records: RunRecords,
  request: RunRequest,
  chosen: string | undefined,
): Promise<string> {
  const runId = chosen ?? generateRunId();
  if (!isRunId(runId)) {
    throw new RangeError(
      `The run id ${JSON.stringify(runId)} is not valid: 3 to 63 of a-z, 0-9 and -, beginning with a letter or digit.`,
    );
  }
  // Temporal forgets runs, and then only the worker would notice.
  if (await isRecorded(records, runId)) throw runExists(runId);
  try {
    await callTemporal(client, () => client.workflow.start(WORKFLOWS.analyzeRun, startOptions(runId, request)));
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) throw runExists(runId, error);
    throw error;
  }
  return runId;
}

function startOptions(runId: string, request: RunRequest) {
  const source = typeof request.source === 'string' ? request.source : request.source.path;
  return {
    workflowId: runId,
    taskQueue: RUN_QUEUE,
    args: [request],
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    workflowIdConflictPolicy: 'FAIL' as const,
    staticSummary: `${request.name ?? runId}: ${request.prompt ?? DEFAULT_PROMPT} over ${source}`.slice(0, 200),
    priority: { priorityKey: RUN_PRIORITY, fairnessKey: runId },
  };
}

async function isRecorded(records: RunRecords, runId: string): Promise<boolean> {
  try {
    return (await records.read(runId)) !== undefined;
  } catch {
    // A damaged record still has the id; whoever claims it decides.
    return false;
  }
}

function runExists(runId: string, cause?: Error): RunExists {
  return new RunExists(`A run with the id ${runId} exists already.`, { cause });
}
