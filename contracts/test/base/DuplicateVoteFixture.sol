// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CoalitionFixture} from "./CoalitionFixture.sol";
import {CometBftLedgerStub} from "./CometBftLedgerStub.sol";
import {NaiveCometBft} from "./NaiveCometBft.sol";
import {TrapdoorVerifier} from "./TrapdoorVerifier.sol";
import {IConsensusBindings} from "../../src/interfaces/IConsensusBindings.sol";
import {ICoalition} from "../../src/interfaces/ICoalition.sol";
import {ICometBftJudge} from "../../src/interfaces/ICometBftJudge.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";
import {ValidatorSets} from "../../src/lib/ValidatorSets.sol";
import {StatementKinds} from "../../src/lib/StatementKinds.sol";

/// A hub whose operators validate a CometBFT chain. Proofs are by a key whose secrets are known; what is proved is
/// written out by the naive forms, so that a claim passes if and only if the contracts write the same bytes.
abstract contract DuplicateVoteFixture is CoalitionFixture {
    bytes31 internal constant CHAIN = bytes31(uint248(0xc0));
    string internal constant CHAIN_ID = "test-chain-7";
    uint64 internal constant HEIGHT = 8_619_996;
    int64 internal constant TIME = 1_638_928_299;
    uint64 internal constant MAX_AGE_BLOCKS = 1_000;
    uint64 internal constant MAX_AGE_SECONDS = 2 days;

    /// What one key signed, and where it was a validator.
    struct Offence {
        string chainId;
        bytes32 key;
        NaiveCometBft.Vote first;
        NaiveCometBft.Vote second;
        ICometBftLedger.Header header;
        bytes validators;
        uint256 index;
    }

    TrapdoorVerifier internal trapdoor;
    CometBftLedgerStub internal cometBft;

    function setUp() public virtual override {
        super.setUp();
        trapdoor = new TrapdoorVerifier();
        cometBft = new CometBftLedgerStub(CHAIN_ID);
        vm.startPrank(address(timelock));
        for (uint8 slots = 1; slots <= 15; ++slots) {
            registry.addVerifier(_ed25519Key(slots), StatementKinds.ED25519, slots, 3, address(trapdoor));
        }
        judge.setChain(CHAIN, _chain(cometBft));
        vm.stopPrank();
    }

    function _chain(CometBftLedgerStub ledger) internal pure returns (ICometBftJudge.Chain memory) {
        return ICometBftJudge.Chain(ICometBftLedger(address(ledger)), MAX_AGE_BLOCKS, MAX_AGE_SECONDS);
    }

    function _ed25519Key(uint8 slots) internal pure returns (bytes32) {
        return keccak256(abi.encode("ed25519", slots));
    }

    function _consensusKey(uint256 i) internal pure returns (bytes32) {
        return keccak256(abi.encode("consensus key", i));
    }

    function _vote(uint256 fork) internal pure returns (NaiveCometBft.Vote memory) {
        return NaiveCometBft.Vote(2, HEIGHT, 1, _blockId(fork), TIME + 1, 5, CHAIN_ID);
    }

    /// Nil for 0.
    function _blockId(uint256 fork) internal pure returns (ICometBftLedger.BlockId memory id) {
        if (fork == 0) return id;
        return ICometBftLedger.BlockId(
            keccak256(abi.encode("block", fork)), uint32(fork), keccak256(abi.encode("parts", fork))
        );
    }

    /// Key i signed two precommits, in a set of seven that a held header names.
    function _offence(uint256 i) internal returns (Offence memory o) {
        o.chainId = CHAIN_ID;
        o.key = _consensusKey(i);
        (o.first, o.second) = (_vote(1), _vote(2));
        o.index = i % 7;
        o.validators = _set(o.key, o.index, 7);
        o.header = _header(HEIGHT, o.validators);
        _hold(cometBft, o);
    }

    function _set(bytes32 key, uint256 index, uint256 size) internal pure returns (bytes memory set) {
        for (uint256 k = 0; k < size; ++k) {
            bytes32 other = keccak256(abi.encode("other", k));
            set = abi.encodePacked(set, k == index ? key : other, uint64(1_000_000 - k));
        }
    }

    function _header(uint64 height, bytes memory set) internal pure returns (ICometBftLedger.Header memory h) {
        h.blockVersion = 11;
        h.appVersion = 3;
        h.height = height;
        (h.secs, h.nanos) = (TIME, 17);
        h.lastBlockId = _blockId(99);
        h.validatorsHash = _setHash(set);
        h.nextValidatorsHash = keccak256("next");
        h.consensusHash = keccak256("parameters");
        h.appHash = keccak256("state");
        h.proposer = bytes20(keccak256("proposer"));
    }

    function _setHash(bytes memory set) internal pure returns (bytes32) {
        bytes[] memory leaves = new bytes[](set.length / 40);
        for (uint256 k = 0; k < leaves.length; ++k) {
            bytes32 key;
            uint256 power;
            assembly ("memory-safe") {
                key := mload(add(set, add(32, mul(k, 40))))
                power := shr(192, mload(add(set, add(64, mul(k, 40)))))
            }
            leaves[k] = NaiveCometBft.validator(key, uint64(power));
        }
        return NaiveCometBft.root(leaves);
    }

    function _hold(CometBftLedgerStub ledger, Offence memory o) internal {
        ICometBftLedger.Header memory h = o.header;
        _holdState(ledger, h.height, h.secs, h, NaiveCometBft.header(o.chainId, h));
    }

    /// A later state, of which only height and time matter.
    function _holdHead(uint64 height, int64 secs) internal {
        ICometBftLedger.Header memory h;
        _holdState(cometBft, height, secs, h, "head");
    }

    function _holdState(
        CometBftLedgerStub ledger,
        uint64 height,
        int64 secs,
        ICometBftLedger.Header memory h,
        bytes32 blockHash
    ) private {
        uint64 timeNs = uint64(secs) * 1e9 + h.nanos;
        ledger.hold(ICometBftLedger.ConsensusState(height, timeNs, h.appHash, h.nextValidatorsHash, blockHash));
    }

    /// Evidence as a reporter makes it, with a proof of what was signed in truth.
    function _evidence(Offence memory o) internal view returns (ICometBftJudge.DuplicateVote memory) {
        return _evidence(o, 2);
    }

    function _evidence(Offence memory o, uint8 slots)
        internal
        view
        returns (ICometBftJudge.DuplicateVote memory e)
    {
        bytes[] memory said = new bytes[](2);
        said[0] = NaiveCometBft.signBytes(o.first);
        said[1] = NaiveCometBft.signBytes(o.second);
        e.header = o.header;
        (e.voteType, e.round) = (o.first.voteType, o.first.round);
        e.first = ICometBftJudge.Vote(o.first.id, o.first.secs, o.first.nanos);
        e.second = ICometBftJudge.Vote(o.second.id, o.second.secs, o.second.nanos);
        (e.validators, e.index) = (o.validators, o.index);
        e.signatures = _prove(o.key, said, slots);
    }

    /// A proof that the key signed these messages, the first once more in every further slot.
    function _prove(bytes32 key, bytes[] memory said, uint8 slots)
        internal
        view
        returns (ICometBftJudge.Signatures memory)
    {
        bytes memory data;
        for (uint256 k = 0; k < slots; ++k) {
            data = bytes.concat(data, NaiveCometBft.slot(key, said[k < said.length ? k : 0]));
        }
        // Stands for the circuit's Poseidon hash: any number that the data fixes.
        uint256 digest = uint256(keccak256(data)) % ValidatorSets.FR;
        uint256 challenge = uint256(keccak256(abi.encodePacked(digest, data))) % ValidatorSets.FR;
        uint256[] memory signals = _signals(digest, challenge, NaiveCometBft.evaluate(data, challenge));
        return ICometBftJudge.Signatures(_ed25519Key(slots), digest, trapdoor.prove(signals));
    }

    /// The key signed that this operator may bind it at this coalition.
    function _consent(IConsensusBindings where, bytes31 chainKey, bytes32 key, address operator)
        internal
        view
        returns (bytes memory)
    {
        bytes[] memory said = new bytes[](1);
        said[0] = judge.consentMessage(where.consensusKeyDigest(chainKey, key, operator));
        return _ownSignature(_prove(key, said, 2));
    }

    function _ownSignature(ICometBftJudge.Signatures memory signatures) internal pure returns (bytes memory) {
        return abi.encode(ICometBftJudge.Consent.OwnSignature, signatures);
    }

    /// Operator i binds consensus key k.
    function _bind(IConsensusBindings where, uint256 i, uint256 k) internal {
        bytes32 key = _consensusKey(k);
        bytes memory evidence = _consent(where, CHAIN, key, _operator(i));
        vm.prank(_operator(i));
        where.bindConsensusKey(CHAIN, key, evidence);
    }

    function _report(IConsensusBindings where, Offence memory o) internal returns (ICoalition.SlashOutcome) {
        return where.slashDuplicateVote(CHAIN, o.key, abi.encode(_evidence(o)));
    }

    function _judge(Offence memory o) internal view {
        judge.requireDuplicateVote(CHAIN, o.key, abi.encode(_evidence(o)));
    }

    function _refuse(Offence memory o, bytes memory reason) internal {
        _refuse(o, _evidence(o), reason);
    }

    function _refuse(Offence memory o, ICometBftJudge.DuplicateVote memory e, bytes memory reason) internal {
        vm.expectRevert(reason);
        judge.requireDuplicateVote(CHAIN, o.key, abi.encode(e));
    }
}
