import { isGrpcServiceError, type Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { TemporalControl } from '../activities/deps.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/messages.ts';
import type { ShardResult } from '../contracts/shard.ts';
import { CALL_TYPE, readPendingCalls } from './pending-calls.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;
/** gRPC status codes: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;

const VALUE_TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  DOUBLE: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
} as const;

/** The few calls to the server that activities make. */
export function createTemporalControl(client: Client): TemporalControl {
  const { workflowService, operatorService } = client.connection;
  const { namespace, identity } = client.options;
  return {
    async ensureSearchAttributes() {
      try {
        const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
        const missing = Object.values(SEARCH_ATTRIBUTES).filter(({ name }) => customAttributes?.[name] === undefined);
        if (missing.length === 0) return true;
        const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, VALUE_TYPES[type]]));
        await operatorService.addSearchAttributes({ namespace, searchAttributes });
      } catch {
        return false;
      }
      // Registered now, but each service of the server learns of it in its own time, and a workflow that uses an attribute
      // too early is stuck: the next run will use them.
      return false;
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
