// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "../../src/interfaces/ICoalition.sol";
import {Proof} from "../../src/interfaces/Types.sol";

/// An operator and treasury that calls back whenever it is paid, with whatever calls it was given.
contract Reenterer {
    ICoalition private immutable _target;
    bytes[] private _calls;
    uint256 public succeeded;
    uint256 public paid;

    constructor(ICoalition target) {
        _target = target;
    }

    function onPaymentCall(bytes memory data) external {
        _calls.push(data);
    }

    function register(uint256 x, uint256 y, bytes32 keyHash) external payable {
        Proof memory proof;
        _target.register{value: msg.value}(x, y, keyHash, proof);
    }

    function unbond(uint64 amountGwei) external {
        _target.unbond(amountGwei);
    }

    function withdraw() external {
        _target.withdraw(payable(this));
    }

    receive() external payable {
        ++paid;
        for (uint256 i = 0; i < _calls.length; ++i) {
            (bool ok,) = address(_target).call(_calls[i]);
            if (ok) ++succeeded;
        }
    }
}

/// Takes no money.
contract Refuser {}
