// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {Proof} from "./Types.sol";

/// Groth16 over BN254 for one verification key of three public signals: many proofs for N + 3 pairings.
interface IBatchVerifier {
    /// Whether every proof is valid for its signals. False for anything that is not: unequal or no numbers of each, a
    /// signal that is not below the scalar field's order, a coordinate that is not below the base field's, a point
    /// off its curve or outside its group. A precompile takes all gas it was given for a point that it
    /// refuses, so bad points may also end in a revert.
    function verifyBatch(Proof[] calldata proofs, uint256[3][] calldata signals) external view returns (bool);

    /// The same for one proof, in the form of the verifiers that snarkjs generates, so that a registry can hold it.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[3] calldata signals
    ) external view returns (bool);
}
