// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { hexToString, stringToHex, type Address, type ContractFunctionArgs } from 'viem';
import type { LocalChain } from '../../cli/system/local-chain.ts';
import { appStateReaderAbi } from '../../protocol/abi/app-state-reader.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { fromHex, toHex, type Hex } from '../../protocol/bytes.ts';
import type { LedgerState } from '../../protocol/cometbft/ledger-header.ts';
import { CometBftNode } from '../../relayer/sources/cometbft/node-client.ts';
import { stateOf, type CometBftWorld } from './cometbft-world.ts';
import type { GeneratedChain } from './generated-chain.ts';

const STORE = 'bank';
const TIMEOUT_MS = 5_000;
/** The reader passes on its ledger's errors. */
const READER = [...appStateReaderAbi, ...cometBftLedgerAbi.filter(({ type }) => type === 'error')] as const;
const MAX_AGE = 86_400n;

type ReadArguments = ContractFunctionArgs<typeof appStateReaderAbi, 'view', 'readStore'>;

/** What the application of the generated chain holds, and a key between two of its own at which it holds nothing. */
export const STATE = { bank: { alice: '120', bob: '75', carol: '3', erin: '9' }, staking: { params: 'none' } } as const;
const [PRESENT, ABSENT] = ['bob', 'dave'] as const;

/** Step 3: what the application holds, and that it holds nothing, read by a contract on the other chains. */
export async function stateSteps(
  world: CometBftWorld,
  chain: GeneratedChain,
  nodeUrl: string,
  height: bigint,
): Promise<void> {
  const { report } = world.base;
  const { signed } = chain.at(height);
  const node = new CometBftNode(nodeUrl, TIMEOUT_MS, undefined);
  for (const destination of world.destinations) {
    await report.step(`block ${height} of ${chain.chainId} is held on ${destination.name}`, () =>
      world.untilHeld(destination, signed),
    );
  }
  const ask = (key: string) => read(node, stateOf(signed), key);
  for (const destination of world.destinations) {
    const { appStateReader } = world.followed(destination, chain.chainId);
    await report.step(`${destination.name} reads what the chain holds of ${PRESENT}`, async () => {
      const args = await ask(PRESENT);
      const [exists, value] = await readStore(destination, appStateReader, args);
      assert.equal(exists, true);
      assert.equal(hexToString(value), STATE.bank[PRESENT]);
      return { gas: await gasOf(destination, appStateReader, args) };
    });
    await report.step(`${destination.name} reads that it holds nothing of ${ABSENT}`, async () => {
      const args = await ask(ABSENT);
      assert.deepEqual(await readStore(destination, appStateReader, args), [false, '0x']);
      return { gas: await gasOf(destination, appStateReader, args) };
    });
  }
  const { appStateReader } = world.followed(world.base.other, chain.chainId);
  const refuse = (name: string, args: ReadArguments, error: RegExp): Promise<void> =>
    report.step(`refused: ${name}`, () => assert.rejects(readStore(world.base.other, appStateReader, args), error));
  const [state, store, key, storeProof, rootProof, age] = await ask(PRESENT);
  await refuse(
    'another value than the chain holds',
    [state, store, key, otherValue(storeProof), rootProof, age],
    /RootMismatch/,
  );
  const [, , absent, absence] = await ask(ABSENT);
  await refuse(
    'an absence shown for a key that is there',
    [state, store, key, absence, rootProof, age],
    /KeyNotBetween/,
  );
  await refuse('a value shown for another key', [state, store, absent, storeProof, rootProof, age], /KeyMismatch/);
  const unheld = { ...state, height: state.height + 1n };
  await refuse('a state that nobody proved', [unheld, store, key, storeProof, rootProof, age], /StateNotHeld/);
}

/** A node's answer, as the reader takes it: header H carries the state after block H - 1. */
async function read(node: CometBftNode, state: LedgerState, key: string): Promise<ReadArguments> {
  const data = stringToHex(key);
  const { proof } = await node.abciQuery(`/store/${STORE}/key`, data, state.height - 1n);
  const [storeProof, rootProof] = proof.map((op) => op.data);
  assert.ok(storeProof !== undefined && rootProof !== undefined, 'the node shows no proof');
  return [state, STORE, data, storeProof, rootProof, { minAge: 0n, maxAge: MAX_AGE }];
}

function readStore({ client }: LocalChain, address: Address, args: ReadArguments) {
  return client.readContract({ abi: READER, address, functionName: 'readStore', args });
}

function gasOf({ client }: LocalChain, address: Address, args: ReadArguments): Promise<bigint> {
  return client.estimateContractGas({ abi: appStateReaderAbi, address, functionName: 'readStore', args });
}

/** The value in an existence proof, its last digit changed. */
function otherValue(proof: Hex): Hex {
  const bytes = fromHex(proof);
  const value = Buffer.from(STATE.bank[PRESENT]);
  const at = Buffer.from(bytes).indexOf(value) + value.length - 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return toHex(bytes);
}
