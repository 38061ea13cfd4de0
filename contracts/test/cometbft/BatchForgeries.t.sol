// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BatchProofs} from "../base/BatchProofs.sol";
import {TrapdoorKey} from "../base/TrapdoorKey.sol";
import {Proof} from "../../src/interfaces/Types.sol";

/// Proofs, points and signals that the batch verifier refuses, those whose errors cancel among them.
contract BatchForgeriesTest is BatchProofs {
    function test_everyBitFlipOfAIsRefused() external view {
        _flipEveryBit(0, 2);
    }

    function test_everyBitFlipOfBIsRefused() external view {
        _flipEveryBit(2, 6);
    }

    function test_everyBitFlipOfCIsRefused() external view {
        _flipEveryBit(6, 8);
    }

    function test_everyBitFlipOfASignalIsRefused() external view {
        _flipEveryBit(8, 11);
    }

    /// In a batch of two.
    function _flipEveryBit(uint256 from, uint256 to) private view {
        (Proof[] memory p, uint256[3][] memory s) = first(2);
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 word = from; word < to; ++word) {
                for (uint256 bit = 0; bit < 256; ++bit) {
                    _flip(p, s, i, word, bit);
                    vm.assertFalse(accepts(real, p, s), "a flipped bit");
                    _flip(p, s, i, word, bit);
                }
            }
        }
        vm.assertTrue(accepts(real, p, s));
    }

    function test_swappedProofsAreRefused() external view {
        (Proof[] memory p, uint256[3][] memory s) = first(4);
        (p[1], p[2]) = (p[2], p[1]);
        vm.assertFalse(accepts(real, p, s));
        (p[1], p[2]) = (p[2], p[1]);
        (p[0].c, p[3].c) = (p[3].c, p[0].c);
        vm.assertFalse(accepts(real, p, s), "each with the other's c");
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_aWrongSignalAnywhereIsRefused(uint8 n, uint8 i, uint8 k, uint256 by) external view {
        (Proof[] memory p, uint256[3][] memory s) = first(bound(n, 1, RECORDED));
        s[i % s.length][k % 3] = addmod(s[i % s.length][k % 3], bound(by, 1, FR - 1), FR);
        vm.assertFalse(accepts(real, p, s));
    }

    /// The same residue in another encoding.
    function test_aSignalPlusTheOrderIsRefused() external view {
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 k = 0; k < 3; ++k) {
                (Proof[] memory p, uint256[3][] memory s) = first(3);
                s[i][k] += FR;
                vm.assertFalse(accepts(real, p, s));
            }
        }
    }

    function test_aCoordinatePlusTheModulusIsRefused() external view {
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 word = 0; word < 8; ++word) {
                (Proof[] memory p, uint256[3][] memory s) = first(2);
                _put(p, s, i, word, _get(p, s, i, word) + FQ);
                vm.assertFalse(accepts(real, p, s));
            }
        }
    }

    function test_pointsOffTheCurveAndInfinityAreRefused() external view {
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 part = 0; part < 3; ++part) {
                (Proof[] memory p, uint256[3][] memory s) = first(2);
                _setPoint(p[i], part, 1);
                vm.assertFalse(accepts(real, p, s), "(1, 1) is on no curve");
                _setPoint(p[i], part, 0);
                vm.assertFalse(accepts(real, p, s), "infinity");
            }
        }
    }

    /// A point of the twist outside the subgroup of order r: x = 1 and a y on the curve there.
    function test_aTwistPointOutsideTheSubgroupIsRefused() external view {
        for (uint256 i = 0; i < 2; ++i) {
            (Proof[] memory p, uint256[3][] memory s) = first(2);
            p[i].b = outsideSubgroup();
            vm.assertFalse(accepts(real, p, s));
        }
    }

    /// Errors that add up to nothing: what one proof lacks the other has too much, in C and so in the whole sum.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_errorsThatCancelAreRefused(uint256[3][4] memory claims, uint256 by, uint8 i, uint8 j)
        external
        view
    {
        (Proof[] memory p, uint256[3][] memory s) = claimsOf(claims, by);
        (uint256 from, uint256 to) = (i % 4, (i % 4 + 1 + j % 3) % 4);
        uint256[2] memory surplus = TrapdoorKey.point(bound(by, 1, FR - 1));
        p[from].c = _add(p[from].c, surplus);
        p[to].c = _add(p[to].c, [surplus[0], FQ - surplus[1]]);
        vm.assertFalse(accepts(trapdoor, p, s));
    }

    /// The same by signals, whose sum over the batch stays what it was.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_signalsMovedBetweenProofsAreRefused(uint256[3][4] memory claims, uint256 by, uint8 k)
        external
        view
    {
        (Proof[] memory p, uint256[3][] memory s) = claimsOf(claims, by);
        by = bound(by, 1, FR - 1);
        s[0][k % 3] = addmod(s[0][k % 3], by, FR);
        s[3][k % 3] = addmod(s[3][k % 3], FR - by, FR);
        vm.assertFalse(accepts(trapdoor, p, s));
    }

    function _flip(Proof[] memory p, uint256[3][] memory s, uint256 i, uint256 word, uint256 bit) private pure {
        _put(p, s, i, word, _get(p, s, i, word) ^ (1 << bit));
    }

    /// Words of a proof and its signals: 0 to 7 its coordinates, 8 to 10 the signals.
    function _get(Proof[] memory p, uint256[3][] memory s, uint256 i, uint256 word) private pure returns (uint256) {
        if (word >= 8) return s[i][word - 8];
        if (word >= 6) return p[i].c[word - 6];
        if (word >= 2) return p[i].b[(word - 2) / 2][word % 2];
        return p[i].a[word];
    }

    function _put(Proof[] memory p, uint256[3][] memory s, uint256 i, uint256 word, uint256 value) private pure {
        if (word >= 8) s[i][word - 8] = value;
        else if (word >= 6) p[i].c[word - 6] = value;
        else if (word >= 2) p[i].b[(word - 2) / 2][word % 2] = value;
        else p[i].a[word] = value;
    }

    function _setPoint(Proof memory p, uint256 part, uint256 v) private pure {
        if (part == 0) p.a = [v, v];
        else if (part == 1) p.b = [[v, v], [v, v]];
        else p.c = [v, v];
    }

    function _add(uint256[2] memory p, uint256[2] memory q) private view returns (uint256[2] memory r) {
        uint256[4] memory input = [p[0], p[1], q[0], q[1]];
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), 6, input, 128, r, 64)) { revert(0, 0) }
        }
    }
}
