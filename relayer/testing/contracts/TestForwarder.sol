// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Calls another contract, so that what is said to it lies in no transaction's input as such.
contract TestForwarder {
    function forward(address to, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool ok,) = to.call(calls[i]);
            require(ok);
        }
    }
}
