// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { consensusState, type HeaderMessage, type LightClient } from './client-state.ts';
import type { CommitSignature } from './commit.ts';
import type { RefusalReason } from './refusal.ts';
import { revisionOf } from './revision.ts';
import { flipBit, testBlock, testValidators, type TestBlock, type TestValidator } from './testing/generated-chain.ts';
import { refuses } from './testing/refuses.ts';
import { clientAt10, DAY_NS, fresh, message, now, old } from './testing/test-client.ts';
import { NANOSECONDS } from './timestamp.ts';
import { updateClient } from './update-client.ts';

function updated(client: LightClient, shown: HeaderMessage, at = now): LightClient {
  const result = updateClient(client, shown, at);
  assert.equal(result.outcome, 'updated');
  return result.client;
}

describe('updates', () => {
  test('adjacent, skipping, between two held heights, and known the second time', () => {
    let client = updated(clientAt10(), message({ height: 11n, validators: old, next: fresh }));
    client = updated(client, message({ height: 20n, validators: old }));
    client = updated(client, message({ height: 15n, validators: old }));
    assert.deepEqual([...client.states.keys()].sort(), [10n, 11n, 15n, 20n]);
    const again = updateClient(client, message({ height: 15n, validators: old }), now);
    assert.equal(again.outcome, 'known');
    assert.equal(again.client, client);
    assert.deepEqual(client.states.get(15n), consensusState(testBlock({ height: 15n, validators: old }).header));
  });

  test('known needs no signatures, no trust and no time, frozen or not', () => {
    const shown = { ...message({ height: 10n, validators: old }), signers: [] };
    for (const frozen of [false, true]) {
      assert.equal(updateClient({ ...clientAt10(), frozen }, shown, now + 1000n * DAY_NS).outcome, 'known');
    }
  });

  test('a trusted set is not looked at where the block has the very set that was named', () => {
    updated(clientAt10(), message({ height: 12n, validators: old }, fresh));
  });

  test('the set that the trusted state names may be another than its own', () => {
    const client = clientAt10(fresh);
    updated(client, message({ height: 11n, validators: fresh }));
    updated(client, message({ height: 12n, validators: fresh }));
    refuses('NEXT_VALIDATORS_HASH', () => updateClient(client, message({ height: 11n, validators: old }), now));
    refuses('TRUSTED_VALIDATORS_HASH', () => updateClient(client, message({ height: 12n, validators: old }), now));
  });
});

/** What may be wrong with a block at height 12 that is shown to a client that trusts height 10. */
const faults: readonly (readonly [
  name: string,
  reason: RefusalReason,
  show: () => { client?: LightClient; shown?: HeaderMessage; at?: bigint },
])[] = [
  ['a frozen client', 'FROZEN', () => ({ client: { ...clientAt10(), frozen: true } })],
  ['another chain', 'CHAIN_ID', () => ({ shown: message({ height: 12n, validators: old, chainId: 'other-1' }) })],
  [
    'the next revision',
    'REVISION',
    () => ({ shown: message({ height: 12n, validators: old, chainId: 'phalanx-test-2' }) }),
  ],
  ['a trusted height that is not held', 'TRUSTED_STATE_UNKNOWN', () => ({ shown: { ...good(), trustedHeight: 9n } })],
  [
    'a height that is not above the trusted one',
    'HEIGHT_NOT_ABOVE_TRUSTED',
    () => ({ shown: message({ height: 9n, validators: old }) }),
  ],
  [
    'another block at the trusted height',
    'HEIGHT_NOT_ABOVE_TRUSTED',
    () => ({ shown: message({ height: 10n, validators: old, fork: 'b' }) }),
  ],
  [
    'a trusted state past its period, to the nanosecond',
    'TRUSTED_STATE_EXPIRED',
    () => ({ at: time(10n) + 14n * DAY_NS }),
  ],
  ['a time as far ahead as the drift', 'TIME_IN_FUTURE', () => ({ at: time(12n) - 10n * NANOSECONDS })],
  [
    'a trusted set that is not the named one',
    'TRUSTED_VALIDATORS_HASH',
    () => ({ shown: message({ height: 12n, validators: [...old, ...fresh] }, fresh) }),
  ],
  ['signers out of order', 'SIGNER_ORDER', () => ({ shown: { ...good(), signers: [1, 0, 2, 3] } })],
  ['a signer twice', 'SIGNER_ORDER', () => ({ shown: { ...good(), signers: [0, 1, 1, 2] } })],
  ['a signer beyond the set', 'SIGNER_UNKNOWN', () => ({ shown: { ...good(), signers: [0, 1, 2, 4] } })],
  ['a negative signer', 'SIGNER_ORDER', () => ({ shown: { ...good(), signers: [-1, 0, 1, 2] } })],
  [
    'a signer who voted for nil',
    'SIGNER_NOT_FOR_BLOCK',
    () => ({ shown: { ...flagged('nil'), signers: [0, 1, 2, 3] } }),
  ],
  [
    'a signer who did not vote',
    'SIGNER_NOT_FOR_BLOCK',
    () => ({ shown: { ...flagged('absent'), signers: [0, 1, 2, 3] } }),
  ],
  ['signers with two thirds and no more', 'POWER_INSUFFICIENT', () => ({ shown: { ...good(), signers: [0, 1] } })],
  ['a wrong signature among the shown', 'SIGNATURE', () => ({ shown: spoilt() })],
];

const time = (height: bigint): bigint => testBlock({ height, validators: old }).header.timeNs;
const good = (): HeaderMessage => message({ height: 12n, validators: old });
const flagged = (flag: CommitSignature['flag']): HeaderMessage =>
  message({ height: 12n, validators: old, flag: (i) => (i === 3 ? flag : 'commit') });

/** The weakest vote's signature is wrong. */
function spoilt(): HeaderMessage {
  const shown = good();
  const { header, commit } = shown.signedHeader;
  const signatures = commit.signatures.map((place, i) =>
    i === 3 && place.flag !== 'absent' ? { ...place, signature: flipBit(place.signature, 260) } : place,
  );
  return { ...shown, signedHeader: { header, commit: { ...commit, signatures } } };
}

describe('an update refuses', () => {
  for (const [name, reason, show] of faults) {
    test(`${name}: ${reason}`, () => {
      updated(clientAt10(), good());
      const { client = clientAt10(), shown = good(), at = now } = show();
      refuses(reason, () => updateClient(client, shown, at));
    });
  }

  test('nothing one nanosecond inside each bound of time', () => {
    updated(clientAt10(), good(), time(10n) + 14n * DAY_NS - 1n);
    updated(clientAt10(), good(), time(12n) - 10n * NANOSECONDS + 1n);
  });

  test('no wrong signature that is not shown', () => void updated(clientAt10(), { ...spoilt(), signers: [0, 1, 2] }));
});

describe('skipping to another set', () => {
  /** Power that the trusted set of 99 keeps in the new one, and whether that is more than a third. */
  for (const [kept, enough] of [
    [33n, false],
    [34n, true],
    [0n, false],
    [99n, true],
  ] as const) {
    test(`${kept} of 99 trusted: ${enough ? 'enough' : 'not enough'}`, () => {
      const trusted = testValidators('trusted', kept === 0n ? [99n] : kept === 99n ? [99n] : [kept, 99n - kept]);
      const stays = kept === 0n ? [] : trusted.filter(({ power }) => power === kept);
      // Its power in the new set says nothing of that in the trusted one.
      const validators = [...fresh, ...stays.map((validator) => ({ ...validator, power: 1n }))];
      const shown = message({ height: 12n, validators }, trusted);
      if (enough) updated(clientAt10(trusted), shown);
      else refuses('TRUSTED_POWER_INSUFFICIENT', () => updateClient(clientAt10(trusted), shown, now));
    });
  }

  test('a trusted validator counts only if its vote is shown', () => {
    const trusted = testValidators('one', [99n]);
    const shown = message(
      { height: 12n, validators: [...fresh, ...trusted.map((v) => ({ ...v, power: 1n }))] },
      trusted,
    );
    refuses('TRUSTED_POWER_INSUFFICIENT', () =>
      updateClient(clientAt10(trusted), { ...shown, signers: [0, 1, 2, 3] }, now),
    );
  });

  test('two thirds of the new set are needed besides', () => {
    const validators = [...old, ...testValidators('many', [60n])];
    const shown = message({ height: 12n, validators, flag: (i) => (i === 4 ? 'absent' : 'commit') }, old);
    refuses('POWER_INSUFFICIENT', () => updateClient(clientAt10(), shown, now));
  });
});

describe('misbehaviour in an update', () => {
  const held = () => updated(clientAt10(), message({ height: 20n, validators: old }));
  const show = (block: Partial<TestBlock> & { height: bigint }) =>
    updateClient(held(), message({ validators: old, ...block }), now);

  for (const [name, block, outcome] of [
    ['another block at a held height', { height: 20n, fork: 'b' }, 'misbehaviour'],
    ['a higher block of the same time', { height: 21n, timeNs: time(20n) }, 'misbehaviour'],
    ['a higher block one nanosecond later', { height: 21n, timeNs: time(20n) + 1n }, 'updated'],
    ['a lower block of the time of the next held', { height: 19n, timeNs: time(20n) }, 'misbehaviour'],
    ['a lower block one nanosecond earlier', { height: 19n, timeNs: time(20n) - 1n }, 'updated'],
    ['a block of the time of its trusted one', { height: 19n, timeNs: time(10n) }, 'misbehaviour'],
    ['a block one nanosecond after its trusted one', { height: 19n, timeNs: time(10n) + 1n }, 'updated'],
  ] as const) {
    test(`${name}: ${outcome}`, () => {
      const result = show(block);
      assert.equal(result.outcome, outcome);
      assert.equal(result.client.frozen, outcome === 'misbehaviour');
      if (outcome === 'misbehaviour') assert.equal(result.client.states.size, 2);
    });
  }

  test('a contradiction from the future is misbehaviour all the same', () => {
    const shown = message({ height: 20n, validators: old, fork: 'b', timeNs: now + DAY_NS });
    assert.equal(updateClient(held(), shown, now).outcome, 'misbehaviour');
    refuses('TIME_IN_FUTURE', () => show({ height: 21n, timeNs: now + DAY_NS }));
  });

  test('a contradiction that is not signed is refused, not misbehaviour', () => {
    const shown = message({ height: 20n, validators: old, fork: 'b' });
    refuses('POWER_INSUFFICIENT', () => updateClient(held(), { ...shown, signers: [0, 1] }, now));
  });
});

test('revision numbers of chain ids, as ICS-07 reads them', () => {
  for (const [chainId, revision] of [
    ['cosmoshub-4', 4n],
    ['a-b-12', 12n],
    ['chain', 0n],
    ['chain-', 0n],
    ['chain-0', 0n],
    ['chain-01', 0n],
    ['-1', 0n],
    ['chain--1', 0n],
    ['chain-1a', 0n],
    ['chain-18446744073709551615', 18446744073709551615n],
  ] as const) {
    assert.equal(revisionOf(chainId), revision, chainId);
  }
});

test('a client follows a chain of changing sets by any path, and each step holds by the rules alone', () => {
  const anyChain = fc.array(fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 4 }), { minLength: 4, maxLength: 6 });
  fc.assert(
    fc.property(anyChain, fc.array(fc.nat(5), { maxLength: 4 }), (members, path) => {
      const pool = testValidators('pool', [8n, 7n, 6n, 5n, 4n, 3n, 2n]);
      const sets = members.map((indices) => indices.flatMap((i) => pool[i] ?? []));
      const blocks = sets
        .slice(0, -1)
        .map((validators, i) => ({ height: BigInt(i + 10), validators, next: sets[i + 1] ?? [] }));
      const [first] = blocks;
      assert.ok(first);
      let client: LightClient = { ...clientAt10(), states: new Map([[10n, consensusState(testBlock(first).header)]]) };
      let at = 0;
      for (const step of path) {
        const target = Math.min(at + step, blocks.length - 1);
        const [block, from] = [blocks[target], blocks[at]];
        if (target === at || !block || !from) continue;
        const shown = { ...message(block, from.next), trustedHeight: from.height };
        const shared = from.next.filter(({ key }) => block.validators.some((validator) => validator.key === key));
        const power = (some: readonly TestValidator[]) => some.reduce((sum, validator) => sum + validator.power, 0n);
        if (target > at + 1 && 3n * power(shared) <= power(from.next)) {
          refuses('TRUSTED_POWER_INSUFFICIENT', () => updateClient(client, shown, now));
          continue;
        }
        client = updated(client, shown);
        at = target;
      }
    }),
    { numRuns: 40 },
  );
});
