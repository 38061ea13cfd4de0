// SPDX-License-Identifier: GPL-3.0-or-later
// A thread's first file must be JavaScript: Node applies loaders only to what that file imports.
import { register } from 'tsx/esm/api';

register();
await import('./fixed-base-worker.ts');
