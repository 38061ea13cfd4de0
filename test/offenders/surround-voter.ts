// SPDX-License-Identifier: GPL-3.0-or-later
// Signs a vote from below its first one's source to beyond its target: as if the first had never been cast.
import { madeUp, Offender, readOrders } from './offender.ts';

const { config, chain, setCommitment, height } = readOrders();
const offender = new Offender(config);
const { interval } = chain;
await offender.post({ setCommitment, sourceHeight: height, checkpoint: madeUp(chain, height + interval, 'inner') });
await offender.post({
  setCommitment,
  sourceHeight: height - interval,
  checkpoint: madeUp(chain, height + 2n * interval, 'outer'),
});
