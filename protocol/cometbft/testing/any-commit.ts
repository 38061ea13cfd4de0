// SPDX-License-Identifier: GPL-3.0-or-later
import fc from 'fast-check';
import type { CommitSignature } from '../commit.ts';
import { testValidators } from './generated-chain.ts';

const anyFlag: fc.Arbitrary<CommitSignature['flag']> = fc.constantFrom('commit', 'commit', 'commit', 'nil', 'absent');
const anyPower = fc.oneof(fc.constantFrom(0n, 1n, 2n, 3n, (1n << 53n) + 1n), fc.bigInt({ min: 0n, max: 1n << 52n }));

/** Validators of any powers, from four to `max` of them, and what each did. */
export const anyCommit = (max: number) =>
  fc.array(fc.record({ power: anyPower, flag: anyFlag }), { minLength: 4, maxLength: max }).map((places) => {
    const validators = testValidators(
      'any',
      places.map(({ power }) => power),
    );
    return { validators, flags: places.map(({ flag }) => flag) };
  });
