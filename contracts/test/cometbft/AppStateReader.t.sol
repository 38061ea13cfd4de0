// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftChain} from "../base/CometBftChain.sol";
import {CommitmentTree} from "../base/CommitmentTree.sol";
import {AppStateReader} from "../../src/cometbft/AppStateReader.sol";
import {IAppStateReader} from "../../src/interfaces/IAppStateReader.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// Reads of a store under the app hash of a header that the ledger took.
contract AppStateReaderTest is CometBftChain {
    using CommitmentTree for CommitmentTree.Tree;

    CommitmentTree.Tree private _store;
    CommitmentTree.Tree private _stores;
    ICometBftLedger.ConsensusState private _state;
    AppStateReader private _reader;

    function setUp() public override {
        super.setUp();
        _store.iavl = true;
        for (uint256 i = 0; i < 6; ++i) {
            _store.keys.push(abi.encodePacked("balances/", uint8(97 + 2 * i)));
            _store.values.push(abi.encodePacked(i));
            _stores.keys.push(abi.encodePacked("store-", uint8(97 + i)));
            _stores.values.push(abi.encodePacked(keccak256(abi.encode(i))));
        }
        _stores.values[3] = abi.encodePacked(_store.root());
        ICometBftLedger.Header memory h = headerAt(105, timeAt(105), set, set);
        h.appHash = _stores.root();
        submit(sign(h, set, 0, 3));
        _state = stateOf(h);
        _reader = new AppStateReader(ledger);
    }

    function _read(bytes memory key, bytes memory proof, uint64 minAge, uint64 maxAge)
        private
        view
        returns (bool, bytes memory)
    {
        CommitmentTree.Tree memory stores = _stores;
        IAppStateReader.Age memory age = IAppStateReader.Age(minAge, maxAge);
        return _reader.readStore(_state, "store-d", key, proof, stores.present(3), age);
    }

    function test_presentAndAbsent() external view {
        CommitmentTree.Tree memory t = _store;
        (bool exists, bytes memory value) = _read(t.keys[2], t.present(2), 0, type(uint64).max);
        vm.assertTrue(exists);
        vm.assertEq(value, abi.encodePacked(uint256(2)));
        (exists, value) = _read("balances/d", t.absent(2, "balances/d"), 0, type(uint64).max);
        vm.assertFalse(exists);
        vm.assertEq(value.length, 0);
    }

    function test_aStateThatIsNotHeld() external {
        CommitmentTree.Tree memory t = _store;
        bytes memory proof = t.present(2);
        _state.appHash = keccak256("mine");
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.StateNotHeld.selector, 105));
        this.read(proof, 0, type(uint64).max);
    }

    function test_nothingIsReadWhileFrozen() external {
        bytes memory proof = _proof();
        vm.prank(GUARDIAN);
        ledger.freeze();
        vm.expectRevert(
            abi.encodeWithSelector(ICometBftLedger.LedgerIsFrozen.selector, ICometBftLedger.Freeze.Guardian)
        );
        this.read(proof, 0, type(uint64).max);
    }

    function test_leastAndGreatestAge() external {
        bytes memory proof = _proof();
        vm.warp(START + 100); // accepted at START, dated five seconds before
        this.read(proof, 100, 105);
        vm.expectRevert(abi.encodeWithSelector(IAppStateReader.StateTooYoung.selector, 100, 101));
        this.read(proof, 101, 105);
        vm.expectRevert(abi.encodeWithSelector(IAppStateReader.StateTooOld.selector, 105, 104));
        this.read(proof, 100, 104);
    }

    function _proof() private view returns (bytes memory) {
        CommitmentTree.Tree memory t = _store;
        return t.present(2);
    }

    /// Called from outside, so that a revert is not taken for one of the tree's own hashes.
    function read(bytes calldata proof, uint64 minAge, uint64 maxAge) external view returns (bool, bytes memory) {
        return _read("balances/e", proof, minAge, maxAge);
    }
}
