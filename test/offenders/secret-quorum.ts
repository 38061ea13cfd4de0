// SPDX-License-Identifier: GPL-3.0-or-later
// Several validators sign, among themselves, another block at a height that all of them voted on before, and prove
// their quorum on a machine of their own. The API hears nothing of it: the ledger they lie to is the first to see the
// proof. Prints the transaction's hash.
import { parseArgs } from 'node:util';
import { createWalletClient, http, pad, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { z } from 'zod';
import { LocalProver } from '../../cli/prove-files.ts';
import { ANVIL_MNEMONIC } from '../../cli/system/anvil.ts';
import { inputJson } from '../../circuits/input-schema.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { parseFr, parseU64 } from '../../protocol/field.ts';
import { parseProof, toSolidityProof } from '../../protocol/proof.ts';
import { MIN_SHARE } from '../../protocol/share.ts';
import { loadAttesterConfig } from '../../runtime/config.ts';
import { madeUp, Offender } from './offender.ts';

const decimal = z.string().transform(BigInt);
const publishedSet = z.object({
  epoch: decimal,
  slots: z.array(z.object({ key: z.object({ x: decimal, y: decimal }), stakeGwei: decimal }).nullable()),
});

const { values } = parseArgs({
  options: {
    /** configurations of the validators that collude, separated by commas */
    configs: { type: 'string' },
    chain: { type: 'string' },
    destination: { type: 'string' },
    set: { type: 'string' },
    height: { type: 'string' },
  },
});
const configs = (values.configs ?? '').split(',').map((file) => loadAttesterConfig(file));
const [config] = configs;
const chain = config?.chains.find(({ id }) => id === values.chain);
const destination = config?.chains.find(({ id }) => id === values.destination);
if (!config || !chain || !destination)
  throw new Error('--configs, --chain, --destination: expected what is configured');

const commitment = parseFr(values.set, '--set');
const answer = await fetch(`${config.apiClient.urls[0]}/v1/validator-sets/${commitment}`);
const { epoch, slots } = publishedSet.parse(await answer.json());

const attestation = {
  setCommitment: commitment,
  sourceHeight: 0n,
  checkpoint: madeUp(chain, parseU64(values.height, '--height'), 'secret'),
};
const occupied = slots.flatMap((slot, index) => (slot ? [{ index, ...slot }] : []));
const signatures = configs.map((each) => {
  const colluder = new Offender(each);
  const index = occupied.find(({ key }) => key.x === colluder.key.x)?.index;
  if (index === undefined) throw new Error('a colluder who is not in the set');
  return { index, signature: colluder.sign(attestation) };
});
const message = new Offender(config).message(attestation);
const prover = await LocalProver.open();
const input = { epoch, slots: occupied, message, share: MIN_SHARE, signatures };
const { proof, keyHash } = await prover.prove('quorum-16', JSON.parse(inputJson(input)));
await prover.close();

const account = mnemonicToAccount(ANVIL_MNEMONIC, { addressIndex: 2 + 16 });
const client = createWalletClient({ account, transport: http(destination.rpcs[0]) });
const signers = signatures.reduce((bits, { index }) => bits | (1n << BigInt(index)), 0n);
const hash = await client.writeContract({
  abi: checkpointLedgerAbi,
  address: destination.contracts.ledger,
  functionName: 'submitCheckpoint',
  args: [
    { ...attestation, setCommitment: pad(toHex(commitment), { size: 32 }) },
    signers,
    keyHash,
    toSolidityProof(parseProof(proof)),
  ],
  chain: null,
});
console.log(hash);
