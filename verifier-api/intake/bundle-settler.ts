// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { Logger } from '../../runtime/log.ts';
import type { StatementFlow } from '../../runtime/statement-flow.ts';
import type { StatementRecord } from '../../runtime/statement-record.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import type { SignatureBundle, SignatureBundleStore } from '../store/signature-bundle-store.ts';

export interface BundleSettlerParts {
  readonly bundles: SignatureBundleStore<object>;
  readonly statements: StatementStore;
  readonly flow: StatementFlow;
  readonly log: Logger;
}

/**
 * Sees bundles of signatures through the farm. A bundle is on disk with all that its shards take before any of them is
 * asked for; whatever dies in between, `settle` goes on from there.
 */
export class BundleSettler {
  constructor(
    /** what its bundles are, for the log */
    readonly what: string,
    private readonly parts: BundleSettlerParts,
  ) {}

  /** Bring one on as far as it goes: ask for what is missing, note its end, wait for the rest. */
  async settle(id: Hex): Promise<void> {
    const { bundles, statements, flow, log } = this.parts;
    const bundle = await bundles.get(id);
    if (bundle?.state !== 'proving') return;
    if (!bundle.started) {
      for (const statement of (await bundles.newStatements(id)) ?? []) await statements.create(statement);
      await bundles.noteStarted(id);
    }
    const shards = await this.shards(bundle);
    const end = endOf(bundle, shards);
    if (end === undefined) {
      await flow.add(id, shards.filter((shard) => shard !== undefined).filter(isOpen));
      return;
    }
    if (end !== 'proved') {
      if (await bundles.endFailed(id, end)) log.error({ id, what: this.what, ...end }, 'signatures are not proved');
    } else {
      const proofs = await Promise.all(bundle.statements.map((statement) => statements.proof(statement)));
      const found = proofs.filter((proof) => proof !== undefined);
      // One was asked for again under another key meanwhile: the next round sees that.
      if (found.length !== proofs.length || found.some(({ keyHash }) => keyHash !== bundle.keyHash)) return;
      if (await bundles.endProved(id, found)) log.info({ id, what: this.what }, 'signatures are proved');
    }
    await flow.remove(id);
  }

  /** All that are open. @returns what could not be settled, with the reason */
  async settleAll(): Promise<{ id: Hex; error: unknown }[]> {
    const failures: { id: Hex; error: unknown }[] = [];
    for (const id of await this.parts.bundles.open()) {
      try {
        await this.settle(id);
      } catch (error) {
        failures.push({ id, error });
      }
    }
    return failures;
  }

  /** Its statements as they are; undefined for one that is not asked for yet, or no longer kept. */
  async shards({ statements }: SignatureBundle): Promise<(StatementRecord | undefined)[]> {
    return Promise.all(statements.map((statement) => this.parts.statements.get(statement)));
  }
}

const isOpen = ({ state }: StatementRecord): boolean => state === 'queued' || state === 'proving';

/** @returns undefined while it goes on */
function endOf(
  { keyHash }: SignatureBundle,
  shards: readonly (StatementRecord | undefined)[],
): 'proved' | { code: string; message: string } | undefined {
  for (const shard of shards) {
    if (!shard) return { code: 'STATEMENT_GONE', message: 'a shard is no longer kept; ask again' };
    if (shard.keyHash !== keyHash) {
      return { code: 'KEY_REPLACED', message: `shard ${shard.id} is proved under another key by now; ask again` };
    }
    if (shard.state === 'failed' || shard.state === 'superseded') {
      const { code, message } = shard.failure ?? { code: 'INTERNAL', message: shard.state };
      return { code, message: `shard ${shard.id}: ${message}` };
    }
  }
  return shards.every((shard) => shard?.state === 'proved') ? 'proved' : undefined;
}
