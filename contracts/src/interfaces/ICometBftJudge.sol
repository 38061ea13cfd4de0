// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ICometBftLedger} from "./ICometBftLedger.sol";
import {IConsensusJudge} from "./IConsensusJudge.sol";
import {IVerifierRegistry} from "./IVerifierRegistry.sol";
import {Proof} from "./Types.sol";

/// Judges Ed25519 consensus keys of CometBFT chains. Who signed what is shown by one proof of kind `ed25519` for each
/// question; what was signed the judge writes out itself, with the chain id of the chain's ledger. Whatever ledger
/// the owner names, no key is guilty that did not sign two votes; that rests on the registry's verifiers alone.
interface ICometBftJudge is IConsensusJudge {
    /// A chain and when its evidence expires: when it is older than both, as CometBFT has it. To be set to the chain's
    /// own consensus parameters `evidence.max_age_num_blocks` and `max_age_duration`.
    /// @param ledger         light client of the chain
    /// @param maxAgeBlocks   by which the votes' height may lie below the ledger's head, > 0
    /// @param maxAgeSeconds  by which their block's time may lie before that of the ledger's head, > 0
    struct Chain {
        ICometBftLedger ledger;
        uint64 maxAgeBlocks;
        uint64 maxAgeSeconds;
    }

    /// How consent is shown: evidence is abi.encode(way, content).
    /// OwnSignature: content is Signatures, of the key over consentMessage(digest) in every slot.
    /// StakingRecord: content is StakingConsent. For keys in remote signers, which sign nothing but votes.
    enum Consent {
        OwnSignature,
        StakingRecord
    }

    /// A proof of kind `ed25519`: the keys of its slots signed their messages.
    /// @param keyHash  names the verifier
    /// @param digest   the first public signal; the judge computes the others
    struct Signatures {
        bytes32 keyHash;
        uint256 digest;
        Proof proof;
    }

    /// A text signed by an account of a Cosmos SDK chain, as wallets do it: the ECDSA signature is over SHA-256 of
    /// the document of ADR-036 with the text.
    /// @param x,y     the account's secp256k1 key
    /// @param signer  the account's address in the document, in bech32. It is not decoded: who signed, the key says
    /// @param v,r,s   v 27 or 28, s in the lower half
    struct AccountSignature {
        bytes32 x;
        bytes32 y;
        string signer;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// The chain's staking module has the key as that of a bonded validator, and that validator's operator account
    /// signed consentMessage(digest).
    /// @param state       held by the chain's ledger, which is not frozen, and not older than evidence may be
    /// @param storeProof  of the record under its app hash, as IAppStateReader.readStore has it, and the store's root
    struct StakingConsent {
        ICometBftLedger.ConsensusState state;
        bytes storeProof;
        bytes rootProof;
        AccountSignature signature;
    }

    /// What two votes do not share.
    /// @param blockId     what CometBFT calls complete (hash, at least one part, the parts' hash), or all zero for nil
    /// @param secs,nanos  time, which is free
    struct Vote {
        ICometBftLedger.BlockId blockId;
        int64 secs;
        uint32 nanos;
    }

    /// Evidence of a duplicate vote, abi.encode of this.
    /// @param header      of the votes' height, held by the chain's ledger, which may be frozen
    /// @param voteType    1 prevote, 2 precommit
    /// @param validators  the set of that height, as ICometBftLedger.SignedHeader has it
    /// @param index       of the key in it
    /// @param signatures  of `first` in slot 0, of `second` in slot 1; further slots repeat slot 0
    struct DuplicateVote {
        ICometBftLedger.Header header;
        uint8 voteType;
        uint32 round;
        Vote first;
        Vote second;
        bytes validators;
        uint256 index;
        Signatures signatures;
    }

    event ChainSet(bytes31 indexed chainKey, Chain chain);

    error ChainUnknown(bytes31 chainKey);
    error ChainIdDiffers(string expected, string actual);
    error MaxAgeOutOfRange();
    error EvidenceMalformed();
    error SmallOrderKey(bytes32 consensusKey);
    error TooFewSlots(bytes32 keyHash, uint256 actual, uint256 needed);
    error VoteTypeOutOfRange(uint8 voteType);
    error BlockIdIncomplete(ICometBftLedger.BlockId blockId);
    error SameBlockId();
    error HeaderNotHeld(uint64 height, bytes32 blockHash);
    error NoValidator(bytes20 account);
    error EvidenceExpired(uint256 ageBlocks, uint256 ageNs);
    error ValidatorsHashDiffers(bytes32 expected, bytes32 actual);
    error NotInSet(bytes32 consensusKey, uint256 index);

    /// Adds a chain, or gives one another ledger or other ages. A chain key keeps its chain id for ever. Owner only.
    function setChain(bytes31 chainKey, Chain calldata chain) external;

    /// All zero if unknown.
    function chain(bytes31 chainKey) external view returns (Chain memory);

    /// What a key signs to consent: "phalanx consensus key 0x" and 64 lower-case hex digits, 88 bytes of ASCII.
    ///
    /// No consensus message is one of these, nor the reverse. Whatever CometBFT signs with a consensus key (votes,
    /// proposals, vote extensions) is a protobuf message behind its length, whose first field has number 1: byte 0 says
    /// how many follow, byte 1 is 0x08 or 0x0a, or the tag of a later field up to 7 where the first are left out. Here
    /// byte 0 is "p", 112, though 87 follow, and byte 1 is "h", 0x68, the tag of a field 13.
    function consentMessage(bytes32 digest) external pure returns (bytes memory);

    function VERIFIERS() external view returns (IVerifierRegistry);
}
