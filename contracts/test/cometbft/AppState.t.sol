// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CommitmentTree} from "../base/CommitmentTree.sol";
import {Ics23Fixture} from "../base/Ics23Fixture.sol";
import {AppState} from "../../src/cometbft/AppState.sol";
import {Ics23} from "../../src/cometbft/Ics23.sol";

/// A store under an app hash.
contract AppStateTest is Ics23Fixture {
    using CommitmentTree for CommitmentTree.Tree;

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_storesUnderAnAppHash(uint256 seed, uint8 size, uint8 stores) external view {
        CommitmentTree.Tree memory store = tree(true, bound(size, 1, 12), seed);
        CommitmentTree.Tree memory multi = tree(false, bound(stores, 1, 30), ~seed);
        uint256 place = seed % multi.keys.length;
        multi.values[place] = abi.encodePacked(store.root());
        bytes memory rootProof = multi.present(place);
        _readBoth(store, multi.root(), multi.keys[place], rootProof, seed % store.keys.length);
    }

    function _readBoth(
        CommitmentTree.Tree memory store,
        bytes32 appHash,
        bytes memory name,
        bytes memory rootProof,
        uint256 i
    ) private view {
        (bool exists, bytes memory value) = caller.readStore(appHash, name, store.keys[i], store.present(i), rootProof);
        vm.assertTrue(exists);
        vm.assertEq(value, store.values[i]);
        bytes memory key = bytes.concat(store.keys[i], hex"00");
        (exists, value) = caller.readStore(appHash, name, key, store.absent(i + 1, key), rootProof);
        vm.assertFalse(exists);
        vm.assertEq(value.length, 0);
    }

    function test_anotherStoresRootOrNone() external {
        CommitmentTree.Tree memory store = tree(true, 5, 1);
        CommitmentTree.Tree memory multi = tree(false, 5, 2);
        multi.values[1] = abi.encodePacked(store.root());
        multi.values[2] = abi.encodePacked(keccak256("another root"));
        bytes32 appHash = multi.root();
        bytes memory proof = store.present(0);
        bytes memory rootProof = multi.present(2);
        vm.expectPartialRevert(Ics23.RootMismatch.selector);
        caller.readStore(appHash, multi.keys[2], store.keys[0], proof, rootProof);
        vm.expectPartialRevert(Ics23.KeyMismatch.selector);
        caller.readStore(appHash, multi.keys[1], store.keys[0], proof, rootProof);
        rootProof = multi.present(3);
        vm.expectPartialRevert(AppState.StoreRootMalformed.selector);
        caller.readStore(appHash, multi.keys[3], store.keys[0], proof, rootProof);
        bytes memory name = bytes.concat(multi.keys[3], hex"00");
        rootProof = multi.absent(4, name);
        vm.expectRevert(abi.encodeWithSelector(AppState.StoreAbsent.selector, name));
        caller.readStore(appHash, name, store.keys[0], proof, rootProof);
    }
}
