// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {HubCoalition} from "../../src/HubCoalition.sol";
import {VerifierRegistry} from "../../src/VerifierRegistry.sol";
import {CometBftJudge} from "../../src/cometbft/CometBftJudge.sol";
import {ICoalition} from "../../src/interfaces/ICoalition.sol";
import {Attestation, Checkpoint, Proof} from "../../src/interfaces/Types.sol";
import {Attestations} from "../../src/lib/Attestations.sol";
import {StatementKinds} from "../../src/lib/StatementKinds.sol";
import {ValidatorSets} from "../../src/lib/ValidatorSets.sol";
import {PhalanxTest} from "./PhalanxTest.sol";
import {ProgrammedVerifier} from "./ProgrammedVerifier.sol";

/// A hub with its registry and timelock. The verifier accepts the claims a test programs, so that tests speak of
/// who signed what; whether proofs can be forged is the business of other tests.
abstract contract CoalitionFixture is PhalanxTest {
    bytes31 internal constant HUB = bytes31(uint248(0xa));
    bytes31 internal constant SOURCE = bytes31(uint248(0xb));
    address internal constant TREASURY = address(0x7ea5);
    uint64 internal constant ETHER = 1e9; // in gwei
    uint48 internal constant TRUSTING = 7 days;
    uint48 internal constant EVIDENCE = 5 days;
    uint48 internal constant UNBONDING = 14 days;
    uint48 internal constant EPOCH = 1 days;

    bytes32 internal constant REGISTRATION_KEY = "registration";
    bytes32 internal constant EQUIVOCATION_KEY = "equivocation";

    TimelockController internal timelock;
    ProgrammedVerifier internal verifier;
    VerifierRegistry internal registry;
    CometBftJudge internal judge;
    HubCoalition internal hub;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        timelock = new TimelockController(2 days, new address[](0), new address[](0), address(0));
        verifier = new ProgrammedVerifier();
        VerifierRegistry.Initial[] memory keys = new VerifierRegistry.Initial[](5);
        keys[0] = VerifierRegistry.Initial(REGISTRATION_KEY, StatementKinds.REGISTRATION, 0, 3, address(verifier));
        keys[1] = VerifierRegistry.Initial(EQUIVOCATION_KEY, StatementKinds.EQUIVOCATION, 0, 6, address(verifier));
        keys[2] = VerifierRegistry.Initial(_quorumKey(16), StatementKinds.QUORUM, 16, 4, address(verifier));
        keys[3] = VerifierRegistry.Initial(_quorumKey(64), StatementKinds.QUORUM, 64, 4, address(verifier));
        keys[4] = VerifierRegistry.Initial(_quorumKey(128), StatementKinds.QUORUM, 128, 4, address(verifier));
        registry = new VerifierRegistry(address(timelock), keys);
        judge = new CometBftJudge(address(timelock), registry, new CometBftJudge.Initial[](0));
        hub = _deployHub(16);
    }

    function _deployHub(uint8 capacity) internal returns (HubCoalition) {
        return new HubCoalition(address(timelock), registry, judge, HUB, _periods(), _policy(), EPOCH, capacity);
    }

    function _periods() internal pure returns (ICoalition.Periods memory) {
        return ICoalition.Periods(TRUSTING, EVIDENCE, UNBONDING);
    }

    function _policy() internal pure returns (ICoalition.Policy memory) {
        return ICoalition.Policy(32 * ETHER, 10_000, TREASURY);
    }

    function _quorumKey(uint8 capacity) internal pure returns (bytes32) {
        return keccak256(abi.encode("quorum", capacity));
    }

    function _operator(uint256 i) internal pure returns (address) {
        return address(uint160(0x1000 + i));
    }

    function _key(uint256 i) internal pure returns (uint256 x, uint256 y) {
        x = uint256(keccak256(abi.encode("x", i))) % ValidatorSets.FR;
        y = uint256(keccak256(abi.encode("y", i))) % ValidatorSets.FR;
    }

    function _keyId(uint256 i) internal pure returns (bytes32) {
        (uint256 x, uint256 y) = _key(i);
        return keccak256(abi.encode(x, y));
    }

    /// The programmed verifier looks at claims alone.
    function _noProof() internal pure returns (Proof memory proof) {}

    function _signals(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory s) {
        s = new uint256[](3);
        (s[0], s[1], s[2]) = (a, b, c);
    }

    /// Key i signs that this operator may register it at this coalition.
    function _signRegistration(ICoalition where, uint256 i, address operator) internal {
        (uint256 x, uint256 y) = _key(i);
        verifier.accept(_signals(x, y, where.registrationDigest(operator)));
    }

    function _register(ICoalition where, uint256 i, uint64 stakeGwei) internal {
        (uint256 x, uint256 y) = _key(i);
        Proof memory proof;
        _signRegistration(where, i, _operator(i));
        _fundedPrank(i, stakeGwei);
        where.register{value: uint256(stakeGwei) * 1 gwei}(x, y, REGISTRATION_KEY, proof);
    }

    /// The next call comes from operator i, who has what it takes.
    function _fundedPrank(uint256 i, uint64 stakeGwei) internal {
        address operator = _operator(i);
        vm.deal(operator, operator.balance + uint256(stakeGwei) * 1 gwei);
        vm.prank(operator);
    }

    /// Seals after the shortest wait.
    function _seal() internal returns (uint256 commitment) {
        uint256 last = hub.latestEpoch().sealedAt;
        if (last != 0 && block.timestamp < last + EPOCH) vm.warp(last + EPOCH);
        hub.sealEpoch();
        return hub.latestEpoch().commitment;
    }

    /// @param fork  tells apart the checkpoints of one height
    function _attestation(uint256 set, uint64 source, uint64 height, uint256 fork)
        internal
        pure
        returns (Attestation memory)
    {
        return Attestation(
            bytes32(set), source, Checkpoint(SOURCE, height, bytes32(fork), bytes32(fork + 1), 1_700_000_000 + height)
        );
    }

    /// Key i signed both, and the circuit shows it as a member of the set.
    function _signBoth(
        ICoalition where,
        uint256 i,
        uint256 set,
        uint256 leafIndex,
        Attestation memory first,
        Attestation memory second
    ) internal {
        uint256[] memory s = new uint256[](6);
        (s[0], s[1]) = (set, leafIndex);
        (s[2], s[3]) = _key(i);
        s[4] = Attestations.message(where.domain(), first);
        s[5] = Attestations.message(where.domain(), second);
        verifier.accept(s);
    }

    function _slash(
        ICoalition where,
        uint256 i,
        uint256 set,
        uint256 leafIndex,
        Attestation memory first,
        Attestation memory second
    ) internal returns (ICoalition.SlashOutcome) {
        (uint256 x, uint256 y) = _key(i);
        Proof memory proof;
        return where.slashEquivocation(first, second, set, leafIndex, x, y, EQUIVOCATION_KEY, proof);
    }

    /// Key i votes twice at one height, and is caught.
    function _doubleVote(ICoalition where, uint256 i, uint256 set, uint256 leafIndex)
        internal
        returns (ICoalition.SlashOutcome)
    {
        Attestation memory first = _attestation(set, 0, 64, 1);
        Attestation memory second = _attestation(set, 0, 64, 2);
        _signBoth(where, i, set, leafIndex, first, second);
        return _slash(where, i, set, leafIndex, first, second);
    }

    /// The signers' quorum on an attestation, proved.
    function _quorum(ICoalition where, Attestation memory a, uint256 signers, uint8 capacity)
        internal
        returns (ICoalition.QuorumEvidence memory evidence)
    {
        uint256[] memory s = new uint256[](4);
        s[0] = uint256(a.setCommitment);
        s[1] = Attestations.message(where.domain(), a);
        s[2] = signers;
        s[3] = 20_000;
        verifier.accept(s);
        evidence.attestation = a;
        evidence.signers = signers;
        evidence.share = 20_000;
        evidence.keyHash = _quorumKey(capacity);
    }

    function _leaves(HubCoalition where) internal view returns (ICoalition.Leaf[] memory leaves) {
        leaves = new ICoalition.Leaf[](where.capacity());
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = where.leaf(i);
        }
    }

    /// Every wei is accounted for.
    function _assertBooks(ICoalition where) internal view {
        (, uint64 collateralGwei, uint128 penaltiesGwei) = where.totals();
        vm.assertEq(address(where).balance, (uint256(collateralGwei) + penaltiesGwei) * 1 gwei);
    }
}
