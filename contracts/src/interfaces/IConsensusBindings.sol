// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ICoalition} from "./ICoalition.sol";
import {IConsensusJudge} from "./IConsensusJudge.sol";

/// The part of a Coalition by which its operators answer for votes on other chains, cast with those chains' own keys.
/// A consensus key is bound to one operator, for ever; an operator may bind any number. A duplicate vote by any of them
/// tombstones the operator's key here: one penalty, whatever else is found, now or later.
interface IConsensusBindings {
    event ConsensusKeyBound(bytes32 indexed keyId, bytes31 indexed chainKey, bytes32 consensusKey);
    /// Comes before the Tombstoned that it leads to.
    event DuplicateVoteShown(bytes32 indexed keyId, bytes31 indexed chainKey, bytes32 consensusKey);

    error ConsensusKeyTaken(bytes31 chainKey, bytes32 consensusKey, bytes32 keyId);
    error ConsensusKeyUnbound(bytes31 chainKey, bytes32 consensusKey);

    /// Binds a consensus key to the caller, whose own key is active. Nobody else can use the evidence.
    /// @param chainKey      first 31 bytes of SHA-256 over the chain's CAIP-2 id and genesis hash
    /// @param consensusKey  32 bytes as the chain encodes it: another encoding is another key
    /// @param evidence      in the judge's form, that consensusKeyDigest(chainKey, consensusKey, caller) is agreed to
    function bindConsensusKey(bytes31 chainKey, bytes32 consensusKey, bytes calldata evidence) external;

    /// Tombstones the operator of a consensus key that voted twice. Works while ledgers are frozen. An operator that is
    /// tombstoned already is answered Already before anything is verified; so votes of one offence in another order,
    /// with other times or signatures, and any other offence, find nothing left to do.
    /// @param evidence  in the judge's form
    function slashDuplicateVote(bytes31 chainKey, bytes32 consensusKey, bytes calldata evidence)
        external
        returns (ICoalition.SlashOutcome);

    /// SHA-256 over the consensus key domain, chain key, consensus key, operator, this chain's key and this contract.
    function consensusKeyDigest(bytes31 chainKey, bytes32 consensusKey, address operator)
        external
        view
        returns (bytes32);

    /// The Coalition key of the operator that a consensus key is bound to; zero if there is none.
    function boundTo(bytes31 chainKey, bytes32 consensusKey) external view returns (bytes32 keyId);

    /// First 31 bytes of SHA-256 over version, consensus key kind, hub chain key and hub Coalition.
    function consensusKeyDomain() external view returns (bytes31);

    function JUDGE() external view returns (IConsensusJudge);
}
