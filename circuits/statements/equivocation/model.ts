// SPDX-License-Identifier: GPL-3.0-or-later
import type { CircuitInput } from '../../statement-kind.ts';
import { list, refPoseidon, refVerify, scalar } from '../../testing/reference.ts';

const CAPACITIES = [16, 64, 128] as const;

/** Whether the circuit has to accept these inputs, signal by signal, said without its arithmetic. */
export function equivocationAccepts(input: CircuitInput): boolean {
  const selector = list(input.isCapacity);
  if (selector.some((one) => one > 1n) || selector.reduce((sum, one) => sum + one, 0n) !== 1n) return false;
  const capacity = CAPACITIES[selector.indexOf(1n)] ?? 0;
  const index = scalar(input.leafIndex);
  if (index >= BigInt(capacity)) return false;

  const key = { x: scalar(input.keyX), y: scalar(input.keyY) };
  const siblings = input.siblings;
  if (!Array.isArray(siblings)) throw new TypeError('siblings');
  let node = refPoseidon([key.x, key.y, scalar(input.stake)]);
  let position = Number(index);
  const quaternaryLevels = capacity === 16 ? 2 : 3;
  for (let level = 0; level < quaternaryLevels; level++) {
    const children = [...list(siblings[level])];
    children.splice(position % 4, 0, node);
    node = refPoseidon(children);
    position = Math.floor(position / 4);
  }
  if (capacity === 128) {
    const top = scalar(input.topSibling);
    node = refPoseidon(position === 0 ? [node, top] : [top, node]);
  }
  if (refPoseidon([node, BigInt(capacity), scalar(input.epoch)]) !== scalar(input.setCommitment)) return false;

  const messages = [scalar(input.message1), scalar(input.message2)];
  const [r8x, r8y, s] = [list(input.r8x), list(input.r8y), list(input.s)];
  return (
    messages[0] !== messages[1] &&
    messages.every((m, i) => refVerify(key, m, { x: scalar(r8x[i]), y: scalar(r8y[i]) }, scalar(s[i])))
  );
}
