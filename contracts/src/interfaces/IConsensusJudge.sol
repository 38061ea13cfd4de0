// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// Judges what keys of other chains' consensus signed there. It holds no collateral and punishes nobody: a Coalition
/// asks it, and acts. The form of evidence is the judge's own matter, so that a Coalition knows nothing of the chains'
/// protocols.
interface IConsensusJudge {
    /// Returns if whoever controls the key agreed to this digest, and reverts otherwise. Refuses keys by which
    /// anybody could sign.
    /// @param chainKey  of the chain whose consensus the key takes part in
    /// @param digest    names coalition, operator, chain and key, as IConsensusBindings.consensusKeyDigest makes it
    function requireConsent(bytes31 chainKey, bytes32 consensusKey, bytes32 digest, bytes calldata evidence)
        external
        view;

    /// Returns if the key signed two votes that the chain's own rules forbid together, and reverts otherwise.
    function requireDuplicateVote(bytes31 chainKey, bytes32 consensusKey, bytes calldata evidence) external view;
}
