// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";
import {PoseidonT4} from "poseidon-solidity/PoseidonT4.sol";
import {PoseidonT5} from "poseidon-solidity/PoseidonT5.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {ValidatorSets} from "../src/lib/ValidatorSets.sol";
import {PhalanxTest} from "./base/PhalanxTest.sol";

/// Vectors come from circomlibjs 0.1.7, the sets' through the protocol's TypeScript.
contract ValidatorSetsTest is PhalanxTest {
    ICoalition.Leaf[] private _set;

    function test_poseidonMatchesCircomlib() external pure {
        vm.assertEq(
            PoseidonT3.hash([uint256(1), 2]),
            7853200120776062878684798364095072458815029376092732009249414926327459813530
        );
        vm.assertEq(
            PoseidonT4.hash([uint256(1), 2, 3]),
            6542985608222806190361240322586112750744169038454362455181422643027100751666
        );
        vm.assertEq(
            PoseidonT5.hash([uint256(1), 2, 3, 4]),
            18821383157269793795438455681495246036402687001665670618754263018637548127333
        );
    }

    function test_emptySubtreesAreTheHashesOfEmptySubtrees() external pure {
        vm.assertEq(ValidatorSets.E1, PoseidonT5.hash([uint256(0), 0, 0, 0]));
        uint256 e = ValidatorSets.E1;
        vm.assertEq(ValidatorSets.E2, PoseidonT5.hash([e, e, e, e]));
        e = ValidatorSets.E2;
        vm.assertEq(ValidatorSets.E3, PoseidonT5.hash([e, e, e, e]));
    }

    function test_capacity16MatchesTheProtocol() external {
        _fill(16, [uint256(0), 3, 5, 15]);
        vm.assertEq(
            this.commitmentOf(_set, 16, 1),
            11121339657475109466700240474357487961469857187619138744449441785899006815548
        );
    }

    function test_capacity64MatchesTheProtocol() external {
        _fill(64, [uint256(0), 17, 63, 63]);
        vm.assertEq(
            this.commitmentOf(_set, 64, 2),
            10373827455018288180669149977026309475194484929785915145610647071523294576074
        );
    }

    function test_capacity128MatchesTheProtocol() external {
        _fill(128, [uint256(0), 64, 127, 127]);
        vm.assertEq(
            this.commitmentOf(_set, 128, 3),
            12158031826635246068505393260259403880658059042057727110374548601547184743748
        );
    }

    function test_capacity128WithAnEmptyHalfMatchesTheProtocol() external {
        _fill(128, [uint256(5), 5, 5, 5]);
        vm.assertEq(
            this.commitmentOf(_set, 128, 4),
            21813142910181778057601173686167454025733034066261999741647314082602244281735
        );
    }

    function test_largestValuesMatchTheProtocol() external {
        _fill(16, [uint256(2), 2, 2, 2]);
        _set[2] = ICoalition.Leaf(ValidatorSets.FR - 1, 0, type(uint64).max);
        vm.assertEq(
            this.commitmentOf(_set, 16, type(uint64).max),
            2280437623231334945617787779216677491179869941760039189049503714765003256182
        );
    }

    function test_anEmptySetMatchesTheProtocol() external view {
        vm.assertEq(
            this.commitmentOf(new ICoalition.Leaf[](16), 16, 5),
            13140296539585669562133799004700851489863466687907211974739134974640315540229
        );
    }

    function test_refusesCoordinatesThatPoseidonWouldReduce() external {
        _fill(16, [uint256(0), 3, 5, 15]);
        _set[3].keyX += ValidatorSets.FR;
        vm.expectRevert(abi.encodeWithSelector(ICoalition.LeafNotCanonical.selector, 3));
        this.commitmentOf(_set, 16, 1);
        _set[3].keyX = 0;
        _set[3].keyY = ValidatorSets.FR;
        vm.expectRevert(abi.encodeWithSelector(ICoalition.LeafNotCanonical.selector, 3));
        this.commitmentOf(_set, 16, 1);
    }

    /// forge-config: default.fuzz.runs = 48
    function testFuzz_everyFieldOfEveryLeafIsBound(uint8 where, uint8 field, uint64 delta) external {
        _fill(16, [uint256(0), 3, 5, 15]);
        uint256 before = this.commitmentOf(_set, 16, 1);
        ICoalition.Leaf storage l = _set[where % 16];
        delta = uint64(bound(delta, 1, 1e18));
        if (field % 3 == 0) l.keyX += delta;
        else if (field % 3 == 1) l.keyY += delta;
        else l.stakeGwei += delta;
        vm.assertNotEq(this.commitmentOf(_set, 16, 1), before);
    }

    function test_epochAndCapacityAreBound() external {
        _fill(64, [uint256(0), 3, 5, 15]);
        uint256 before = this.commitmentOf(_set, 64, 1);
        vm.assertNotEq(this.commitmentOf(_set, 64, 2), before);
        vm.assertNotEq(this.commitmentOf(_set, 16, 1), before);
    }

    function commitmentOf(ICoalition.Leaf[] calldata leaves, uint8 capacity, uint64 epoch)
        external
        pure
        returns (uint256)
    {
        return ValidatorSets.commitmentOf(leaves, capacity, epoch);
    }

    function _fill(uint256 capacity, uint256[4] memory used) private {
        for (uint256 i = 0; i < capacity; ++i) {
            _set.push();
        }
        for (uint256 i = 0; i < 4; ++i) {
            uint256 where = used[i];
            _set[where] = ICoalition.Leaf(1000 + where, 2000 + where, uint64((where + 1) * 1e9));
        }
    }
}
