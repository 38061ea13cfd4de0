// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {Attestation, Proof, SetRecord} from "./Types.sol";

/// Collateral of a coalition's validators on one chain. Votes are counted by the hub's stake alone; collateral on
/// other chains only adds to what a validator loses, and may be unbonded there while its stake on the hub votes on.
/// A key that contradicts itself is tombstoned, for ever and once on each chain, by the same proof everywhere.
///
/// An operator is the account that registered; it has one key, for ever, and a key has one operator, for ever:
/// who left comes back with a new account and a new key. Amounts are in gwei; deposits are whole gwei.
interface ICoalition {
    /// None: never seen here. Active: has stake. Exited: left, though its last stake may still be unbonding.
    /// Tombstoned: caught, whether it was registered here or not.
    enum Status {
        None,
        Active,
        Exited,
        Tombstoned
    }

    /// Slashed: was registered here and pays. Barred: was not, and never can be now. Already: nothing changed.
    enum SlashOutcome {
        Slashed,
        Barred,
        Already
    }

    /// @param stakeGwei       on the hub, the key's votes
    /// @param leafIndex       of the key in the hub's tree while it is active; 0 on other chains
    /// @param unbondingGwei   no longer votes, still slashable
    /// @param withdrawableAt  second from which all of unbondingGwei can be withdrawn
    struct Validator {
        address operator;
        uint64 stakeGwei;
        Status status;
        uint8 leafIndex;
        uint64 unbondingGwei;
        uint48 withdrawableAt;
        uint256 keyX;
        uint256 keyY;
    }

    /// One slot of a validator set; all zero for an empty one.
    struct Leaf {
        uint256 keyX;
        uint256 keyY;
        uint64 stakeGwei;
    }

    /// A quorum proof, whoever made it, under whatever share of at least two thirds.
    /// @param signers  bitmap of the signing slots
    /// @param share    of the stake that the proof shows was exceeded, in units of 1 / 30,000
    /// @param keyHash  names the verifier
    struct QuorumEvidence {
        Attestation attestation;
        uint256 signers;
        uint16 share;
        bytes32 keyHash;
        Proof proof;
    }

    /// Fixed for the contract's life; all in seconds. trustingPeriod + evidenceWindow < unbondingDelay < 2^32.
    /// @param trustingPeriod  after its sealing, for which ledgers believe a set's quorum; the longest of any ledger's
    /// @param evidenceWindow  after that, for which the set's members can still be slashed
    struct Periods {
        uint48 trustingPeriod;
        uint48 evidenceWindow;
        uint48 unbondingDelay;
    }

    /// The owner's to change.
    /// @param minStakeGwei  least stake of a validator that registers or unbonds in part; > 0
    /// @param penaltyBps    part of stake and unbonding that a slashing takes, 1 to 10,000 of 10,000; rounded up
    /// @param treasury      where penalties go; nobody is paid for reporting, so a copied report steals nothing
    struct Policy {
        uint64 minStakeGwei;
        uint16 penaltyBps;
        address treasury;
    }

    event Registered(
        bytes32 indexed keyId, address indexed operator, uint256 keyX, uint256 keyY, uint64 stakeGwei
    );
    event StakeAdded(bytes32 indexed keyId, uint64 addedGwei, uint64 stakeGwei);
    event UnbondingStarted(bytes32 indexed keyId, uint64 amountGwei, uint64 stakeGwei, uint48 withdrawableAt);
    event Withdrawn(bytes32 indexed keyId, address indexed recipient, uint64 amountGwei);
    event Tombstoned(bytes32 indexed keyId, uint256 keyX, uint256 keyY, SlashOutcome outcome, uint64 penaltyGwei);
    event PenaltiesClaimed(address indexed treasury, uint256 amountGwei);
    event PolicyChanged(Policy policy);

    error NotWholeGwei(uint256 valueWei);
    error CollateralTooLarge(uint256 totalGwei, uint256 maxGwei);
    error StakeTooSmall(uint64 stakeGwei, uint64 minStakeGwei);
    error AmountOutOfRange(uint64 amountGwei, uint64 stakeGwei);
    error NothingDeposited();
    error KeyKnown(bytes32 keyId, Status status);
    error OperatorHasKey(bytes32 keyId);
    error NoKey(address operator);
    error NotActive(bytes32 keyId, Status status);
    error NothingToWithdraw(bytes32 keyId);
    error StillUnbonding(uint256 withdrawableAt);
    error NothingToClaim();
    error RecipientZero();
    error SetUnknown(uint256 commitment);
    error EvidenceExpired(uint256 commitment, uint256 until);
    error NoConflict();
    error LeafIndexOutOfRange(uint256 leafIndex, uint8 capacity);
    error SignersOutOfRange(uint256 signers, uint8 capacity);
    error ShareOutOfRange(uint16 share);
    error LeafCountWrong(uint256 expected, uint256 actual);
    error LeavesMismatch(uint256 expected, uint256 actual);
    error LeafNotCanonical(uint256 index);
    error PeriodsTooLong(uint256 trustingPlusEvidence, uint256 unbondingDelay);
    error PolicyOutOfRange();
    error OwnerDelayTooLong(uint256 ownerDelay, uint256 unbondingDelay);

    /// Registers the caller as operator of a key and deposits its first stake.
    /// @param keyX,keyY  BabyJubJub point, each < FR; its order is enforced by the registration circuit
    /// @param proof      of registration: the key signed this operator, chain and contract. Nobody else can use it
    function register(uint256 keyX, uint256 keyY, bytes32 keyHash, Proof calldata proof) external payable;

    /// Adds to the stake of the caller's active key.
    function addStake() external payable;

    /// Takes stake out of the vote at once; it stays slashable until withdrawn. The rest is zero, which is an exit
    /// without return, or at least the minimum stake. One amount unbonds at a time: a further call adds to
    /// it and the delay starts anew for the whole.
    function unbond(uint64 amountGwei) external;

    /// Pays out what has unbonded to an account that the caller names.
    function withdraw(address payable recipient) external returns (uint64 amountGwei);

    /// Tombstones a key that signed two conflicting attestations in this coalition's domain. Works while ledgers are
    /// frozen. A tombstoned key is answered Already before anything is verified.
    /// @param setCommitment  a known set within its evidence window whose member the key is; the attestations
    ///                       may name others, or none that exist: an offence is one whatever set it names
    /// @param leafIndex      of the key in that set
    /// @param proof          of equivocation over M(first) and M(second), in this order
    function slashEquivocation(
        Attestation calldata first,
        Attestation calldata second,
        uint256 setCommitment,
        uint256 leafIndex,
        uint256 keyX,
        uint256 keyY,
        bytes32 keyHash,
        Proof calldata proof
    ) external returns (SlashOutcome);

    /// Tombstones every key that signed both of two conflicting quorums, of one set or of two.
    /// Needs nothing that the chains don't give: the leaves are in the hub's events.
    /// @param firstLeaves   the whole set named by `first`, as many as its capacity
    /// @param secondLeaves  the same for `second`; empty if both name one set
    /// @return tombstoned   how many keys this call tombstoned; keys tombstoned before don't count
    function slashQuorums(
        QuorumEvidence calldata first,
        QuorumEvidence calldata second,
        Leaf[] calldata firstLeaves,
        Leaf[] calldata secondLeaves
    ) external returns (uint256 tombstoned);

    /// Checks a set's leaves ahead of slashQuorums, which then need not hash them again. Only ever needed
    /// where two full sets of 128 would not fit one transaction together. Anyone may call.
    /// @param leaves  the whole set, as many as its capacity
    function revealSet(uint256 commitment, Leaf[] calldata leaves) external;

    /// Sends the penalties taken so far to the treasury. Anyone may call.
    function claimPenalties() external returns (uint256 amountGwei);

    /// Owner only.
    function setPolicy(Policy calldata policy) external;

    /// What the key of an operator signs to register here: first 31 bytes of SHA-256 over the registration domain,
    /// operator, this chain's key and this contract, as an integer.
    function registrationDigest(address operator) external view returns (uint256);

    /// @param keyId  keccak256(abi.encode(keyX, keyY))
    function validator(bytes32 keyId) external view returns (Validator memory);

    /// Zero if the operator never registered.
    function keyOf(address operator) external view returns (bytes32 keyId);

    /// A set whose members can be slashed here, also when it has expired. All zero if unknown.
    function setRecord(uint256 commitment) external view returns (SetRecord memory);

    /// Sums over all keys: votes; stake and unbonding; penalties not claimed yet.
    /// The contract's balance is at least (collateralGwei + penaltiesGwei) gwei.
    function totals() external view returns (uint64 stakeGwei, uint64 collateralGwei, uint128 penaltiesGwei);

    function periods() external view returns (Periods memory);

    function policy() external view returns (Policy memory);

    /// First 31 bytes of SHA-256 over version, attestation kind, hub chain key and hub Coalition.
    function domain() external view returns (bytes31);

    /// The same with the registration kind.
    function registrationDomain() external view returns (bytes31);

    function localChainKey() external view returns (bytes31);
}
