// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CommitmentTree} from "../base/CommitmentTree.sol";
import {Ics23Fixture} from "../base/Ics23Fixture.sol";
import {NaiveCometBft} from "../base/NaiveCometBft.sol";
import {Ics23Ops} from "../../src/cometbft/Ics23Ops.sol";

/// Preimages read otherwise than they were written: operations that no tree of either kind has.
contract Ics23OpsTest is Ics23Fixture {
    using CommitmentTree for CommitmentTree.Tree;

    /// An inner node shown as a leaf: its content would be the value's hash. The prefix gives it away.
    function test_anInnerNodeIsNoLeaf() external {
        CommitmentTree.Tree memory t = tree(false, 4, 1);
        bytes32 root = t.root();
        bytes memory leafOp = bytes.concat(hex"080118012001", NaiveCometBft.message(5, hex"01"));
        bytes memory proof = existence("k", "v", leafOp, "");
        vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
        caller.read(Ics23Ops.Tree.Simple, root, "k", proof);
        bytes[5] memory prefixes =
            [bytes(hex"0402"), hex"000200ff", hex"0004", hex"000201", hex"00028080808080808080808000"];
        for (uint256 i = 0; i < 5; ++i) {
            leafOp = bytes.concat(hex"080118012001", NaiveCometBft.message(5, prefixes[i]));
            vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
            caller.read(Ics23Ops.Tree.Iavl, root, "k", existence("k", "v", leafOp, ""));
        }
    }

    /// A longer prefix of a leaf would take a part of its key: `00 05 "a" 01 "k"...` shown as the leaf of "k".
    function test_aLeafPrefixThatTakesPartOfTheKey() external {
        CommitmentTree.Tree memory t = tree(false, 1, 1);
        t.keys[0] = hex"6103016b";
        bytes32 root = t.root();
        bytes memory leafOp = bytes.concat(hex"080118012001", NaiveCometBft.message(5, hex"00046103"));
        bytes memory proof = existence("k", t.values[0], leafOp, "");
        vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
        caller.read(Ics23Ops.Tree.Simple, root, "k", proof);
    }

    function test_otherHashesThanSha256() external {
        bytes[5] memory ops =
            [bytes(hex"080218012001"), hex"080118022001", hex"080118012002", hex"0801100118012001", hex"0801"];
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory proof = existence("k", "v", bytes.concat(ops[i], hex"2a0100"), "");
            vm.expectRevert(Ics23Ops.LeafOpUnsupported.selector);
            caller.read(Ics23Ops.Tree.Simple, 0, "k", proof);
        }
        bytes memory step = NaiveCometBft.message(4, hex"0802120101");
        vm.expectRevert(abi.encodeWithSelector(Ics23Ops.InnerOpUnsupported.selector, 1));
        caller.read(Ics23Ops.Tree.Simple, 0, "k", existence("k", "v", hex"0801180120012a0100", step));
    }

    function test_innerOperationsOfTheSimpleTree() external {
        bytes memory h = abi.encodePacked(keccak256("sibling"));
        _refuseStep(false, hex"01", "", Ics23Ops.InnerPrefixMalformed.selector); // no sibling
        _refuseStep(false, hex"00", h, Ics23Ops.InnerPrefixMalformed.selector); // a leaf's
        _refuseStep(false, bytes.concat(hex"01", h), h, Ics23Ops.InnerPrefixMalformed.selector); // two siblings
        _refuseStep(false, bytes.concat(hex"0101", h), "", Ics23Ops.InnerPrefixMalformed.selector); // too long
        _refuseStep(false, hex"01", bytes.concat(h, h), Ics23Ops.InnerSuffixMalformed.selector);
        _refuseStep(false, hex"01", hex"ff", Ics23Ops.InnerSuffixMalformed.selector);
    }

    function test_innerOperationsOfTheIavlTree() external {
        bytes memory h = abi.encodePacked(hex"20", keccak256("sibling"));
        bytes4 prefix = Ics23Ops.InnerPrefixMalformed.selector;
        _refuseStep(true, hex"02040620", "", prefix); // no sibling
        _refuseStep(true, hex"00040620", h, prefix); // height 0
        _refuseStep(true, hex"01040620", h, prefix); // height -1
        _refuseStep(true, hex"82000406", h, prefix); // height in two bytes
        _refuseStep(true, hex"02030620", h, prefix); // size -2
        _refuseStep(true, hex"02040520", h, prefix); // version -3
        _refuseStep(true, hex"020406", h, prefix); // no length of the child
        _refuseStep(true, hex"02040621", h, prefix); // another length
        _refuseStep(true, hex"0204062020", h, prefix); // a byte too many
        _refuseStep(true, bytes.concat(hex"020406", h, hex"20"), h, prefix); // siblings on both sides
        _refuseStep(true, bytes.concat(hex"020406", h), "", prefix); // the child's length is missing
        _refuseStep(true, hex"02fffffffffffffffffe0f0620", h, prefix); // thirteen bytes
        _refuseStep(true, hex"02040620", hex"20", Ics23Ops.InnerSuffixMalformed.selector);
        _refuseStep(true, hex"02040620", bytes.concat(h, h), Ics23Ops.InnerSuffixMalformed.selector);
        h[0] = 0x21;
        _refuseStep(true, hex"02040620", h, Ics23Ops.InnerSuffixMalformed.selector);
    }

    function test_emptyKeysAndValues() external {
        bytes memory op = hex"0801180120012a0100";
        vm.expectRevert(Ics23Ops.KeyEmpty.selector);
        caller.read(Ics23Ops.Tree.Simple, 0, "", existence("", "v", op, ""));
        vm.expectRevert(Ics23Ops.ValueEmpty.selector);
        caller.read(Ics23Ops.Tree.Simple, 0, "k", existence("k", "", op, ""));
    }

    function _refuseStep(bool iavl, bytes memory prefix, bytes memory suffix, bytes4 why) private {
        bytes memory op = iavl ? bytes(hex"0801180120012a03000202") : bytes(hex"0801180120012a0100");
        bytes memory proof = existence("k", "v", op, CommitmentTree.innerOp(prefix, suffix));
        vm.expectRevert(abi.encodeWithSelector(why, 1));
        caller.read(iavl ? Ics23Ops.Tree.Iavl : Ics23Ops.Tree.Simple, 0, "k", proof);
    }
}
