// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PhalanxTest} from "./PhalanxTest.sol";
import {TrapdoorKey} from "./TrapdoorKey.sol";
import {BatchVerifier} from "../../src/cometbft/BatchVerifier.sol";
import {Proof} from "../../src/interfaces/Types.sol";

/// Real proofs of a small circuit under a development key, and, for errors that a prover could not make, proofs under a
/// key whose secrets are known. Recorded by test/contracts/record-batch-proofs.ts.
abstract contract BatchProofs is PhalanxTest {
    uint256 internal constant FR = TrapdoorKey.FR;
    uint256 internal constant FQ = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    uint256 internal constant RECORDED = 6;

    BatchVerifier internal real;
    BatchVerifier internal trapdoor;
    Proof[] internal recorded;
    uint256[3][] internal recordedSignals;

    function setUp() public {
        string memory json = vm.readFile("test/fixtures/batch-proofs.json");
        real = new BatchVerifier(abi.decode(vm.parseJsonBytes(json, ".key"), (BatchVerifier.Key)));
        for (uint256 i = 0; i < RECORDED; ++i) {
            string memory place = string.concat("[", vm.toString(i), "]");
            recorded.push(abi.decode(vm.parseJsonBytes(json, string.concat(".proofs", place)), (Proof)));
            recordedSignals.push(abi.decode(vm.parseJsonBytes(json, string.concat(".signals", place)), (uint256[3])));
        }
        trapdoor = new BatchVerifier(TrapdoorKey.key());
    }

    /// With little gas, as a precompile takes all it is given for a point that it refuses.
    function accepts(BatchVerifier v, Proof[] memory p, uint256[3][] memory s) internal view returns (bool) {
        return v.verifyBatch{gas: 450_000}(p, s);
    }

    function first(uint256 n) internal view returns (Proof[] memory p, uint256[3][] memory s) {
        (p, s) = (new Proof[](n), new uint256[3][](n));
        for (uint256 i = 0; i < n; ++i) {
            (p[i], s[i]) = (recorded[i], recordedSignals[i]);
        }
    }

    function claimsOf(uint256[3][4] memory claims, uint256 seed)
        internal
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

    function outsideSubgroup() internal pure returns (uint256[2][2] memory) {
        return [
            [uint256(0), 1],
            [
                15975588672102553735566230729081043132501226101599136527557730645158523614371,
                uint256(3610091866386166428467545612961983990332663701371483510632385378352395651980)
            ]
        ];
    }
}
