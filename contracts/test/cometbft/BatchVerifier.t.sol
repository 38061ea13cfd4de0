// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BatchProofs} from "../base/BatchProofs.sol";
import {TrapdoorKey} from "../base/TrapdoorKey.sol";
import {VerifierRegistry} from "../../src/VerifierRegistry.sol";
import {BatchVerifier} from "../../src/cometbft/BatchVerifier.sol";
import {Proof} from "../../src/interfaces/Types.sol";

/// What the batch verifier takes, what that costs, and which keys it is made with.
contract BatchVerifierTest is BatchProofs {
    function test_acceptsEveryNumberOfRealProofs() external view {
        for (uint256 n = 1; n <= RECORDED; ++n) {
            (Proof[] memory p, uint256[3][] memory s) = first(n);
            vm.assertTrue(real.verifyBatch(p, s));
        }
    }

    function test_oneProofAlone() external view {
        for (uint256 i = 0; i < RECORDED; ++i) {
            Proof memory p = recorded[i];
            vm.assertTrue(real.verifyProof(p.a, p.b, p.c, recordedSignals[i]));
            vm.assertFalse(real.verifyProof(p.a, p.b, p.c, recordedSignals[(i + 1) % RECORDED]));
        }
    }

    function test_servesARegistryLikeAGeneratedVerifier() external {
        VerifierRegistry.Initial[] memory initial = new VerifierRegistry.Initial[](1);
        initial[0] = VerifierRegistry.Initial(bytes32("key"), bytes4("kind"), 7, 3, address(real));
        VerifierRegistry registry = new VerifierRegistry(address(this), initial);
        uint256[] memory s = new uint256[](3);
        (s[0], s[1], s[2]) = (recordedSignals[0][0], recordedSignals[0][1], recordedSignals[0][2]);
        registry.verify(bytes32("key"), bytes4("kind"), 7, recorded[0], s);
    }

    function test_numbersOfProofsAndSignalsMustAgree() external view {
        (Proof[] memory p, uint256[3][] memory s) = first(2);
        (Proof[] memory fewer, uint256[3][] memory less) = first(1);
        vm.assertFalse(accepts(real, p, less));
        vm.assertFalse(accepts(real, fewer, s));
        vm.assertFalse(accepts(real, new Proof[](0), new uint256[3][](0)));
    }

    function test_allInAnotherOrderIsAccepted() external view {
        (Proof[] memory p, uint256[3][] memory s) = first(3);
        (p[0], p[2]) = (p[2], p[0]);
        (s[0], s[2]) = (s[2], s[0]);
        vm.assertTrue(real.verifyBatch(p, s));
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_claimsUnderAKnownKeyAreAccepted(uint256[3][4] memory claims, uint256 seed) external view {
        (Proof[] memory p, uint256[3][] memory s) = claimsOf(claims, seed);
        vm.assertTrue(trapdoor.verifyBatch(p, s));
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
        outside.delta = outsideSubgroup();
        vm.expectRevert(BatchVerifier.KeyMalformed.selector);
        this.deploy{gas: 5_000_000}(outside);
    }

    /// A batch of n costs n + 3 pairings (34,000 each, 45,000 for the call) and 2 (n - 1) + 5 multiplications (6,000).
    function test_gas() external view {
        for (uint256 n = 1; n <= RECORDED; ++n) {
            (Proof[] memory p, uint256[3][] memory s) = first(n);
            uint256 before = gasleft();
            real.verifyBatch(p, s);
            uint256 used = before - gasleft();
            uint256 arithmetic = 45_000 + 34_000 * (n + 3) + 6_000 * (2 * n + 3) + 150 * (n + 2);
            vm.assertGt(used, arithmetic);
            vm.assertLt(used, arithmetic + 12_000 + 4_000 * n);
        }
    }

    function deploy(BatchVerifier.Key memory k) external {
        new BatchVerifier(k);
    }

    function _spoil(BatchVerifier.Key memory k, uint256 word) private pure {
        if (word < 2) k.alpha[word] ^= 1;
        else if (word < 6) k.beta[(word - 2) / 2][word % 2] ^= 1;
        else if (word < 10) k.gamma[(word - 6) / 2][word % 2] ^= 1;
        else if (word < 14) k.delta[(word - 10) / 2][word % 2] ^= 1;
        else k.ic[(word - 14) / 2][word % 2] ^= 1;
    }
}
