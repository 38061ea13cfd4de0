// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Proof} from "../../src/interfaces/Types.sol";

/// A Groth16 verifier over a verification key whose secrets are all 1, so that a test can prove any claim.
/// It does what a generated one does, one multiplication a signal and a product of four pairings, and so costs as much.
contract TrapdoorVerifier {
    uint256 private constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant FQ = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    /// Generator of G2, imaginary parts first.
    uint256 private constant X1 = 11559732032986387107991004021392285783925812861821192530917403151452391805634;
    uint256 private constant X0 = 10857046999023057135944570762232829481370756359578518086990519993285655852781;
    uint256 private constant Y1 = 4082367875863433681332203403145435568316851327593401208105741076214120093531;
    uint256 private constant Y0 = 8495653923123431417604973247489272438418190587263600148770280649306958101930;

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[3] calldata s
    ) external view returns (bool) {
        uint256[] memory signals = new uint256[](3);
        for (uint256 i = 0; i < 3; ++i) {
            signals[i] = s[i];
        }
        return _verify(a, b, c, signals);
    }

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[4] calldata s
    ) external view returns (bool) {
        uint256[] memory signals = new uint256[](4);
        for (uint256 i = 0; i < 4; ++i) {
            signals[i] = s[i];
        }
        return _verify(a, b, c, signals);
    }

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[6] calldata s
    ) external view returns (bool) {
        uint256[] memory signals = new uint256[](6);
        for (uint256 i = 0; i < 6; ++i) {
            signals[i] = s[i];
        }
        return _verify(a, b, c, signals);
    }

    /// The proof that only someone who knows the secrets can make.
    function prove(uint256[] memory signals) external view returns (Proof memory proof) {
        uint256 k = 1;
        for (uint256 i = 0; i < signals.length; ++i) {
            k = addmod(k, signals[i], FR);
        }
        proof.a = [uint256(1), 2];
        proof.b = [[X1, X0], [Y1, Y0]];
        proof.c = _mul([uint256(1), 2], FR - k);
    }

    function _verify(
        uint256[2] memory a,
        uint256[2][2] memory b,
        uint256[2] memory c,
        uint256[] memory signals
    ) private view returns (bool) {
        uint256[2] memory g = [uint256(1), 2];
        uint256[2] memory sum = g;
        for (uint256 i = 0; i < signals.length; ++i) {
            sum = _add(sum, _mul(g, signals[i]));
        }
        uint256[24] memory input = [
            a[0], (FQ - a[1]) % FQ, b[0][0], b[0][1], b[1][0], b[1][1],
            1, 2, X1, X0, Y1, Y0,
            sum[0], sum[1], X1, X0, Y1, Y0,
            c[0], c[1], X1, X0, Y1, Y0
        ];
        uint256[1] memory result;
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 8, input, 768, result, 32)
        }
        return ok && result[0] == 1;
    }

    function _mul(uint256[2] memory p, uint256 k) private view returns (uint256[2] memory r) {
        uint256[3] memory input = [p[0], p[1], k];
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), 7, input, 96, r, 64)) { revert(0, 0) }
        }
    }

    function _add(uint256[2] memory p, uint256[2] memory q) private view returns (uint256[2] memory r) {
        uint256[4] memory input = [p[0], p[1], q[0], q[1]];
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), 6, input, 128, r, 64)) { revert(0, 0) }
        }
    }
}
