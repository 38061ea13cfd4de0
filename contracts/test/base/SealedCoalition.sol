// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CoalitionFixture} from "./CoalitionFixture.sol";

/// Four validators of equal stake at the slots 0 to 3, in a set that the hub sealed.
abstract contract SealedCoalition is CoalitionFixture {
    uint256 internal _set;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i < 4; ++i) {
            _register(hub, i, 100 * ETHER);
        }
        _set = _seal();
    }
}
