// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {DuplicateVoteFixture} from "./base/DuplicateVoteFixture.sol";

/// What whole transactions cost on the hub, intrinsic gas and calldata included, with a verifier that does the real
/// pairings and a set as large as the Cosmos Hub's. Every call is a transaction of its own, so storage is cold.
/// forge-config: default.isolate = true
contract DuplicateVoteGasTest is DuplicateVoteFixture {
    function setUp() public override {
        super.setUp();
        _register(hub, 0, 100 * ETHER);
        _register(hub, 1, 100 * ETHER);
    }

    function test_bindingAndSlashing() external {
        bytes32 key = _consensusKey(0);
        bytes memory consent = _consent(hub, CHAIN, key, _operator(0));
        vm.prank(_operator(0));
        hub.bindConsensusKey(CHAIN, key, consent);
        vm.assertLt(vm.snapshotGasLastCall("bindConsensusKey: own signature, 2 slots"), 330_000);

        Offence memory o = _offence(0);
        o.validators = _set(key, 100, 150);
        o.index = 100;
        o.header = _header(HEIGHT, o.validators);
        _hold(cometBft, o);
        bytes memory evidence = abi.encode(_evidence(o, 7));
        hub.slashDuplicateVote(CHAIN, key, evidence);
        vm.assertLt(vm.snapshotGasLastCall("slashDuplicateVote: set of 150, 7 slots"), 620_000);
        hub.slashDuplicateVote(CHAIN, key, "");
        vm.assertLt(vm.snapshotGasLastCall("slashDuplicateVote: already tombstoned"), 35_000);
    }
}
