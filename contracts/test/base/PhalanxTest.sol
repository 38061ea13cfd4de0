// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// Base of the Foundry tests: the cheat codes, a bounded fuzz input, and what forge asks of a test contract.
abstract contract PhalanxTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public constant IS_TEST = true;

    /// @dev Restricts what the invariant fuzzer calls; forge reads it by name.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    address[] private _targets;

    /// forge asks for the contracts an invariant run may call.
    function targetContracts() public view returns (address[] memory) {
        return _targets;
    }

    function targetContract(address target) internal {
        _targets.push(target);
    }

    /// Maps a fuzz input into [low, high]; the ends come up often, and values inside stay themselves.
    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        require(low <= high, "bound: empty range");
        if (x >= low && x <= high) return x;
        uint256 size = high - low + 1;
        if (size == 0) return x;
        if (x <= 3 && size > x) return low + x;
        if (x >= type(uint256).max - 3 && size > type(uint256).max - x) return high - (type(uint256).max - x);
        return low + x % size;
    }
}
