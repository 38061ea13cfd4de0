// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { keccak256, encodeAbiParameters, toHex } from 'viem';
import { CONTRACTS_ROOT } from '../../contracts/deploy/build.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { lockBoxAbi } from '../../protocol/abi/lock-box.ts';
import { mintBridgeAbi } from '../../protocol/abi/mint-bridge.ts';
import { stateReaderAbi } from '../../protocol/abi/state-reader.ts';
import type { Checkpoint } from '../../protocol/attestation.ts';
import { FQ } from '../../protocol/field.ts';
import { formatGasTable, gasTable, type GasRow } from './gas-table.ts';
import {
  EPOCH_LENGTH,
  mappingSlot,
  onChain,
  Scenario,
  sealedSet,
  send,
  submission,
  ZERO_SLOT,
  type Quorum,
} from './scenario.ts';
import { account, Prover } from './world.ts';

const rows: GasRow[] = [];
/** Whole transactions: intrinsic gas and calldata are in it. */
function gas(what: string, used: bigint, limit?: bigint): void {
  if (rows.some((row) => row.what === what)) return;
  rows.push({ what, used, ...(limit !== undefined && { limit }) });
  if (limit !== undefined) assert.ok(used < limit, `${what} used ${used}, not below ${limit}`);
}

let s: Scenario;
let prover: Prover;
let first: Checkpoint;
let accepted: Quorum;
const recipient = account(9).address;

const ledgerCall = (name: string, args: readonly unknown[]) =>
  send(s.farChain, s.far.ledger, checkpointLedgerAbi, name, args);

before(
  async () => {
    prover = await Prover.open();
    s = await Scenario.open(prover, gas);
    // A few deposits more, so that the storage trie has some depth.
    for (let i = 0; i < 8; i++) {
      const hash = await s.hubChain.client.writeContract({
        address: s.lockBox,
        abi: lockBoxAbi,
        functionName: 'lock',
        args: [`0x${'00'.repeat(20)}`, 0n, recipient, s.farChain.key, s.bridge],
        value: BigInt(i + 1),
      });
      gas('lock Ether', (await s.hubChain.client.waitForTransactionReceipt({ hash })).gasUsed);
    }
    first = await s.hubCheckpoint();
    accepted = await s.quorum(s.set(1n), first);
  },
  { timeout: 600_000 },
);

after(async () => {
  await s?.close();
  await prover?.close();
});

test('every single changed coordinate of a real proof is refused', async () => {
  const { a, b, c } = accepted.proof;
  const flat = [...a, ...b[0], ...b[1], ...c];
  const rebuild = (v: readonly bigint[]) => ({
    a: [v[0], v[1]],
    b: [
      [v[2], v[3]],
      [v[4], v[5]],
    ],
    c: [v[6], v[7]],
  });
  for (const [i, value] of flat.entries()) {
    for (const wrong of [value ^ 1n, value ^ (1n << 200n), FQ - value, value + FQ, 0n]) {
      const proof = rebuild(flat.map((v, j) => (j === i ? wrong : v)));
      const [attestation, signers, keyHash] = submission(accepted);
      await assert.rejects(
        ledgerCall('submitCheckpoint', [attestation, signers, keyHash, proof]),
        /InvalidProof|CoordinateNotCanonical/,
        `coordinate ${i}`,
      );
    }
  }
});

test('a real proof is refused for any other signers, checkpoint or source than it was made for', async () => {
  const [, signers, keyHash, proof] = submission(accepted);
  const { attestation } = accepted;
  const others = [
    { ...attestation, sourceHeight: 1n },
    { ...attestation, checkpoint: { ...first, stateRoot: toHex(1n, { size: 32 }) } },
    { ...attestation, checkpoint: { ...first, timestamp: first.timestamp + 1n } },
    { ...attestation, checkpoint: { ...first, chainKey: s.farChain.key } },
  ];
  for (const other of others) {
    await assert.rejects(ledgerCall('submitCheckpoint', [onChain(other), signers, keyHash, proof]), /InvalidProof/);
  }
  for (const bitmap of [1n, 7n, 0n]) {
    await assert.rejects(
      ledgerCall('submitCheckpoint', [onChain(attestation), bitmap, keyHash, proof]),
      /InvalidProof/,
    );
  }
});

test('a real quorum proof is accepted, within its gas limit, and once', async () => {
  gas("submit a chain's first checkpoint", await ledgerCall('submitCheckpoint', submission(accepted)), 320_000n);
  gas('submit a known checkpoint', await ledgerCall('submitCheckpoint', submission(accepted)));
  const at = await s.farChain.client.readContract({
    address: s.far.ledger,
    abi: checkpointLedgerAbi,
    functionName: 'acceptedAt',
    args: [first],
  });
  assert.ok(at > 0n);
});

test("a bridge mints what it reads in the hub's storage", async () => {
  const slot = mappingSlot(3n, ZERO_SLOT);
  const { accountProof, storageProof } = await s.hubProof(first, s.lockBox, slot);
  const read = { address: s.far.stateReader, abi: stateReaderAbi, functionName: 'readStorage' } as const;
  const args = [first, s.lockBox, slot, accountProof, storageProof, { minAge: 0n, maxAge: 3600n }] as const;
  const [exists] = await s.farChain.client.readContract({ ...read, args });
  assert.equal(exists, true);
  gas('read a word of storage', await s.farChain.client.estimateContractGas({ ...read, args }), 250_000n);

  const absentSlot = mappingSlot(99n, ZERO_SLOT);
  const absent = await s.hubProof(first, s.lockBox, absentSlot);
  const absentArgs = [first, s.lockBox, absentSlot, absent.accountProof, absent.storageProof, args[5]] as const;
  assert.deepEqual(await s.farChain.client.readContract({ ...read, args: absentArgs }), [false, 0n]);
  gas(
    'read a word proved absent',
    await s.farChain.client.estimateContractGas({ ...read, args: absentArgs }),
    250_000n,
  );

  gas(
    'mint by the bridge',
    await send(s.farChain, s.bridge, mintBridgeAbi, 'mint', [3n, 4n, recipient, first, accountProof, storageProof]),
  );
  const balance = await s.farChain.client.readContract({
    address: s.bridge,
    abi: mintBridgeAbi,
    functionName: 'balanceOf',
    args: [recipient],
  });
  assert.equal(balance, 4n);
});

test('the next checkpoint and a rotation by verified read', async () => {
  await s.hubChain.client.increaseTime({ seconds: EPOCH_LENGTH });
  await s.hubChain.client.mine({ blocks: 1 });
  gas('seal an epoch without changes', await send(s.hubChain, s.hub.coalition, hubCoalitionAbi, 'sealEpoch', []));
  const next = await s.hubCheckpoint();
  gas(
    'submit the next checkpoint',
    await ledgerCall('submitCheckpoint', submission(await s.quorum(s.set(1n), next))),
    320_000n,
  );

  const set = await sealedSet(s.hubChain, s.hub, 2n);
  const epochs = epochsSlot();
  const { accountProof, storageProof } = await s.hubProof(next, s.hub.coalition, mappingSlot(2n, epochs));
  gas('rotate, by storage proof', await ledgerCall('rotate', [next, set, accountProof, storageProof]));
  const trusted = await s.farChain.client.readContract({
    address: s.far.ledger,
    abi: checkpointLedgerAbi,
    functionName: 'isTrusted',
    args: [set.commitment],
  });
  assert.equal(trusted, true);
});

test('one equivocation proof slashes on the hub and bars the key elsewhere', async () => {
  const set = s.set(1n);
  const a = s.attest(set, first);
  const b = s.attest(set, { ...first, blockHash: toHex(9n, { size: 32 }) });
  const slot = set.slots[2];
  assert.ok(slot);
  const { keyHash, proof } = await s.equivocation(set, 2, a, b);
  const args = [onChain(a), onChain(b), a.setCommitment, 2n, slot.key.x, slot.key.y, keyHash, proof];
  gas(
    'slash an equivocation',
    await send(s.hubChain, s.hub.coalition, coalitionAbi, 'slashEquivocation', args),
    400_000n,
  );
  gas(
    'slash an equivocation, key not registered',
    await send(s.farChain, s.far.coalition, coalitionAbi, 'slashEquivocation', args),
    400_000n,
  );
});

test('a second quorum for a held height freezes, and both quorums slash everybody in both', async () => {
  const rival = await s.quorum(s.set(1n), { ...first, stateRoot: toHex(5n, { size: 32 }) });
  gas('submit a conflict', await ledgerCall('submitCheckpoint', submission(rival)), 320_000n);
  const state = await s.farChain.client.readContract({
    address: s.far.ledger,
    abi: checkpointLedgerAbi,
    functionName: 'chain',
    args: [s.hubChain.key],
  });
  assert.equal(state.freeze, 3);
  const evidence = (q: Quorum) => ({ ...q, attestation: onChain(q.attestation), share: 20_000 });
  const leaves = s
    .set(1n)
    .slots.map((v) => ({ keyX: v?.key.x ?? 0n, keyY: v?.key.y ?? 0n, stakeGwei: v?.stakeGwei ?? 0n }));
  const args = [evidence(accepted), evidence(rival), leaves, []];
  gas(
    'slash two quorums, 2 of 16 in both',
    await send(s.hubChain, s.hub.coalition, coalitionAbi, 'slashQuorums', args),
  );
});

test('the gas table in the repository is what was measured', () => {
  const committed = gasTable(readFileSync(path.join(CONTRACTS_ROOT, 'GAS.md'), 'utf8'));
  const stale = rows.some(({ what, used }) => {
    const expected = committed.find((row) => row.what === what)?.used;
    // A proof's bytes differ from run to run, and with them its calldata's price.
    return expected === undefined || Math.abs(Number(used - expected)) > 0.02 * Number(expected);
  });
  assert.ok(!stale && committed.length === rows.length, `contracts/GAS.md should say:\n${formatGasTable(rows)}`);
});

/** ERC-7201 slot of "phalanx.coalition.epochs", computed anew. */
function epochsSlot(): `0x${string}` {
  const inner = BigInt(keccak256(toHex('phalanx.coalition.epochs'))) - 1n;
  const slot = BigInt(keccak256(encodeAbiParameters([{ type: 'uint256' }], [inner]))) & ~0xffn;
  return toHex(slot, { size: 32 });
}
