import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { TemporalControl } from '../activities/deps.ts';
import { registerSearchAttributes } from '../client/register-search-attributes.ts';
import type { ShardResult } from '../contracts/shard.ts';
import { CALL_TYPE, readPendingCalls } from './pending-calls.ts';

/** gRPC status codes: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;

/** The few calls to the server that activities make. */
export function createTemporalControl(client: Client): TemporalControl {
  const { workflowService } = client.connection;
  const { namespace, identity } = client.options;
  return {
    async ensureSearchAttributes() {
      try {
        // When some are registered only now, each service of the server learns of it in its own time, and a workflow that uses
        // an attribute too early is stuck: the next run will use them.
        return (await registerSearchAttributes(client)).length === 0;
      } catch {
        return false;
      }
    },
    async pauseCalls(workflowId) {
      try {
        await workflowService.pauseActivity({ namespace, identity, execution: { workflowId }, type: CALL_TYPE });
      } catch (error) {
        if (hasCode(error, UNIMPLEMENTED)) return false;
        if (!hasCode(error, NOT_FOUND)) throw error;
      }
      return true;
    },
    async unpauseCalls(workflowId) {
      try {
        await workflowService.unpauseActivity({ namespace, identity, execution: { workflowId }, type: CALL_TYPE });
      } catch (error) {
        if (!hasCode(error, UNIMPLEMENTED) && !hasCode(error, NOT_FOUND)) throw error;
      }
    },
    async callsUnderWay(workflowId) {
      return (await readPendingCalls(client, workflowId)).calls.length;
    },
    async shardResult(workflowId, signal) {
      const result = client.workflow.getHandle(workflowId).result() as Promise<ShardResult>;
      const givenUp = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
      return Promise.race([result, givenUp]);
    },
    async cancel(workflowId) {
      await client.workflow.getHandle(workflowId).cancel();
    },
  };
}

function hasCode(error: unknown, wanted: number): boolean {
  if (!isGrpcServiceError(error)) return false;
  const code: number = error.code;
  return code === wanted;
}
