// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";
import {PoseidonT4} from "poseidon-solidity/PoseidonT4.sol";
import {PoseidonT5} from "poseidon-solidity/PoseidonT5.sol";
import {ICoalition} from "../../src/interfaces/ICoalition.sol";

/// The set's tree as its definition says, level by level, without constants, storage or short cuts.
library NaiveTree {
    function commitment(ICoalition.Leaf[] memory leaves, uint64 epoch) internal pure returns (uint256) {
        return PoseidonT4.hash([root(leaves), leaves.length, uint256(epoch)]);
    }

    function root(ICoalition.Leaf[] memory leaves) internal pure returns (uint256) {
        uint256[] memory level = new uint256[](leaves.length);
        for (uint256 i = 0; i < level.length; ++i) {
            ICoalition.Leaf memory l = leaves[i];
            level[i] = l.stakeGwei == 0 ? 0 : PoseidonT4.hash([l.keyX, l.keyY, uint256(l.stakeGwei)]);
        }
        while (level.length > 2) {
            uint256[] memory next = new uint256[](level.length / 4);
            for (uint256 i = 0; i < next.length; ++i) {
                next[i] = PoseidonT5.hash([level[4 * i], level[4 * i + 1], level[4 * i + 2], level[4 * i + 3]]);
            }
            level = next;
        }
        return level.length == 1 ? level[0] : PoseidonT3.hash([level[0], level[1]]);
    }
}
