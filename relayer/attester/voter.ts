// SPDX-License-Identifier: GPL-3.0-or-later
import { attestationMessage, type Attestation } from '../../protocol/attestation.ts';
import { fromHex, type Hex } from '../../protocol/bytes.ts';
import type { Domain } from '../../protocol/domain.ts';
import { publicKey, sign, type Point, type Signature } from '../../protocol/eddsa.ts';
import type { Secret } from '../../runtime/secret.ts';
import type { SlashingRecord } from './slashing-record.ts';

/** The public key of an attester's secret. */
export function attesterKey(secret: Secret): Point {
  return publicKey(fromHex(secret.reveal().toLowerCase() as Hex));
}

/** The only place that signs: no signature leaves it before its vote is on disk. */
export class Voter {
  readonly key: Point;

  constructor(
    private readonly secret: Secret,
    private readonly domain: Domain,
    private readonly record: SlashingRecord,
  ) {
    this.key = attesterKey(secret);
  }

  /** @throws SlashableVoteError, RecordError, RecordLockedError */
  vote(attestation: Attestation): Signature {
    const message = attestationMessage(this.domain, attestation);
    this.record.commit({ domain: this.domain, attestation });
    return sign(fromHex(this.secret.reveal().toLowerCase() as Hex), message);
  }
}
