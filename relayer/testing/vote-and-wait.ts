// SPDX-License-Identifier: GPL-3.0-or-later
import { Secret } from '../../runtime/secret.ts';
import { SlashingRecord } from '../attester/slashing-record.ts';
import { attesterKey } from '../attester/voter.ts';
import { TEST_SECRET, testVote } from './votes.ts';

/*
 * A voter in a process of its own, to be killed: node vote-and-wait.ts <record> <source> <target>. It puts the vote on
 * disk, says so, and never gets to give the signature out.
 */
const [path = '', source = '0', target = '0'] = process.argv.slice(2);
const record = SlashingRecord.open(path, attesterKey(new Secret(TEST_SECRET)));
record.commit(testVote(BigInt(source), BigInt(target)));
process.stdout.write('on disk\n');
setInterval(() => undefined, 1_000);
