// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { listCircuits, type CircuitInfo } from '../../circuits/registry.ts';
import { concatBytes, fromHex, toBytesBE, toHex, type Hex } from '../../protocol/bytes.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import type { Logger } from '../../runtime/log.ts';
import type { StatementFlow } from '../../runtime/statement-flow.ts';
import type { StatementRecord } from '../../runtime/statement-record.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import { Problem } from '../http/problem.ts';
import { signaturesDraft, withKey } from '../statements/build-statement.ts';
import { NoCircuitKeyError, type CircuitKey, type CircuitKeys } from '../statements/circuit-keys.ts';
import type { ConsensusStateStore } from '../store/consensus-state-store.ts';
import type { HeaderUpdateStore, StoredHeaderUpdate } from '../store/header-update-store.ts';
import { checkHeader, type HeaderAnswers } from './check-header.ts';
import { headerProblem } from './header-refusal.ts';

export interface HeaderUpdateParts {
  readonly updates: HeaderUpdateStore;
  readonly states: ConsensusStateStore;
  readonly statements: StatementStore;
  readonly flow: StatementFlow;
  readonly keys: CircuitKeys;
  readonly log: Logger;
}

/**
 * Headers of followed chains: checked, sharded over the farm, gathered when proved. An update is on disk with all that
 * its shards take before any of them is asked for; whatever dies in between, `settle` goes on from there.
 */
export class HeaderUpdates {
  constructor(private readonly parts: HeaderUpdateParts) {}

  /**
   * Accept a header. Idempotent by chain, header and trusted state; one that failed begins anew.
   * @throws Problem
   */
  async submit(chain: FollowedChain, answers: HeaderAnswers): Promise<Hex> {
    const { updates, log } = this.parts;
    const { consensus, trusted, header, slots, contradicts } = await this.#checked(chain, answers);
    const id = updateId(consensus.blockHash, trusted.blockHash, chain);
    const { circuit, key } = await this.#circuit(slots.length);
    const keyHash = key.manifest.verificationKeyHash;
    const capacity = circuit.capacity ?? 1;
    const drafts = Array.from({ length: Math.ceil(slots.length / capacity) }, (_, i) =>
      withKey(signaturesDraft(circuit, slots.slice(i * capacity, (i + 1) * capacity), contradicts), keyHash),
    );
    const update = {
      id,
      chain: chain.id,
      blockHash: consensus.blockHash,
      trusted,
      header,
      circuit: circuit.id,
      keyHash,
      statements: drafts.map((draft) => draft.id),
      contradicts,
    };
    if ((await updates.accept(update, consensus, drafts)) && contradicts) {
      log.fatal({ chain: chain.id, height: String(header.header.height), update: id }, 'two headers contradict');
    }
    await this.settle(id);
    return id;
  }

  /** Bring one update on as far as it goes: ask for what is missing, note its end, wait for the rest. */
  async settle(id: Hex): Promise<void> {
    const { updates, statements, flow, log } = this.parts;
    const update = await updates.get(id);
    if (update?.state !== 'proving') return;
    if (!update.started) {
      for (const statement of (await updates.newStatements(id)) ?? []) await statements.create(statement);
      await updates.noteStarted(id);
    }
    const shards = await this.shards(update);
    const end = endOf(update, shards);
    if (end === undefined) {
      await flow.add(id, shards.filter((shard) => shard !== undefined).filter(isOpen));
      return;
    }
    if (end !== 'proved') {
      if (await updates.endFailed(id, end)) log.error({ update: id, ...end }, 'a header is not proved');
    } else {
      const proofs = await Promise.all(update.statements.map((statement) => statements.proof(statement)));
      const found = proofs.filter((proof) => proof !== undefined);
      // One was asked for again under another key meanwhile: the next round sees that.
      if (found.length !== proofs.length || found.some(({ keyHash }) => keyHash !== update.keyHash)) return;
      if (await updates.endProved(id, found)) log.info({ update: id, chain: update.chain }, 'a header is proved');
    }
    await flow.remove(id);
  }

  /** All that are open. @returns what could not be settled, with the reason */
  async settleAll(): Promise<{ id: Hex; error: unknown }[]> {
    const failures: { id: Hex; error: unknown }[] = [];
    for (const id of await this.parts.updates.open()) {
      try {
        await this.settle(id);
      } catch (error) {
        failures.push({ id, error });
      }
    }
    return failures;
  }

  /** Its statements as they are; undefined for one that is not asked for yet, or no longer kept. */
  async shards({ statements }: StoredHeaderUpdate): Promise<(StatementRecord | undefined)[]> {
    return Promise.all(statements.map((statement) => this.parts.statements.get(statement)));
  }

  async #checked(chain: FollowedChain, answers: HeaderAnswers): ReturnType<typeof checkHeader> {
    try {
      return await checkHeader(chain, this.parts.states, answers, Date.now());
    } catch (error) {
      throw headerProblem(error);
    }
  }

  /**
   * The smallest circuit with a key here that holds all signatures, else the largest: a ledger pays for each proof.
   * @throws Problem CIRCUIT_WITHOUT_KEY
   */
  async #circuit(signatures: number): Promise<{ circuit: CircuitInfo; key: CircuitKey }> {
    let chosen: { circuit: CircuitInfo; key: CircuitKey } | undefined;
    for (const circuit of listCircuits()) {
      if (circuit.kind !== 'ed25519' || (chosen?.circuit.capacity ?? 0) >= signatures) continue;
      try {
        chosen = { circuit, key: await this.parts.keys.current(circuit) };
      } catch (error) {
        if (!(error instanceof NoCircuitKeyError)) throw error;
      }
    }
    if (chosen) return chosen;
    throw new Problem('CIRCUIT_WITHOUT_KEY', 'no circuit of kind ed25519 has a key here: run `phalanx setup`');
  }
}

const isOpen = ({ state }: StatementRecord): boolean => state === 'queued' || state === 'proving';

/** @returns undefined while it goes on */
function endOf(
  { keyHash }: StoredHeaderUpdate,
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

/** Heights belong to their blocks' hashes; the chain id has a length of its own before it. */
function updateId(blockHash: Hex, trustedHash: Hex, { chainId }: FollowedChain): Hex {
  const name = new TextEncoder().encode(chainId);
  return toHex(
    sha256(concatBytes(toBytesBE(BigInt(name.length), 1, 'length'), name, fromHex(blockHash), fromHex(trustedHash))),
  );
}
