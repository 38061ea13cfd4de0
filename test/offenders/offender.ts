// SPDX-License-Identifier: GPL-3.0-or-later
import { parseArgs } from 'node:util';
import { keccak256 } from 'viem';
import { attestationMessage, type Attestation, type Checkpoint } from '../../protocol/attestation.ts';
import { fromHex, type Hex } from '../../protocol/bytes.ts';
import { parseChainId } from '../../protocol/chain.ts';
import { publicKey, sign, type Point, type Signature } from '../../protocol/eddsa.ts';
import { parseU64, type Fr } from '../../protocol/field.ts';
import type { ChainConfig } from '../../runtime/common-config.ts';
import { loadAttesterConfig, type AttesterConfig } from '../../runtime/config.ts';

/** A validator that signs whatever it likes: no record, no look at the chain. */
export class Offender {
  readonly key: Point;
  readonly #secret: Uint8Array;

  constructor(private readonly config: AttesterConfig) {
    this.#secret = fromHex(config.key.reveal() as Hex);
    this.key = publicKey(this.#secret);
  }

  sign(attestation: Attestation): Signature {
    return sign(this.#secret, this.message(attestation));
  }

  message(attestation: Attestation): Fr {
    return attestationMessage(this.config.coalition.attestationDomain, attestation);
  }

  /** To the verification API, as any attester does. */
  async post(attestation: Attestation): Promise<void> {
    const { r8, s } = this.sign(attestation);
    const { setCommitment, sourceHeight, checkpoint } = attestation;
    const response = await fetch(`${this.config.apiClient.urls[0]}/v1/attestations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        attestation: {
          setCommitment: String(setCommitment),
          sourceHeight: String(sourceHeight),
          checkpoint: { ...checkpoint, height: String(checkpoint.height), timestamp: String(checkpoint.timestamp) },
        },
        key: { x: String(this.key.x), y: String(this.key.y) },
        signature: { r8x: String(r8.x), r8y: String(r8.y), s: String(s) },
      }),
    });
    if (!response.ok) throw new Error(`the API answers ${response.status}: ${await response.text()}`);
  }
}

/** What every offender is told: its configuration, the chain it lies about, and a height where it voted honestly. */
export interface Orders {
  readonly config: AttesterConfig;
  readonly chain: ChainConfig;
  readonly setCommitment: Fr;
  readonly height: bigint;
}

export function readOrders(): Orders {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      chain: { type: 'string' },
      set: { type: 'string' },
      height: { type: 'string' },
    },
  });
  const config = loadAttesterConfig(values.config ?? '');
  const id = parseChainId(values.chain, '--chain');
  const chain = config.chains.find((candidate) => candidate.id === id);
  if (!chain) throw new Error(`${id} is not configured`);
  return {
    config,
    chain,
    setCommitment: parseU256(values.set) as Fr,
    height: parseU64(values.height, '--height'),
  };
}

/** A block that no chain has. */
export function madeUp(chain: ChainConfig, height: bigint, label: string): Checkpoint {
  const hash = (what: string): Hex => keccak256(new TextEncoder().encode(`${label}: ${what} ${height}`));
  return {
    chainKey: chain.chainKey,
    height,
    blockHash: hash('block'),
    stateRoot: hash('state'),
    timestamp: BigInt(Math.floor(Date.now() / 1000)) + height,
  };
}

function parseU256(text: string | undefined): bigint {
  if (text === undefined || !/^\d+$/.test(text)) throw new Error('--set: expected a decimal');
  return BigInt(text);
}
