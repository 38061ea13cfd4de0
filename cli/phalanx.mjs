#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// Lets Node read TypeScript, then hands over to the program.
import { register } from 'tsx/esm/api';

register();
// Whoever reads us may have read enough.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));
const { main } = await import('./main.ts');
await main(process.argv);
