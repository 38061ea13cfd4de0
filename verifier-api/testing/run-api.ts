// SPDX-License-Identifier: GPL-3.0-or-later
// The service as a process of its own. Argument: configuration file. Prints its address when it listens.
import { loadApiConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/log.ts';
import { stopOnSignal } from '../../runtime/shutdown.ts';
import { startApi } from '../start-api.ts';

const log = createLogger('api', 'fatal');
const api = await startApi(loadApiConfig(process.argv[2] ?? '', {}), log);
stopOnSignal(api, log);
process.stdout.write(`${api.url}\n`);
