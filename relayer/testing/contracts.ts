// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { encodeDeployData, type Abi, type Hex } from 'viem';
import type { Anvil } from './anvil.ts';

type Output = {
  contracts?: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>;
  errors?: { severity: string; formattedMessage: string }[];
};

let compiled: Output | undefined;

function compile(): Output {
  if (compiled) return compiled;
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string };
  const content = readFileSync(join(import.meta.dirname, 'TestContracts.sol'), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { 'Test.sol': { content } },
    settings: { viaIR: false, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const error = output.errors?.find(({ severity }) => severity === 'error');
  if (error) throw new Error(error.formattedMessage);
  compiled = output;
  return output;
}

/** A stand-in contract on a test chain, called by name. */
export interface TestContract {
  readonly address: Hex;
  read(name: string, ...args: readonly unknown[]): Promise<unknown>;
  /** sends and waits; needs a chain that mines */
  write(name: string, ...args: readonly unknown[]): Promise<Hex>;
}

export async function deployTestContract(
  { client }: Anvil,
  name: 'TestLedger' | 'TestCoalition' | 'TestForwarder' | 'TestHeaderLedger',
  ...args: readonly unknown[]
): Promise<TestContract> {
  const contract = compile().contracts?.['Test.sol']?.[name];
  if (!contract) throw new Error(`no ${name}`);
  const { abi } = contract;
  const hash = await client.sendTransaction({
    chain: null,
    data: encodeDeployData({ abi, bytecode: `0x${contract.evm.bytecode.object}`, args: [...args] }),
  });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash });
  if (!contractAddress) throw new Error('not deployed');
  const address = contractAddress.toLowerCase() as Hex;
  return {
    address,
    read: (functionName, ...of) => client.readContract({ address, abi, functionName, args: [...of] }),
    write: async (functionName, ...of) => {
      const sent = await client.writeContract({ chain: null, address, abi, functionName, args: [...of] });
      await client.waitForTransactionReceipt({ hash: sent });
      return sent;
    },
  };
}
