// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IBatchVerifier} from "../interfaces/IBatchVerifier.sol";
import {Proof} from "../interfaces/Types.sol";

/// A proof (A, B, C) with signals s is valid if e(A, B) = e(alpha, beta) e(L, gamma) e(C, delta), where
/// L = IC0 + s1 IC1 + s2 IC2 + s3 IC3. For N proofs one equation is checked, each proof's raised to a power z_i:
///
///   prod e(z_i A_i, B_i) = e((sum z_i) alpha, beta) e(sum z_i L_i, gamma) e(sum z_i C_i, delta),
///
/// with z_0 = 1 and z_i = keccak256(keccak256(all proofs and signals) || i) mod r. The sums over L_i need one
/// multiplication for each point of the key, however many proofs there are.
///
/// Soundness. The precompiles take only points of the groups of prime order r, in their one encoding, so the quotient
/// of the two sides of proof i's equation is g^(e_i) for a generator g and one e_i mod r, and the proof is valid if e_i
/// is 0. The batch passes if e_0 + sum of z_i e_i over i > 0 is 0 mod r: always if all are valid. If e_0 alone is not 0
/// it does not pass. If e_j is not 0 for some j > 0, then for any values of the others one z_j mod r would make it
/// pass. Proofs and signals are hashed into it and the key is fixed before, so every e_i is fixed before z_j is drawn;
/// with keccak256 as a random oracle no residue comes with a chance above 6 / 2^256. Who hashes q batches gets a false
/// one past this with a chance below 6 q / 2^256. Errors that cancel between proofs, a C moved from one proof to
/// another and signals given to the wrong proof are cases of this.
contract BatchVerifier is IBatchVerifier {
    /// BN254: order of the groups, and of the field that coordinates lie in (EIP-196).
    uint256 private constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant FQ = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    /// Points as EIP-197 has them, imaginary parts first.
    struct Key {
        uint256[2] alpha;
        uint256[2][2] beta;
        uint256[2][2] gamma;
        uint256[2][2] delta;
        uint256[2][4] ic;
    }

    uint256 private immutable ALPHA_X;
    uint256 private immutable ALPHA_Y;
    uint256 private immutable BETA_X1;
    uint256 private immutable BETA_X0;
    uint256 private immutable NEG_BETA_Y1;
    uint256 private immutable NEG_BETA_Y0;
    uint256 private immutable GAMMA_X1;
    uint256 private immutable GAMMA_X0;
    uint256 private immutable NEG_GAMMA_Y1;
    uint256 private immutable NEG_GAMMA_Y0;
    uint256 private immutable DELTA_X1;
    uint256 private immutable DELTA_X0;
    uint256 private immutable NEG_DELTA_Y1;
    uint256 private immutable NEG_DELTA_Y0;
    uint256 private immutable IC0_X;
    uint256 private immutable IC0_Y;
    uint256 private immutable IC1_X;
    uint256 private immutable IC1_Y;
    uint256 private immutable IC2_X;
    uint256 private immutable IC2_Y;
    uint256 private immutable IC3_X;
    uint256 private immutable IC3_Y;

    /// A point is off its curve, outside its group, not in its one encoding, or, but for an IC, infinity.
    error KeyMalformed();

    constructor(Key memory k) {
        _requireSound(k);
        (ALPHA_X, ALPHA_Y) = (k.alpha[0], k.alpha[1]);
        (BETA_X1, BETA_X0) = (k.beta[0][0], k.beta[0][1]);
        (NEG_BETA_Y1, NEG_BETA_Y0) = (_negative(k.beta[1][0]), _negative(k.beta[1][1]));
        (GAMMA_X1, GAMMA_X0) = (k.gamma[0][0], k.gamma[0][1]);
        (NEG_GAMMA_Y1, NEG_GAMMA_Y0) = (_negative(k.gamma[1][0]), _negative(k.gamma[1][1]));
        (DELTA_X1, DELTA_X0) = (k.delta[0][0], k.delta[0][1]);
        (NEG_DELTA_Y1, NEG_DELTA_Y0) = (_negative(k.delta[1][0]), _negative(k.delta[1][1]));
        (IC0_X, IC0_Y) = (k.ic[0][0], k.ic[0][1]);
        (IC1_X, IC1_Y) = (k.ic[1][0], k.ic[1][1]);
        (IC2_X, IC2_Y) = (k.ic[2][0], k.ic[2][1]);
        (IC3_X, IC3_Y) = (k.ic[3][0], k.ic[3][1]);
    }

    /// @inheritdoc IBatchVerifier
    function verifyBatch(Proof[] calldata proofs, uint256[3][] calldata signals) external view returns (bool) {
        return _verify(proofs, signals);
    }

    /// @inheritdoc IBatchVerifier
    function verifyProof(uint256[2] calldata a, uint256[2][2] calldata, uint256[2] calldata, uint256[3] calldata s)
        external
        view
        returns (bool)
    {
        Proof[] calldata proofs;
        uint256[3][] calldata signals;
        assembly ("memory-safe") {
            // a, b and c lie one behind the other, as a Proof does.
            proofs.offset := a
            proofs.length := 1
            signals.offset := s
            signals.length := 1
        }
        return _verify(proofs, signals);
    }

    function _verify(Proof[] calldata proofs, uint256[3][] calldata signals) private view returns (bool) {
        uint256 n = proofs.length;
        if (n == 0 || signals.length != n) return false;
        uint256[] memory z = _coefficients(proofs, signals);
        uint256[] memory pairs = new uint256[](6 * (n + 3));
        uint256 tail; // where the three pairs of the key begin
        assembly ("memory-safe") {
            tail := add(add(pairs, 32), mul(192, n))
        }
        _putKey(tail);
        return _putProofs(proofs, z, tail) && _putSignals(signals, z, tail) && _productIsOne(pairs);
    }

    function _coefficients(Proof[] calldata proofs, uint256[3][] calldata signals)
        private
        pure
        returns (uint256[] memory z)
    {
        z = new uint256[](proofs.length);
        z[0] = 1;
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := shl(8, mload(z))
            calldatacopy(free, proofs.offset, size)
            calldatacopy(add(free, size), signals.offset, mul(96, mload(z)))
            mstore(0, keccak256(free, add(size, mul(96, mload(z)))))
            for { let i := 1 } lt(i, mload(z)) { i := add(i, 1) } {
                mstore(32, i)
                mstore(add(z, shl(5, add(i, 1))), mod(keccak256(0, 64), FR))
            }
        }
    }

    /// The fixed points of the last three pairs: alpha and -beta, -gamma, -delta.
    function _putKey(uint256 tail) private view {
        _put(tail, ALPHA_X, ALPHA_Y);
        _put(tail + 64, BETA_X1, BETA_X0);
        _put(tail + 128, NEG_BETA_Y1, NEG_BETA_Y0);
        _put(tail + 256, GAMMA_X1, GAMMA_X0);
        _put(tail + 320, NEG_GAMMA_Y1, NEG_GAMMA_Y0);
        _put(tail + 448, DELTA_X1, DELTA_X0);
        _put(tail + 512, NEG_DELTA_Y1, NEG_DELTA_Y0);
    }

    /// z_i A_i and B_i in pair i, and the sum of z_i C_i in the last.
    function _putProofs(Proof[] calldata proofs, uint256[] memory z, uint256 tail) private view returns (bool ok) {
        ok = true;
        assembly ("memory-safe") {
            let free := mload(0x40) // a point, or an addition's two; then a scalar
            let c := add(tail, 384)
            let from := proofs.offset
            let to := sub(tail, mul(192, mload(z)))
            calldatacopy(to, from, 192) // A and B
            calldatacopy(c, add(from, 192), 64)
            for { let i := 1 } lt(i, mload(z)) { i := add(i, 1) } {
                from := add(from, 256)
                to := add(to, 192)
                mstore(add(free, 128), mload(add(z, shl(5, add(i, 1)))))
                calldatacopy(to, from, 192)
                calldatacopy(add(free, 64), from, 64)
                ok := staticcall(gas(), 7, add(free, 64), 96, to, 64)
                if iszero(ok) { break }
                calldatacopy(add(free, 64), add(from, 192), 64)
                ok := staticcall(gas(), 7, add(free, 64), 96, add(free, 64), 64)
                if iszero(ok) { break }
                mcopy(free, c, 64)
                ok := staticcall(gas(), 6, free, 128, c, 64)
                if iszero(ok) { break }
            }
        }
    }

    /// (sum z_i) alpha and the sum of z_i L_i in their pairs.
    function _putSignals(uint256[3][] calldata signals, uint256[] memory z, uint256 tail) private view returns (bool) {
        uint256[4] memory sums; // of z_i, and of z_i times each signal
        bool inRange = true;
        assembly ("memory-safe") {
            let from := signals.offset
            for { let i := 1 } iszero(gt(i, mload(z))) { i := add(i, 1) } {
                let zi := mload(add(z, shl(5, i)))
                mstore(sums, addmod(mload(sums), zi, FR))
                for { let to := add(sums, 32) } lt(to, add(sums, 128)) { to := add(to, 32) } {
                    let s := calldataload(from)
                    inRange := and(inRange, lt(s, FR))
                    mstore(to, addmod(mload(to), mulmod(zi, s, FR), FR))
                    from := add(from, 32)
                }
            }
        }
        if (!inRange) return false;
        return _multiply(tail, ALPHA_X, ALPHA_Y, sums[0]) && _multiply(tail + 192, IC0_X, IC0_Y, sums[0])
            && _addProduct(tail + 192, IC1_X, IC1_Y, sums[1]) && _addProduct(tail + 192, IC2_X, IC2_Y, sums[2])
            && _addProduct(tail + 192, IC3_X, IC3_Y, sums[3]);
    }

    function _put(uint256 to, uint256 first, uint256 second) private pure {
        assembly ("memory-safe") {
            mstore(to, first)
            mstore(add(to, 32), second)
        }
    }

    /// Memory at `to` becomes k (x, y).
    function _multiply(uint256 to, uint256 x, uint256 y, uint256 k) private view returns (bool ok) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, x)
            mstore(add(free, 32), y)
            mstore(add(free, 64), k)
            ok := staticcall(gas(), 7, free, 96, to, 64)
        }
    }

    /// Adds k (x, y) to the point at `to`.
    function _addProduct(uint256 to, uint256 x, uint256 y, uint256 k) private view returns (bool ok) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mcopy(free, to, 64)
            mstore(add(free, 64), x)
            mstore(add(free, 96), y)
            mstore(add(free, 128), k)
            ok := staticcall(gas(), 7, add(free, 64), 96, add(free, 64), 64)
            if ok { ok := staticcall(gas(), 6, free, 128, to, 64) }
        }
    }

    function _productIsOne(uint256[] memory pairs) private view returns (bool ok) {
        assembly ("memory-safe") {
            ok := staticcall(gas(), 8, add(pairs, 32), shl(5, mload(pairs)), 0, 32)
            ok := and(ok, eq(mload(0), 1))
        }
    }

    function _requireSound(Key memory k) private view {
        // What the product is matters not: the precompile refuses points that are none.
        bytes memory pairs = abi.encodePacked(k.alpha, _flat(k.beta), k.alpha, _flat(k.gamma), k.alpha, _flat(k.delta));
        for (uint256 i = 0; i < 4; ++i) {
            pairs = abi.encodePacked(pairs, k.ic[i], _flat(k.beta));
        }
        (bool ok,) = address(8).staticcall(pairs);
        bool finite = k.alpha[0] | k.alpha[1] != 0 && _isFinite(k.beta) && _isFinite(k.gamma) && _isFinite(k.delta);
        if (!ok || !finite) revert KeyMalformed();
    }

    function _isFinite(uint256[2][2] memory p) private pure returns (bool) {
        return p[0][0] | p[0][1] | p[1][0] | p[1][1] != 0;
    }

    function _flat(uint256[2][2] memory p) private pure returns (bytes memory) {
        return abi.encodePacked(p[0], p[1]);
    }

    function _negative(uint256 coordinate) private pure returns (uint256) {
        return (FQ - coordinate) % FQ;
    }
}
