// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {SetRecord} from "../../src/interfaces/Types.sol";

/// What a Coalition off the hub reads of its ledger, set by the test.
contract LedgerStub {
    bytes31 public immutable hubChainKey;
    bytes31 public immutable localChainKey;
    address public immutable hubCoalition;
    uint256 public SLASHABLE_FOR;
    mapping(uint256 commitment => SetRecord) private _sets;

    constructor(bytes31 hubChainKey_, address hubCoalition_, bytes31 localChainKey_) {
        hubChainKey = hubChainKey_;
        hubCoalition = hubCoalition_;
        localChainKey = localChainKey_;
    }

    function setSlashableFor(uint256 seconds_) external {
        SLASHABLE_FOR = seconds_;
    }

    function know(SetRecord memory set) external {
        _sets[set.commitment] = set;
    }

    function setRecord(uint256 commitment) external view returns (SetRecord memory) {
        return _sets[commitment];
    }
}
