// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { attestationMessage, type Attestation } from '../../protocol/attestation.ts';
import { toHex } from '../../protocol/bytes.ts';
import { publicKey, sign } from '../../protocol/eddsa.ts';
import { registrationDigest } from '../../protocol/registration.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { signedAttestationSchema } from '../../verifier-api/schemas/attestation.ts';
import { statementRequestSchema } from '../../verifier-api/schemas/statement.ts';
import type { FaultSystem } from './fault-system.ts';

/** @param fork tells checkpoints of one height apart */
export function checkpointVote(system: FaultSystem, number: number, fork = 0, source = 0n): Attestation {
  const height = BigInt(number) * system.interval;
  return {
    setCommitment: system.commitment,
    sourceHeight: source * system.interval,
    checkpoint: {
      chainKey: system.chain.chainKey,
      height,
      blockHash: toHex(new Uint8Array(32).fill(fork + 1)),
      stateRoot: toHex(new Uint8Array(32).fill(fork + 2)),
      timestamp: 1_700_000_000n + height,
    },
  };
}

/** What the validator sends to the API. */
export function signedVote(system: FaultSystem, { key, secret }: LocalValidator, attestation: Attestation): unknown {
  const signature = sign(secret, attestationMessage(system.attestationDomain, attestation));
  return z.encode(signedAttestationSchema, { attestation, key, signature });
}

/** A request for the proof that the operator holds a key, other for each number. */
export function registrationRequest(system: FaultSystem, number: number): unknown {
  const secret = new Uint8Array(32).fill(number);
  const operator: Hex = `0x${number.toString(16).padStart(40, '0')}`;
  const { id, chainKey, deployment } = system.chain;
  const coalition = deployment.coalition.toLowerCase() as Hex;
  const digest = registrationDigest(system.registrationDomain, { operator, chainKey, coalition });
  const signature = sign(secret, digest);
  return z.encode(statementRequestSchema, {
    kind: 'registration',
    key: publicKey(secret),
    operator,
    chain: id,
    signature,
  });
}
