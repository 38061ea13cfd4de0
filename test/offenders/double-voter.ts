// SPDX-License-Identifier: GPL-3.0-or-later
// Signs two different blocks at one height, and shows both to the verification API.
import { madeUp, Offender, readOrders } from './offender.ts';

const { config, chain, setCommitment, height } = readOrders();
const offender = new Offender(config);
for (const label of ['one', 'another']) {
  await offender.post({ setCommitment, sourceHeight: 0n, checkpoint: madeUp(chain, height, label) });
}
