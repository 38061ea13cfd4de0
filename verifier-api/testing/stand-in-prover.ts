// SPDX-License-Identifier: GPL-3.0-or-later
import { UnrecoverableError, Worker } from 'bullmq';
import type { StatementId } from '../../protocol/statement.ts';
import { PROVE_QUEUE } from '../../runtime/keys.ts';
import type { ProveJob } from '../../runtime/prove-job.ts';
import { connectWorker } from '../../runtime/redis.ts';
import { StatementStore } from '../../runtime/statement-store.ts';
import type { ApiFixture } from './api-fixture.ts';

/** A worker that makes proofs up, by the keys of the fixture. */
export class StandInProver {
  /** statements in the order in which they were begun */
  readonly begun: StatementId[] = [];
  /** statements that it fails instead */
  readonly unprovable = new Set<StatementId>();

  private constructor(private readonly close: () => Promise<void>) {}

  static async start({ config, forged }: ApiFixture): Promise<StandInProver> {
    const redis = await connectWorker(config.redis);
    const store = new StatementStore(redis);
    const worker = new Worker<ProveJob>(
      PROVE_QUEUE.name,
      async ({ data: { statementId: id, circuit, keyHash } }) => {
        const attempt = await store.begin(id, 20);
        const record = await store.get(id);
        if (typeof attempt !== 'number' || !record) return;
        prover.begun.push(id);
        if (prover.unprovable.has(id)) {
          await store.fail(id, attempt, { code: 'WITNESS', message: 'no witness' });
          throw new UnrecoverableError('no witness');
        }
        const { publicSignals } = record;
        const proof = forged.get(circuit)?.prove(publicSignals.map(BigInt));
        if (!proof) throw new UnrecoverableError(`no key of ${circuit}`);
        await store.finish(id, { keyHash, circuit, publicSignals, proof });
      },
      { connection: redis, prefix: PROVE_QUEUE.prefix },
    );
    const prover = new StandInProver(async () => {
      await worker.close();
      await store.close();
      redis.disconnect();
    });
    return prover;
  }

  stop(): Promise<void> {
    return this.close();
  }
}
