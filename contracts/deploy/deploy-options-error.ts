// SPDX-License-Identifier: GPL-3.0-or-later

/** The options of a deployment contradict each other. */
export class DeployOptionsError extends Error {
  readonly code = 'DEPLOY_OPTIONS_INVALID';
}
