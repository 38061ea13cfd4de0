// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// The owner of every contract here is OpenZeppelin's timelock as it is. Imported so that a build without the
// tests compiles it, and the deployment finds it.
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
