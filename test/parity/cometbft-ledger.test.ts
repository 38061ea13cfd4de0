// SPDX-License-Identifier: GPL-3.0-or-later

/** The TypeScript light client and `CometBftLedger` give the same outcome, or refuse for the same reason. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { consensusState, type HeaderMessage, type LightClient } from '../../protocol/cometbft/client-state.ts';
import { chooseSigners } from '../../protocol/cometbft/choose-signers.ts';
import { parseSignedHeader } from '../../protocol/cometbft/commit.ts';
import { TWO_THIRDS } from '../../protocol/cometbft/power.ts';
import { testBlock, testValidators } from '../../protocol/cometbft/testing/generated-chain.ts';
import { noRecording, recordedAnswer, RECORDED_HEIGHTS } from '../../protocol/cometbft/testing/recorded.ts';
import { clientAt10, DAY_NS, fresh, message, now, old } from '../../protocol/cometbft/testing/test-client.ts';
import { NANOSECONDS, type TimeNs } from '../../protocol/cometbft/timestamp.ts';
import { MAX_TOTAL_VOTING_POWER, parseValidators } from '../../protocol/cometbft/validator-set.ts';
import { anyMembers, EDGES, edgeCase } from './cometbft-edges.ts';
import { anyHistory, Chain, START_TIME_NS } from './cometbft-history.ts';
import { uncheckedMessage } from './cometbft-sets.ts';
import { LedgerChain } from './twin-ledger.ts';

const HISTORIES = 60;
/** For each edge. */
const SETS = 2;

let chain: LedgerChain;
before(async () => {
  chain = await LedgerChain.start();
});
after(() => chain.stop());

/** What both say of one header, or of two as evidence. */
async function said(client: LightClient, messages: readonly HeaderMessage[], at: TimeNs = now): Promise<string> {
  const [first, second] = messages;
  assert.ok(first);
  let answer = '';
  await chain.play(client, async (twins) => {
    answer = second ? await twins.submit(first, second, at) : await twins.update(first, at);
  });
  return answer;
}

test('drawn histories: both say the same at every step', async (t) => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(anyHistory, async (history) => {
      const world = new Chain(history);
      await chain.play(world.client(), async (twins) => {
        let clock = START_TIME_NS;
        let last: HeaderMessage | undefined;
        for (const step of history.steps) {
          clock = world.clock(step, twins.client, clock);
          const shown = world.message(step, twins.client, clock);
          const both = step.evidence ? last : undefined;
          const answer = both ? await twins.submit(shown, both, clock) : await twins.update(shown, clock);
          last = shown;
          seen.set(answer, (seen.get(answer) ?? 0) + 1);
        }
      });
    }),
    { numRuns: HISTORIES, includeErrorInReport: true },
  );
  t.diagnostic([...seen].map(([answer, times]) => `${answer} ${times}`).join(', '));
});

for (const edge of EDGES) {
  const { own, trusted, named } = edge;
  const name =
    named === undefined ? `${trusted} beside one third, ${own} beside two` : `${own} beside two thirds at ${named}`;
  test(`sets of 4 to 150: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(anyMembers, async (members) => {
        const { client, shown, expected } = edgeCase(edge, members);
        assert.equal(await said(client, [shown]), expected);
      }),
      { numRuns: SETS, includeErrorInReport: true },
    );
  });
}

const honest = (): HeaderMessage => message({ height: 12n, validators: old });
const timeAt = (height: bigint): TimeNs => testBlock({ height, validators: old }).header.timeNs;
const fork = (height: bigint) => message({ height, validators: old, fork: 'b' });
/** All of the power there may be. */
const huge = testValidators('huge', [MAX_TOTAL_VOTING_POWER - 3n, 1n, 1n, 1n]);
const zero = testValidators('zero', [0n, 0n, 0n, 0n]);

for (const [name, expected, show] of [
  ['a header', 'updated', () => [honest()]],
  ['the trusted header itself', 'known', () => [message({ height: 10n, validators: old })]],
  ['another block at the trusted height', 'HEIGHT_NOT_ABOVE_TRUSTED', () => [fork(10n)]],
  [
    "a header of its trusted state's time",
    'misbehaviour',
    () => [message({ height: 12n, validators: old, timeNs: timeAt(10n) })],
  ],
  ['two blocks of one height', 'misbehaviour', () => [honest(), fork(12n)]],
  [
    'two headers that can stand in one chain',
    'NO_CONFLICT',
    () => [honest(), message({ height: 13n, validators: old })],
  ],
  [
    'evidence of another set directly after the trusted state',
    'misbehaviour',
    () => [
      message({ height: 11n, validators: [...fresh, ...old] }, old),
      message({ height: 11n, validators: [...fresh, ...old], fork: 'b' }, old),
    ],
  ],
  ['a trusted height that is not held', 'TRUSTED_STATE_UNKNOWN', () => [{ ...honest(), trustedHeight: 11n }]],
  [
    'a set that the header does not name',
    'VALIDATORS_HASH',
    () => [{ ...honest(), validators: message({ height: 12n, validators: fresh }).validators }],
  ],
  [
    'another set than the named one, directly after',
    'NEXT_VALIDATORS_HASH',
    () => [message({ height: 11n, validators: fresh }, old)],
  ],
  [
    'a trusted set that was not named',
    'TRUSTED_VALIDATORS_HASH',
    () => [message({ height: 12n, validators: fresh }, fresh)],
  ],
  ['no trusted set where it is needed', 'TRUSTED_VALIDATORS_HASH', () => [message({ height: 12n, validators: fresh })]],
  ['strangers', 'TRUSTED_POWER_INSUFFICIENT', () => [message({ height: 12n, validators: fresh }, old)]],
  ['two thirds and no more', 'POWER_INSUFFICIENT', () => [{ ...honest(), signers: [0, 1] }]],
  ['signers out of order', 'SIGNER_ORDER', () => [{ ...honest(), signers: [1, 0, 2] }]],
  ['a signer twice', 'SIGNER_ORDER', () => [{ ...honest(), signers: [0, 0, 1] }]],
  ['a signer beyond the set', 'SIGNER_UNKNOWN', () => [{ ...honest(), signers: [0, 1, 2, 4] }]],
  [
    'a vote for nil',
    'SIGNER_NOT_FOR_BLOCK',
    () => [
      { ...message({ height: 12n, validators: old, flag: (i) => (i === 1 ? 'nil' : 'commit') }), signers: [0, 1, 2] },
    ],
  ],
  [
    'no vote',
    'SIGNER_NOT_FOR_BLOCK',
    () => [
      {
        ...message({ height: 12n, validators: old, flag: (i) => (i === 1 ? 'absent' : 'commit') }),
        signers: [0, 1, 2],
      },
    ],
  ],
  ['another chain', 'CHAIN_ID', () => [message({ height: 12n, validators: old, chainId: 'other-1' })]],
  ['the next revision', 'REVISION', () => [message({ height: 12n, validators: old, chainId: 'phalanx-test-2' })]],
] as const satisfies readonly (readonly [string, string, () => readonly HeaderMessage[]])[]) {
  test(`${name}: ${expected}`, async () => assert.equal(await said(clientAt10(), show()), expected));
}

test('one signature of another block among those shown', async () => {
  const [shown, other] = [honest(), fork(12n)];
  const signatures = shown.signedHeader.commit.signatures.with(
    2,
    other.signedHeader.commit.signatures[2] ?? { flag: 'absent' },
  );
  const signedHeader = { ...shown.signedHeader, commit: { ...shown.signedHeader.commit, signatures } };
  assert.equal(await said(clientAt10(), [{ ...shown, signedHeader }]), 'SIGNATURE');
  assert.equal(await said(clientAt10(), [{ ...shown, signedHeader, signers: [0, 1, 3] }]), 'updated');
});

test('the last second of the trusting period, and the one after', async () => {
  const end = timeAt(10n) + 14n * DAY_NS;
  assert.equal(await said(clientAt10(), [honest()], end - NANOSECONDS), 'updated');
  assert.equal(await said(clientAt10(), [honest()], end), 'TRUSTED_STATE_EXPIRED');
});

test('the last nanosecond within the clock drift, and the one after; evidence from beyond it', async () => {
  const at = (timeNs: TimeNs) => message({ height: 12n, validators: old, timeNs });
  const first = now + 10n * NANOSECONDS;
  assert.equal(await said(clientAt10(), [at(first - 1n)]), 'updated');
  assert.equal(await said(clientAt10(), [at(first)]), 'TIME_IN_FUTURE');
  assert.equal(await said(clientAt10(), [at(first), honest()]), 'misbehaviour');
});

test('times between two states that are held, and nothing after misbehaviour but what is known', async () => {
  const at = (height: bigint, timeNs?: TimeNs) =>
    message({ height, validators: old, ...(timeNs !== undefined && { timeNs }) });
  await chain.play(clientAt10(), async (twins) => {
    assert.equal(await twins.update(at(20n), now), 'updated');
    assert.equal(await twins.update(at(15n, timeAt(20n) - 1n), now + NANOSECONDS), 'updated');
    assert.equal(await twins.update(at(14n, timeAt(10n) + 1n), now + 2n * NANOSECONDS), 'updated');
    assert.equal(await twins.update(at(16n, timeAt(20n)), now + 3n * NANOSECONDS), 'misbehaviour');
    assert.equal(await twins.update(at(20n), now + 4n * NANOSECONDS), 'known');
    assert.equal(await twins.update(at(21n), now + 4n * NANOSECONDS), 'FROZEN');
    assert.equal(await twins.submit(fork(12n), honest(), now + 4n * NANOSECONDS), 'FROZEN');
  });
});

test('powers of zero, as large as they may be, and larger', async () => {
  const at12 = (validators: typeof old, signers: number[]) => [{ ...message({ height: 12n, validators }), signers }];
  assert.equal(await said(clientAt10(zero), at12(zero, [0, 1, 2, 3])), 'POWER_INSUFFICIENT');
  assert.equal(await said(clientAt10(huge), at12(huge, [0])), 'updated');
  assert.equal(await said(clientAt10(huge), at12(huge, [1, 2, 3])), 'POWER_INSUFFICIENT');
  const larger = testValidators('huge', [MAX_TOTAL_VOTING_POWER - 2n, 1n, 1n, 1n]);
  await chain.play(clientAt10(), async (twins) => {
    await twins.refuseSet(uncheckedMessage(larger), now, 'POWER_EXCESSIVE');
    await twins.refuseSet(uncheckedMessage([...old, ...fresh], larger), now, 'POWER_EXCESSIVE');
  });
});

test('a key at two places of a set counts at the one where it signs, and may not sign at both', async () => {
  const [first] = old;
  assert.ok(first);
  const places = [...old.keys()];
  const says = (more: bigint, signers: readonly number[], trusted?: typeof old) => {
    const validators = [...old, { ...first, power: more }];
    return said(clientAt10(trusted ?? validators), [{ ...message({ height: 12n, validators }, trusted), signers }]);
  };
  for (const trusted of [undefined, old]) {
    assert.equal(await says(1n, places, trusted), 'updated');
    assert.equal(await says(50n, places, trusted), 'POWER_INSUFFICIENT');
    assert.equal(await says(50n, [...places.slice(1), old.length], trusted), 'updated');
    assert.equal(await says(1n, [...places, old.length], trusted), 'VALIDATOR_REPEATED');
  }
  // Trusted twice, it counts with the power of its first place.
  const [, ...others] = old;
  const alone = testValidators('alone', [1n]);
  const trustedTwice = (powers: readonly [bigint, bigint]) => {
    const trusted = [{ ...first, power: powers[0] }, ...alone, { ...first, power: powers[1] }];
    return said(clientAt10(trusted), [message({ height: 12n, validators: [first, ...others] }, trusted)]);
  };
  assert.equal(await trustedTwice([2n, 1n]), 'updated');
  assert.equal(await trustedTwice([1n, 2n]), 'TRUSTED_POWER_INSUFFICIENT');
});

function recorded(height: bigint) {
  const signedHeader = parseSignedHeader(recordedAnswer('commit', height), 'commit');
  return { signedHeader, validators: parseValidators([recordedAnswer('validators', height)], 'validators').set };
}

test('cosmoshub-4: the fewest signatures that suffice, and one less', { skip: noRecording }, async () => {
  const [before, block] = [recorded(RECORDED_HEIGHTS[0]), recorded(RECORDED_HEIGHTS[1])];
  const { header, commit } = block.signedHeader;
  const client: LightClient = {
    ...clientAt10(),
    chainId: 'cosmoshub-4',
    states: new Map([[RECORDED_HEIGHTS[0], consensusState(before.signedHeader.header)]]),
  };
  const signers = chooseSigners(block.validators, commit, [{ set: block.validators, share: TWO_THIRDS }]) ?? [];
  assert.equal(signers.length, 23);
  const shown = { trustedHeight: RECORDED_HEIGHTS[0], ...block, signers };
  const at = (header.timeNs / NANOSECONDS + 5n) * NANOSECONDS;
  assert.equal(await said(client, [shown], at), 'updated');
  assert.equal(await said(client, [{ ...shown, signers: signers.slice(1) }], at), 'POWER_INSUFFICIENT');
});
