// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {DuplicateVoteFixture} from "./base/DuplicateVoteFixture.sol";
import {NaiveCometBft} from "./base/NaiveCometBft.sol";
import {HubCoalition} from "../src/HubCoalition.sol";
import {SmallOrderKeys} from "../src/cometbft/SmallOrderKeys.sol";
import {IConsensusBindings} from "../src/interfaces/IConsensusBindings.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {ICometBftJudge} from "../src/interfaces/ICometBftJudge.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";
import {StatementKinds} from "../src/lib/StatementKinds.sol";

/// Who a consensus key belongs to, and what shows it.
contract ConsensusBindingsTest is DuplicateVoteFixture {
    event ConsensusKeyBound(bytes32 indexed keyId, bytes31 indexed chainKey, bytes32 consensusKey);

    bytes31 private constant OTHER_CHAIN = bytes31(uint248(0xc1));

    function setUp() public override {
        super.setUp();
        vm.prank(address(timelock));
        judge.setChain(OTHER_CHAIN, _chain(cometBft));
        for (uint256 i = 0; i < 3; ++i) {
            _register(hub, i, 100 * ETHER);
        }
    }

    function test_aKeyThatConsentsIsBound() external {
        bytes memory evidence = _consent(hub, CHAIN, _consensusKey(0), _operator(0));
        vm.expectEmit(true, true, true, true, address(hub));
        emit ConsensusKeyBound(_keyId(0), CHAIN, _consensusKey(0));
        vm.prank(_operator(0));
        hub.bindConsensusKey(CHAIN, _consensusKey(0), evidence);
        vm.assertEq(hub.boundTo(CHAIN, _consensusKey(0)), _keyId(0));
        vm.assertEq(hub.boundTo(OTHER_CHAIN, _consensusKey(0)), 0);
    }

    function test_anOperatorBindsAnyNumberOfKeys() external {
        for (uint256 k = 0; k < 3; ++k) {
            for (uint256 c = 0; c < 2; ++c) {
                bytes31 chainKey = c == 0 ? CHAIN : OTHER_CHAIN;
                bytes memory evidence = _consent(hub, chainKey, _consensusKey(k), _operator(1));
                vm.prank(_operator(1));
                hub.bindConsensusKey(chainKey, _consensusKey(k), evidence);
                vm.assertEq(hub.boundTo(chainKey, _consensusKey(k)), _keyId(1));
            }
        }
    }

    function test_aKeyHasOneOperatorForEver() external {
        _bind(hub, 0, 0);
        bytes memory own = _consent(hub, CHAIN, _consensusKey(0), _operator(0));
        bytes memory others = _consent(hub, CHAIN, _consensusKey(0), _operator(1));
        bytes memory taken = abi.encodeWithSelector(
            IConsensusBindings.ConsensusKeyTaken.selector, CHAIN, _consensusKey(0), _keyId(0)
        );
        _expectRefusal(0, CHAIN, _consensusKey(0), own, taken);
        _expectRefusal(1, CHAIN, _consensusKey(0), others, taken);
        vm.prank(_operator(0));
        hub.unbond(100 * ETHER);
        vm.warp(block.timestamp + 100 * UNBONDING);
        _expectRefusal(1, CHAIN, _consensusKey(0), others, taken);
    }

    function test_onlyAnOperatorWhoseKeyIsActiveBinds() external {
        bytes memory stranger = _consent(hub, CHAIN, _consensusKey(9), _operator(9));
        bytes memory no = abi.encodeWithSelector(ICoalition.NoKey.selector, _operator(9));
        _expectRefusal(9, CHAIN, _consensusKey(9), stranger, no);
        bytes memory evidence = _consent(hub, CHAIN, _consensusKey(0), _operator(0));
        vm.prank(_operator(0));
        hub.unbond(100 * ETHER);
        no = abi.encodeWithSelector(ICoalition.NotActive.selector, _keyId(0), ICoalition.Status.Exited);
        _expectRefusal(0, CHAIN, _consensusKey(0), evidence, no);
        _bind(hub, 1, 1);
        evidence = _consent(hub, CHAIN, _consensusKey(5), _operator(1));
        _report(hub, _offence(1));
        no = abi.encodeWithSelector(ICoalition.NotActive.selector, _keyId(1), ICoalition.Status.Tombstoned);
        _expectRefusal(1, CHAIN, _consensusKey(5), evidence, no);
    }

    function test_consentIsOfOneOperatorCoalitionHubChainAndKey() external {
        bytes32 key = _consensusKey(0);
        bytes memory no = abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector);
        _expectRefusal(0, CHAIN, key, _consent(hub, CHAIN, key, _operator(1)), no);
        _expectRefusal(0, CHAIN, key, _consent(hub, OTHER_CHAIN, key, _operator(0)), no);
        _expectRefusal(0, CHAIN, key, _consent(hub, CHAIN, _consensusKey(1), _operator(0)), no);
        HubCoalition other = _deployHub(16);
        _expectRefusal(0, CHAIN, key, _consent(other, CHAIN, key, _operator(0)), no);
        other = new HubCoalition(
            address(timelock), registry, judge, bytes31(uint248(0xff)), _periods(), _policy(), EPOCH, 16
        );
        _expectRefusal(0, CHAIN, key, _consent(other, CHAIN, key, _operator(0)), no);
    }

    function testFuzz_everyPartIsInTheDigest(bytes31 chainKey, bytes32 key, address operator) external view {
        bytes32 digest = sha256(
            abi.encodePacked(
                bytes31(sha256(abi.encodePacked("phalanx", uint8(1), uint8(3), HUB, address(hub)))),
                chainKey,
                key,
                operator,
                HUB,
                address(hub)
            )
        );
        vm.assertEq(hub.consensusKeyDigest(chainKey, key, operator), digest);
    }

    /// The same vector as protocol/consensus-key.test.ts.
    function test_theMessageIsAsDocumented() external view {
        vm.assertEq(
            judge.consentMessage(hex"00ff000000000000000000000000000000000000000000000000000000000a1b"),
            "phalanx consensus key 0x00ff000000000000000000000000000000000000000000000000000000000a1b"
        );
    }

    /// Byte 0 of sign bytes counts what follows, byte 1 is the tag of a field up to 7.
    function testFuzz_noVoteIsAConsentMessage(
        bytes32 digest,
        uint8 voteType,
        uint64 height,
        uint32 round,
        uint256 fork,
        int64 secs,
        uint32 nanos
    ) external view {
        bytes memory consent = judge.consentMessage(digest);
        vm.assertEq(consent.length, 88);
        NaiveCometBft.Vote memory v =
            NaiveCometBft.Vote(voteType, height, round, _blockId(fork % 5), secs, nanos, CHAIN_ID);
        bytes memory vote = NaiveCometBft.signBytes(v);
        vm.assertNotEq(uint8(consent[0]), consent.length - 1);
        vm.assertNotEq(uint8(consent[1]) >> 3, uint8(vote[1]) >> 3);
        vm.assertLe(uint8(vote[1]) >> 3, 7);
    }

    function test_aVoteIsNoConsent() external {
        bytes[] memory said = new bytes[](1);
        said[0] = NaiveCometBft.signBytes(_vote(1));
        bytes memory evidence = _ownSignature(_prove(_consensusKey(0), said, 2));
        bytes memory no = abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector);
        _expectRefusal(0, CHAIN, _consensusKey(0), evidence, no);
    }

    function testFuzz_anyNumberOfSlotsServes(uint8 slots) external {
        slots = uint8(bound(slots, 1, 15));
        bytes[] memory said = new bytes[](1);
        said[0] = judge.consentMessage(hub.consensusKeyDigest(CHAIN, _consensusKey(0), _operator(0)));
        bytes memory evidence = _ownSignature(_prove(_consensusKey(0), said, slots));
        vm.prank(_operator(0));
        hub.bindConsensusKey(CHAIN, _consensusKey(0), evidence);
    }

    function test_everySlotMustSayIt() external {
        bytes[] memory said = new bytes[](2);
        said[0] = judge.consentMessage(hub.consensusKeyDigest(CHAIN, _consensusKey(0), _operator(0)));
        said[1] = NaiveCometBft.signBytes(_vote(1));
        bytes memory evidence = _ownSignature(_prove(_consensusKey(0), said, 2));
        bytes memory no = abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector);
        _expectRefusal(0, CHAIN, _consensusKey(0), evidence, no);
    }

    function test_refusesAChainThatTheJudgeDoesNotKnow() external {
        bytes31 nowhere = bytes31(uint248(0xdd));
        bytes memory evidence = _consent(hub, nowhere, _consensusKey(0), _operator(0));
        bytes memory no = abi.encodeWithSelector(ICometBftJudge.ChainUnknown.selector, nowhere);
        _expectRefusal(0, nowhere, _consensusKey(0), evidence, no);
    }

    function test_refusesAnUnknownVerifierAndOneOfAnotherKind() external {
        bytes32 key = _consensusKey(0);
        (, ICometBftJudge.Signatures memory c) =
            abi.decode(_consent(hub, CHAIN, key, _operator(0)), (ICometBftJudge.Consent, ICometBftJudge.Signatures));
        c.keyHash = "unknown";
        bytes memory no = abi.encodeWithSelector(IVerifierRegistry.VerifierUnknown.selector, c.keyHash);
        _expectRefusal(0, CHAIN, key, _ownSignature(c), no);
        c.keyHash = "another kind";
        vm.prank(address(timelock));
        registry.addVerifier(c.keyHash, StatementKinds.REGISTRATION, 2, 3, address(trapdoor));
        no = abi.encodeWithSelector(
            IVerifierRegistry.WrongStatementKind.selector, StatementKinds.ED25519, StatementKinds.REGISTRATION
        );
        _expectRefusal(0, CHAIN, key, _ownSignature(c), no);
    }

    /// A verifier of statements without slots proves nothing about any.
    function test_refusesAVerifierWithoutSlots() external {
        bytes memory consent = _consent(hub, CHAIN, _consensusKey(0), _operator(0));
        (, ICometBftJudge.Signatures memory c) =
            abi.decode(consent, (ICometBftJudge.Consent, ICometBftJudge.Signatures));
        c.keyHash = REGISTRATION_KEY;
        bytes memory no = abi.encodeWithSelector(ICometBftJudge.TooFewSlots.selector, REGISTRATION_KEY, 0, 1);
        _expectRefusal(0, CHAIN, _consensusKey(0), _ownSignature(c), no);
    }

    /// The fixture's encodings are derived by test/contracts/small-order-keys.test.ts.
    function test_refusesEveryEncodingOfEverySmallOrderKey() external {
        bytes[] memory keys = _smallOrderKeys();
        vm.assertEq(keys.length, 14);
        for (uint256 i = 0; i < keys.length; ++i) {
            bytes32 key = bytes32(keys[i]);
            bytes memory evidence = _consent(hub, CHAIN, key, _operator(0));
            _expectRefusal(
                0, CHAIN, key, evidence, abi.encodeWithSelector(ICometBftJudge.SmallOrderKey.selector, key)
            );
        }
    }

    /// But for the sign, which is free, and the lowest two bits of y, which turn one of these into another.
    function test_keysOneBitAwayFromThoseAreNone() external view {
        bytes[] memory keys = _smallOrderKeys();
        for (uint256 i = 0; i < keys.length; ++i) {
            vm.assertTrue(SmallOrderKeys.contains(bytes32(keys[i])));
            for (uint256 bit = 0; bit < 248; ++bit) {
                if (bit != 7) vm.assertFalse(SmallOrderKeys.contains(bytes32(keys[i]) ^ bytes32(1 << bit)));
            }
        }
    }

    function _smallOrderKeys() private view returns (bytes[] memory) {
        return vm.parseJsonBytesArray(vm.readFile("test/fixtures/small-order-keys.json"), ".keys");
    }

    function _expectRefusal(uint256 i, bytes31 chainKey, bytes32 key, bytes memory evidence, bytes memory reason)
        private
    {
        vm.prank(_operator(i));
        vm.expectRevert(reason);
        hub.bindConsensusKey(chainKey, key, evidence);
    }
}
