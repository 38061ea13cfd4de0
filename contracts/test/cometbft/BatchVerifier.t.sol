// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PhalanxTest} from "../base/PhalanxTest.sol";
import {TrapdoorKey} from "../base/TrapdoorKey.sol";
import {VerifierRegistry} from "../../src/VerifierRegistry.sol";
import {BatchVerifier} from "../../src/cometbft/BatchVerifier.sol";
import {Proof} from "../../src/interfaces/Types.sol";

/// Real proofs of a small circuit under a development key, and, for errors that a prover could not make, proofs under a
/// key whose secrets are known. Recorded by test/contracts/record-batch-proofs.ts.
contract BatchVerifierTest is PhalanxTest {
    uint256 private constant FR = TrapdoorKey.FR;
    uint256 private constant FQ = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    uint256 private constant RECORDED = 6;

    BatchVerifier private _real;
    BatchVerifier private _trapdoor;
    Proof[] private _proofs;
    uint256[3][] private _signals;

    function setUp() external {
        string memory json = vm.readFile("test/fixtures/batch-proofs.json");
        _real = new BatchVerifier(abi.decode(vm.parseJsonBytes(json, ".key"), (BatchVerifier.Key)));
        for (uint256 i = 0; i < RECORDED; ++i) {
            string memory place = string.concat("[", vm.toString(i), "]");
            _proofs.push(abi.decode(vm.parseJsonBytes(json, string.concat(".proofs", place)), (Proof)));
            _signals.push(abi.decode(vm.parseJsonBytes(json, string.concat(".signals", place)), (uint256[3])));
        }
        _trapdoor = new BatchVerifier(TrapdoorKey.key());
    }

    function test_acceptsEveryNumberOfRealProofs() external view {
        for (uint256 n = 1; n <= RECORDED; ++n) {
            (Proof[] memory p, uint256[3][] memory s) = _first(n);
            vm.assertTrue(_real.verifyBatch(p, s));
        }
    }

    function test_oneProofAlone() external view {
        for (uint256 i = 0; i < RECORDED; ++i) {
            Proof memory p = _proofs[i];
            vm.assertTrue(_real.verifyProof(p.a, p.b, p.c, _signals[i]));
            vm.assertFalse(_real.verifyProof(p.a, p.b, p.c, _signals[(i + 1) % RECORDED]));
        }
    }

    function test_servesARegistryLikeAGeneratedVerifier() external {
        VerifierRegistry.Initial[] memory initial = new VerifierRegistry.Initial[](1);
        initial[0] = VerifierRegistry.Initial(bytes32("key"), bytes4("kind"), 7, 3, address(_real));
        VerifierRegistry registry = new VerifierRegistry(address(this), initial);
        uint256[] memory s = new uint256[](3);
        (s[0], s[1], s[2]) = (_signals[0][0], _signals[0][1], _signals[0][2]);
        registry.verify(bytes32("key"), bytes4("kind"), 7, _proofs[0], s);
    }

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
        (Proof[] memory p, uint256[3][] memory s) = _first(2);
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 word = from; word < to; ++word) {
                for (uint256 bit = 0; bit < 256; ++bit) {
                    _flip(p, s, i, word, bit);
                    vm.assertFalse(_accepts(_real, p, s), "a flipped bit");
                    _flip(p, s, i, word, bit);
                }
            }
        }
        vm.assertTrue(_accepts(_real, p, s));
    }

    function test_numbersOfProofsAndSignalsMustAgree() external view {
        (Proof[] memory p, uint256[3][] memory s) = _first(2);
        (Proof[] memory fewer, uint256[3][] memory less) = _first(1);
        vm.assertFalse(_accepts(_real, p, less));
        vm.assertFalse(_accepts(_real, fewer, s));
        vm.assertFalse(_accepts(_real, new Proof[](0), new uint256[3][](0)));
    }

    function test_swappedProofsAreRefused() external view {
        (Proof[] memory p, uint256[3][] memory s) = _first(4);
        (p[1], p[2]) = (p[2], p[1]);
        vm.assertFalse(_accepts(_real, p, s));
        (p[1], p[2]) = (p[2], p[1]);
        (p[0].c, p[3].c) = (p[3].c, p[0].c);
        vm.assertFalse(_accepts(_real, p, s), "each with the other's c");
    }

    function test_allInAnotherOrderIsAccepted() external view {
        (Proof[] memory p, uint256[3][] memory s) = _first(3);
        (p[0], p[2]) = (p[2], p[0]);
        (s[0], s[2]) = (s[2], s[0]);
        vm.assertTrue(_real.verifyBatch(p, s));
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_aWrongSignalAnywhereIsRefused(uint8 n, uint8 i, uint8 k, uint256 by) external view {
        (Proof[] memory p, uint256[3][] memory s) = _first(bound(n, 1, RECORDED));
        s[i % s.length][k % 3] = addmod(s[i % s.length][k % 3], bound(by, 1, FR - 1), FR);
        vm.assertFalse(_accepts(_real, p, s));
    }

    /// The same residue in another encoding.
    function test_aSignalPlusTheOrderIsRefused() external view {
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 k = 0; k < 3; ++k) {
                (Proof[] memory p, uint256[3][] memory s) = _first(3);
                s[i][k] += FR;
                vm.assertFalse(_accepts(_real, p, s));
            }
        }
    }

    function test_aCoordinatePlusTheModulusIsRefused() external view {
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 word = 0; word < 8; ++word) {
                (Proof[] memory p, uint256[3][] memory s) = _first(2);
                _put(p, s, i, word, _get(p, s, i, word) + FQ);
                vm.assertFalse(_accepts(_real, p, s));
            }
        }
    }

    function test_pointsOffTheCurveAndInfinityAreRefused() external view {
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 part = 0; part < 3; ++part) {
                (Proof[] memory p, uint256[3][] memory s) = _first(2);
                _setPoint(p[i], part, 1);
                vm.assertFalse(_accepts(_real, p, s), "(1, 1) is on no curve");
                _setPoint(p[i], part, 0);
                vm.assertFalse(_accepts(_real, p, s), "infinity");
            }
        }
    }

    /// A point of the twist outside the subgroup of order r: x = 1 and a y on the curve there.
    function test_aTwistPointOutsideTheSubgroupIsRefused() external view {
        for (uint256 i = 0; i < 2; ++i) {
            (Proof[] memory p, uint256[3][] memory s) = _first(2);
            p[i].b = _outsideSubgroup();
            vm.assertFalse(_accepts(_real, p, s));
        }
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_claimsUnderAKnownKeyAreAccepted(uint256[3][4] memory claims, uint256 seed) external view {
        (Proof[] memory p, uint256[3][] memory s) = _claims(claims, seed);
        vm.assertTrue(_trapdoor.verifyBatch(p, s));
    }

    /// Errors that add up to nothing: what one proof lacks the other has too much, in C and so in the whole sum.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_errorsThatCancelAreRefused(uint256[3][4] memory claims, uint256 by, uint8 i, uint8 j)
        external
        view
    {
        (Proof[] memory p, uint256[3][] memory s) = _claims(claims, by);
        (uint256 from, uint256 to) = (i % 4, (i % 4 + 1 + j % 3) % 4);
        uint256[2] memory surplus = TrapdoorKey.point(bound(by, 1, FR - 1));
        p[from].c = _add(p[from].c, surplus);
        p[to].c = _add(p[to].c, [surplus[0], FQ - surplus[1]]);
        vm.assertFalse(_accepts(_trapdoor, p, s));
    }

    /// The same by signals, whose sum over the batch stays what it was.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_signalsMovedBetweenProofsAreRefused(uint256[3][4] memory claims, uint256 by, uint8 k)
        external
        view
    {
        (Proof[] memory p, uint256[3][] memory s) = _claims(claims, by);
        by = bound(by, 1, FR - 1);
        s[0][k % 3] = addmod(s[0][k % 3], by, FR);
        s[3][k % 3] = addmod(s[3][k % 3], FR - by, FR);
        vm.assertFalse(_accepts(_trapdoor, p, s));
    }

    function test_aMalformedKeyIsRefused() external {
        for (uint256 word = 0; word < 22; ++word) {
            BatchVerifier.Key memory k = TrapdoorKey.key();
            _spoil(k, word);
            vm.expectRevert(BatchVerifier.KeyMalformed.selector);
            this.deploy{gas: 5_000_000}(k);
        }
        for (uint256 point = 0; point < 4; ++point) {
            BatchVerifier.Key memory k = TrapdoorKey.key();
            if (point == 0) k.alpha = [uint256(0), 0];
            if (point == 1) k.beta = [[uint256(0), 0], [uint256(0), 0]];
            if (point == 2) k.gamma = [[uint256(0), 0], [uint256(0), 0]];
            if (point == 3) k.delta = [[uint256(0), 0], [uint256(0), 0]];
            vm.expectRevert(BatchVerifier.KeyMalformed.selector);
            this.deploy{gas: 5_000_000}(k);
        }
        BatchVerifier.Key memory outside = TrapdoorKey.key();
        outside.delta = _outsideSubgroup();
        vm.expectRevert(BatchVerifier.KeyMalformed.selector);
        this.deploy{gas: 5_000_000}(outside);
    }

    /// A batch of n costs n + 3 pairings (34,000 each, 45,000 for the call) and 2 (n - 1) + 5 multiplications (6,000).
    function test_gas() external view {
        for (uint256 n = 1; n <= RECORDED; ++n) {
            (Proof[] memory p, uint256[3][] memory s) = _first(n);
            uint256 before = gasleft();
            _real.verifyBatch(p, s);
            uint256 used = before - gasleft();
            uint256 arithmetic = 45_000 + 34_000 * (n + 3) + 6_000 * (2 * n + 3) + 150 * (n + 2);
            vm.assertGt(used, arithmetic);
            vm.assertLt(used, arithmetic + 12_000 + 4_000 * n);
        }
    }

    function deploy(BatchVerifier.Key memory k) external {
        new BatchVerifier(k);
    }

    /// With little gas, as a precompile takes all it is given for a point that it refuses.
    function _accepts(BatchVerifier v, Proof[] memory p, uint256[3][] memory s) private view returns (bool) {
        return v.verifyBatch{gas: 450_000}(p, s);
    }

    function _first(uint256 n) private view returns (Proof[] memory p, uint256[3][] memory s) {
        (p, s) = (new Proof[](n), new uint256[3][](n));
        for (uint256 i = 0; i < n; ++i) {
            (p[i], s[i]) = (_proofs[i], _signals[i]);
        }
    }

    function _claims(uint256[3][4] memory claims, uint256 seed)
        private
        view
        returns (Proof[] memory p, uint256[3][] memory s)
    {
        (p, s) = (new Proof[](4), new uint256[3][](4));
        for (uint256 i = 0; i < 4; ++i) {
            for (uint256 k = 0; k < 3; ++k) {
                s[i][k] = claims[i][k] % FR;
            }
            p[i] = TrapdoorKey.prove(s[i], uint256(keccak256(abi.encode(seed, i))));
        }
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

    function _spoil(BatchVerifier.Key memory k, uint256 word) private pure {
        if (word < 2) k.alpha[word] ^= 1;
        else if (word < 6) k.beta[(word - 2) / 2][word % 2] ^= 1;
        else if (word < 10) k.gamma[(word - 6) / 2][word % 2] ^= 1;
        else if (word < 14) k.delta[(word - 10) / 2][word % 2] ^= 1;
        else k.ic[(word - 14) / 2][word % 2] ^= 1;
    }

    function _add(uint256[2] memory p, uint256[2] memory q) private view returns (uint256[2] memory r) {
        uint256[4] memory input = [p[0], p[1], q[0], q[1]];
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), 6, input, 128, r, 64)) { revert(0, 0) }
        }
    }

    function _outsideSubgroup() private pure returns (uint256[2][2] memory) {
        return [
            [uint256(0), 1],
            [
                15975588672102553735566230729081043132501226101599136527557730645158523614371,
                uint256(3610091866386166428467545612961983990332663701371483510632385378352395651980)
            ]
        ];
    }
}
