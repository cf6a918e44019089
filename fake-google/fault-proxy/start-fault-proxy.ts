import { startGrpcProxy } from './start-grpc-proxy.ts';
import type { GrpcProxy } from './start-grpc-proxy.ts';
import { startRestProxy } from './start-rest-proxy.ts';
import type { RestProxy } from './start-rest-proxy.ts';

export interface FaultProxy extends AsyncDisposable {
  readonly rest: RestProxy;
  readonly grpc: GrpcProxy;
  /** Takes all rules away. */
  calm(): void;
  close(): Promise<void>;
}

/** Stands between a client and BigQuery: all passes until a rule is added. Outlives a server that comes back on its ports. */
export async function startFaultProxy(server: {
  readonly url: string;
  readonly grpcPort: number;
}): Promise<FaultProxy> {
  const [rest, grpc] = await Promise.all([startRestProxy(server.url), startGrpcProxy(server.grpcPort)]);
  const close = async (): Promise<void> => {
    await Promise.all([rest.close(), grpc.close()]);
  };
  const calm = (): void => {
    for (const { clear } of [rest.rules, grpc.answers, grpc.refusals]) clear();
  };
  return { rest, grpc, calm, close, [Symbol.asyncDispose]: close };
}
