// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { encodeAbiParameters, keccak256, type Address } from 'viem';
import { deployMintBridge } from '../../contracts/deploy/deploy-bridge.ts';
import { Deployer } from '../../contracts/deploy/deployer.ts';
import { deployLedger } from '../../contracts/deploy/foundation.ts';
import { chainOptions, deployClient } from '../../cli/system/deploy-local.ts';
import { ACCOUNTS } from '../../cli/system/local-chain.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { mintBridgeAbi } from '../../protocol/abi/mint-bridge.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { chainKey } from '../../protocol/chain.ts';
import { stateProof, type StateProof } from './api.ts';
import { refused, type Call } from './refusals.ts';
import type { Deposit, Relayed } from './relay-steps.ts';
import { resultOf, type Submission, type World } from './world.ts';

/** `Outcome` of ICheckpointLedger. */
const OUTCOME = { updated: 0, known: 1, superseded: 2, conflict: 3 } as const;

/** Step 2: what the bridge mints against, and everything that it and the ledger refuse. */
export async function bridgeSteps(world: World, { deposit, onOther }: Relayed): Promise<void> {
  const { hub, other, report, system } = world;
  const { lockBox, mintBridge } = system.bridge;
  const proof = await stateProof(system.apiUrl, hub, other, lockBox, lockSlot(deposit.nonce));
  const refuse = (name: string, call: Call, error: string | undefined): Promise<void> =>
    report.step(`refused: ${name}`, async () => {
      const before = await worldState(world);
      const result = await refused(other, call, error);
      assert.deepEqual(await worldState(world), before, 'something changed all the same');
      return result;
    });

  await refuse(
    'another amount than was locked',
    mint(mintBridge, { ...deposit, amount: 2n * deposit.amount }, proof),
    'LockMismatch',
  );
  const absent = { ...deposit, nonce: 999n };
  const absence = await stateProof(system.apiUrl, hub, other, lockBox, lockSlot(absent.nonce));
  await refuse('a deposit proved absent', mint(mintBridge, absent, absence), 'LockAbsent');
  await refuse(
    'a root too old for a bridge that wants it fresh',
    mint(await impatientBridge(world), deposit, proof),
    'CheckpointTooOld',
  );
  const unheld = await world.checkpointOf(hub, proof.checkpoint.height - 1n);
  await refuse(
    'the root of a block that nobody proved',
    mint(mintBridge, deposit, { ...proof, checkpoint: unheld }),
    'CheckpointNotHeld',
  );
  await refuse(
    'a forged storage proof',
    mint(mintBridge, deposit, { ...proof, storageProof: forged(proof.storageProof) }),
    undefined,
  );

  await report.step('the bridge on B mints what A proves', async () => {
    const receipt = await other.write(
      ACCOUNTS.owner,
      'MintBridge',
      mintBridge,
      'mint',
      mint(mintBridge, deposit, proof).args,
    );
    const balance = await other.client.readContract({
      abi: mintBridgeAbi,
      address: mintBridge,
      functionName: 'balanceOf',
      args: [deposit.recipient],
    });
    assert.equal(balance, deposit.amount);
    return resultOf(receipt);
  });
  await refuse('the same deposit minted again', mint(mintBridge, deposit, proof), 'AlreadyMinted');

  const { submission } = onOther;
  const { ledger } = other.deployment;
  await refuse(
    'a true proof under a forged state root',
    submit(ledger, forgedClaim(submission, system.interval)),
    'InvalidProof',
  );
  await refuse(
    'a forged proof of a new block',
    submit(ledger, forgedProof(submission, system.interval)),
    'InvalidProof',
  );
  await report.step('without effect: the same proof on the same ledger', async () => {
    const before = await worldState(world);
    const { client } = other;
    const call = {
      abi: checkpointLedgerAbi,
      address: ledger,
      functionName: 'submitCheckpoint',
      args: submission,
    } as const;
    const { result } = await client.simulateContract({ ...call, account: ACCOUNTS.owner });
    assert.equal(result, OUTCOME.known);
    const receipt = await other.write(ACCOUNTS.owner, 'CheckpointLedger', ledger, 'submitCheckpoint', submission);
    assert.equal(receipt.logs.length, 0);
    assert.deepEqual(await worldState(world), before);
    return resultOf(receipt);
  });
  const strangers = await strangeLedgers(world);
  await refuse('the proof on another deployment', submit(strangers.deployment, submission), 'InvalidProof');
  await refuse('the proof where a fork of A is followed', submit(strangers.fork, submission), 'ChainUnknown');
  await refuse(
    'the proof, renamed, where a fork is followed',
    submit(strangers.fork, renamed(submission, strangers.forkKey)),
    'InvalidProof',
  );
}

/** Place of a nonce in LockBox's mapping, its first variable. */
function lockSlot(nonce: bigint): Hex {
  return keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [nonce, 0n]));
}

function mint(
  bridge: Address,
  { nonce, amount, recipient }: Deposit,
  { checkpoint, accountProof, storageProof }: StateProof,
): Call {
  const args = [nonce, amount, recipient, checkpoint, accountProof, storageProof];
  return { abi: mintBridgeAbi, address: bridge, functionName: 'mint', args };
}

function submit(ledger: Address, args: Submission): Call {
  return { abi: checkpointLedgerAbi, address: ledger, functionName: 'submitCheckpoint', args };
}

/** The last byte of the deepest node: the value itself. */
function forged(nodes: readonly Hex[]): Hex[] {
  const last = nodes.at(-1) ?? '0x';
  const flipped = (parseInt(last.slice(-2), 16) ^ 1).toString(16).padStart(2, '0');
  return [...nodes.slice(0, -1), `${last.slice(0, -2)}${flipped}` as Hex];
}

/** The next checkpoint, as if A's validators had signed it, with another state. */
function forgedClaim([attestation, signers, keyHash, proof]: Submission, interval: number): Submission {
  const { checkpoint } = attestation;
  const next = { ...checkpoint, height: checkpoint.height + BigInt(interval), timestamp: checkpoint.timestamp + 1n };
  return [
    { ...attestation, checkpoint: { ...next, stateRoot: keccak256(checkpoint.stateRoot) } },
    signers,
    keyHash,
    proof,
  ];
}

/** Points that are on the curve, and prove nothing: a and c exchanged. */
function forgedProof(submission: Submission, interval: number): Submission {
  const [attestation, signers, keyHash, { a, b, c }] = forgedClaim(submission, interval);
  return [attestation, signers, keyHash, { a: c, b, c: a }];
}

function renamed([attestation, ...rest]: Submission, key: Hex): Submission {
  return [{ ...attestation, checkpoint: { ...attestation.checkpoint, chainKey: key } }, ...rest];
}

/** A bridge like the first, for which every root is too old. */
function impatientBridge({ hub, other, system }: World): Promise<Address> {
  return deployMintBridge(deployClient(other), {
    stateReader: other.deployment.stateReader,
    sourceChainKey: hub.chainKey,
    localChainKey: other.chainKey,
    lockBox: system.bridge.lockBox,
    minAge: 0n,
    maxAge: 0n,
    name: 'Impatient Ether',
    symbol: 'iETH',
  });
}

/**
 * Ledgers on B that trust the same set and verifiers: one of another coalition, one of a fork of A with the same chain
 * id.
 */
async function strangeLedgers({
  hub,
  other,
  system: { interval },
}: World): Promise<{ deployment: Address; fork: Address; forkKey: Hex }> {
  const { timelock, verifierRegistry, verifiers } = other.deployment;
  const anchor = await hub.client.readContract({
    abi: hubCoalitionAbi,
    address: hub.deployment.coalition,
    functionName: 'latestEpoch',
  });
  const forkKey = chainKey(hub.id, keccak256(hub.genesisHash));
  const deployer = new Deployer(deployClient(other));
  const foundation = { timelock, verifierRegistry, verifiers };
  const ledgerOf = async (sourceKey: Hex, coalition: Address): Promise<Address> => {
    const options = {
      ...chainOptions(other, hub, { interval, keys: [] }),
      sources: [{ chainKey: sourceKey, interval }],
    };
    const setRecord = { ...anchor, capacity: Number(anchor.capacity) };
    return (await deployLedger(deployer, options, foundation, { chainKey: sourceKey, coalition, anchor: setRecord }))
      .ledger;
  };
  return {
    deployment: await ledgerOf(hub.chainKey, ACCOUNTS.guardian.address),
    fork: await ledgerOf(forkKey, hub.deployment.coalition),
    forkKey,
  };
}

/** What a refused transaction must not move. */
async function worldState(world: World) {
  const { hub, other, system } = world;
  const { client } = other;
  const bridge = { abi: mintBridgeAbi, address: system.bridge.mintBridge } as const;
  return {
    chain: await world.chainOn(other, hub),
    supply: await client.readContract({ ...bridge, functionName: 'totalSupply' }),
  };
}
