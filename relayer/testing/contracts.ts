// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { encodeDeployData, type Abi, type Hex } from 'viem';
import type { Anvil } from './anvil.ts';

type Name = 'TestLedger' | 'TestCoalition' | 'TestForwarder' | 'TestHeaderLedger';
type Compiled = { abi: Abi; evm: { bytecode: { object: string } } };
type Output = {
  contracts?: Record<string, Record<string, Compiled>>;
  errors?: { severity: string; formattedMessage: string }[];
};
type Compiler = { compile(input: string, host: { import(path: string): { contents: string } }): string };

const REPOSITORY = join(import.meta.dirname, '../..');
const compiled = new Map<Name, Compiled>();

/** The stand-in and the interfaces that it imports, by their places in the repository. */
function compile(name: Name): Compiled {
  const known = compiled.get(name);
  if (known) return known;
  const solc = createRequire(import.meta.url)('solc') as Compiler;
  const path = `relayer/testing/contracts/${name}.sol`;
  const read = (source: string): string => readFileSync(join(REPOSITORY, source), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { [path]: { content: read(path) } },
    settings: { outputSelection: { [path]: { [name]: ['abi', 'evm.bytecode.object'] } } },
  };
  const host = { import: (source: string) => ({ contents: read(source) }) };
  const output = JSON.parse(solc.compile(JSON.stringify(input), host)) as Output;
  const contract = output.contracts?.[path]?.[name];
  const error = output.errors?.find(({ severity }) => severity === 'error');
  if (error || !contract) throw new Error(error?.formattedMessage ?? `no ${name}`);
  compiled.set(name, contract);
  return contract;
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
  name: Name,
  ...args: readonly unknown[]
): Promise<TestContract> {
  const { abi, evm } = compile(name);
  const hash = await client.sendTransaction({
    chain: null,
    data: encodeDeployData({ abi, bytecode: `0x${evm.bytecode.object}`, args: [...args] }),
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
