// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CommitmentTree} from "./CommitmentTree.sol";
import {Ics23Caller} from "./Ics23Caller.sol";
import {NaiveCometBft} from "./NaiveCometBft.sol";
import {PhalanxTest} from "./PhalanxTest.sol";
import {Ics23Ops} from "../../src/cometbft/Ics23Ops.sol";

/// Generated trees of both kinds, and messages of ICS-23 by their parts.
abstract contract Ics23Fixture is PhalanxTest {
    Ics23Caller internal caller = new Ics23Caller();

    /// Keys of two to about fifty bytes, each ten after the one before in its first two.
    function tree(bool iavl, uint256 size, uint256 seed) internal pure returns (CommitmentTree.Tree memory t) {
        (t.iavl, t.seed) = (iavl, seed);
        (t.keys, t.values) = (new bytes[](size), new bytes[](size));
        for (uint256 i = 0; i < size; ++i) {
            bytes32 r = keccak256(abi.encode("key", seed, i));
            t.keys[i] = abi.encodePacked(uint16(10 * i + 5), r, r);
            t.values[i] = abi.encodePacked(r, r, r, r, r);
            (bytes memory key, bytes memory value) = (t.keys[i], t.values[i]);
            assembly ("memory-safe") {
                mstore(key, add(2, mod(byte(0, r), 50)))
                mstore(value, add(1, mod(byte(1, r), 150)))
            }
            if (value.length == 32) {
                assembly ("memory-safe") {
                    mstore(value, 33)
                }
            }
        }
    }

    function kind(CommitmentTree.Tree memory t) internal pure returns (Ics23Ops.Tree) {
        return t.iavl ? Ics23Ops.Tree.Iavl : Ics23Ops.Tree.Simple;
    }

    function existence(bytes memory key, bytes memory value, bytes memory leafOp, bytes memory path)
        internal
        pure
        returns (bytes memory)
    {
        return NaiveCometBft.message(
            1,
            bytes.concat(
                NaiveCometBft.message(1, key), NaiveCometBft.message(2, value), NaiveCometBft.message(3, leafOp), path
            )
        );
    }

    function nonexistence(bytes memory left, bytes memory right) internal pure returns (bytes memory) {
        bytes memory proof = NaiveCometBft.message(1, "any");
        if (left.length != 0) proof = bytes.concat(proof, NaiveCometBft.message(2, left));
        if (right.length != 0) proof = bytes.concat(proof, NaiveCometBft.message(3, right));
        return NaiveCometBft.message(2, proof);
    }
}
