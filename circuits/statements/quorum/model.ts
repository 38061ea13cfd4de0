// SPDX-License-Identifier: GPL-3.0-or-later
import type { CircuitInput } from '../../statement-kind.ts';
import { list, refPoseidon, refRoot, refVerify, scalar } from '../../testing/reference.ts';
import { BASE8 } from '../../../protocol/eddsa.ts';

/** Whether the circuit of this capacity has to accept these inputs, signal by signal, said without its arithmetic. */
export function quorumAccepts(capacity: number, input: CircuitInput): boolean {
  const [present, keyX, keyY, stake] = [list(input.present), list(input.keyX), list(input.keyY), list(input.stake)];
  const [r8x, r8y, s] = [list(input.r8x), list(input.r8y), list(input.s)];
  const signers = scalar(input.signers);
  const share = scalar(input.share);
  if (signers >= 1n << BigInt(capacity) || share < 20_000n || share >= 30_000n) return false;

  const leaves: bigint[] = [];
  let total = 0n;
  let counted = 0n;
  for (let i = 0; i < capacity; i++) {
    const at = (values: readonly bigint[]): bigint => scalar(values[i]);
    const signed = ((signers >> BigInt(i)) & 1n) === 1n;
    if (at(present) > 1n || at(stake) >= 1n << 64n) return false;
    const key = { x: at(keyX), y: at(keyY) };
    const r8 = { x: at(r8x), y: at(r8y) };
    if (signed) {
      if (at(present) === 0n || !refVerify(key, scalar(input.message), r8, at(s))) return false;
      counted += at(stake);
    } else if (!refVerify(BASE8, scalar(input.message), r8, at(s))) {
      return false;
    }
    total += at(present) * at(stake);
    leaves.push(at(present) === 1n ? refPoseidon([key.x, key.y, at(stake)]) : 0n);
  }
  const commitment = refPoseidon([refRoot(leaves), BigInt(capacity), scalar(input.epoch)]);
  return commitment === scalar(input.setCommitment) && counted * 30_000n > share * total;
}
