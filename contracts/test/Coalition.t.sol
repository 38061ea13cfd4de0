// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Coalition} from "../src/Coalition.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";
import {Attestation, SetRecord} from "../src/interfaces/Types.sol";
import {CoalitionFixture} from "./base/CoalitionFixture.sol";
import {LedgerStub} from "./base/LedgerStub.sol";

/// Collateral on a chain that is not the hub. Hub and this chain share the test's clock and verifiers.
contract CoalitionTest is CoalitionFixture {
    bytes31 private constant HERE = bytes31(uint248(0xc));
    LedgerStub private _ledger;
    Coalition private _away;
    uint256 private _set;

    function setUp() public override {
        super.setUp();
        _ledger = new LedgerStub(HUB, address(hub), HERE);
        _away = _deploy(_ledger);
        for (uint256 i = 0; i < 4; ++i) {
            _register(hub, i, 100 * ETHER);
        }
        _register(_away, 0, 60 * ETHER);
        _register(_away, 1, 70 * ETHER);
        _set = _seal();
        _ledger.know(hub.setRecord(_set));
    }

    function test_domainsAreTheHubsAndTheRegistrationIsLocal() external view {
        vm.assertEq(bytes32(_away.domain()), bytes32(hub.domain()));
        vm.assertEq(bytes32(_away.registrationDomain()), bytes32(hub.registrationDomain()));
        vm.assertEq(bytes32(_away.localChainKey()), bytes32(HERE));
        vm.assertNotEq(_away.registrationDigest(_operator(0)), hub.registrationDigest(_operator(0)));
    }

    /// Computed elsewhere, with node:crypto, from the field list in the specification.
    function test_theRegistrationDigestMatchesAVectorComputedElsewhere() external {
        LedgerStub ledger = new LedgerStub(
            bytes31(hex"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
            0x1111111111111111111111111111111111111111,
            bytes31(hex"33333333333333333333333333333333333333333333333333333333333333")
        );
        address here = 0x4444444444444444444444444444444444444444;
        vm.etch(here, address(_deploy(ledger)).code);
        vm.assertEq(
            Coalition(here).registrationDigest(0x2222222222222222222222222222222222222222),
            0xd4fe17ec4c413ba283e71e06d902c74f927f7426f8438d2132176cea63e8f4
        );
    }

    function test_oneProofSlashesOnBothChainsOnceEach() external {
        vm.assertEq(uint256(_doubleVote(hub, 0, _set, 0)), uint256(ICoalition.SlashOutcome.Slashed));
        vm.assertEq(uint256(_doubleVote(_away, 0, _set, 0)), uint256(ICoalition.SlashOutcome.Slashed));
        vm.assertEq(uint256(_doubleVote(_away, 0, _set, 0)), uint256(ICoalition.SlashOutcome.Already));
        (, uint64 collateralGwei, uint128 penaltiesGwei) = _away.totals();
        vm.assertEq(collateralGwei, 70 * ETHER);
        vm.assertEq(penaltiesGwei, 60 * ETHER);
        _assertBooks(_away);
        _assertBooks(hub);
    }

    function test_aKeyWithoutCollateralHereIsBarredForEver() external {
        vm.assertEq(uint256(_doubleVote(_away, 3, _set, 3)), uint256(ICoalition.SlashOutcome.Barred));
        _signRegistration(_away, 3, _operator(3));
        (uint256 x, uint256 y) = _key(3);
        vm.deal(_operator(3), 32 ether);
        vm.prank(_operator(3));
        vm.expectRevert(
            abi.encodeWithSelector(ICoalition.KeyKnown.selector, _keyId(3), ICoalition.Status.Tombstoned)
        );
        _away.register{value: 32 ether}(x, y, REGISTRATION_KEY, _noProof());
    }

    function test_twoQuorumsAloneSlashAndBarEverybodyInBoth() external {
        ICoalition.QuorumEvidence memory first = _quorum(_away, _attestation(_set, 0, 64, 1), 0x7, 16);
        ICoalition.QuorumEvidence memory second = _quorum(_away, _attestation(_set, 0, 64, 2), 0xd, 16);
        ICoalition.Leaf[] memory leaves = _leaves(hub);
        vm.assertEq(_away.slashQuorums(first, second, leaves, new ICoalition.Leaf[](0)), 2);
        vm.assertEq(uint256(_away.validator(_keyId(0)).status), uint256(ICoalition.Status.Tombstoned));
        vm.assertEq(uint256(_away.validator(_keyId(1)).status), uint256(ICoalition.Status.Active));
        vm.assertEq(uint256(_away.validator(_keyId(2)).status), uint256(ICoalition.Status.Tombstoned));
        vm.assertEq(uint256(_away.validator(_keyId(3)).status), uint256(ICoalition.Status.None));
        _assertBooks(_away);
    }

    function test_refusesASetThatTheLedgerNeverTrusted() external {
        uint256 next = _seal();
        Attestation memory first = _attestation(next, 0, 64, 1);
        Attestation memory second = _attestation(next, 0, 64, 2);
        _signBoth(_away, 0, next, 0, first, second);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.SetUnknown.selector, next));
        this.slash(next, first, second);
        _ledger.know(hub.setRecord(next));
        this.slash(next, first, second);
    }

    function test_refusesExpiredSets() external {
        uint256 until = hub.setRecord(_set).sealedAt + TRUSTING + EVIDENCE;
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(_away, 0, _set, 0, first, second);
        vm.warp(until + 1);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.EvidenceExpired.selector, _set, until));
        this.slash(_set, first, second);
        vm.warp(until);
        this.slash(_set, first, second);
    }

    /// A ledger that may believe a set for longer than it is slashable here would take votes that cost nothing.
    function test_periodsReachAsFarAsTheLedgersPolicies() external {
        _ledger.setSlashableFor(TRUSTING + EVIDENCE);
        _deploy(_ledger);
        _ledger.setSlashableFor(TRUSTING + EVIDENCE + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                Coalition.PeriodsShorterThanLedgers.selector, TRUSTING + EVIDENCE, TRUSTING + EVIDENCE + 1
            )
        );
        _deploy(_ledger);
    }

    /// A fork of the hub, or another deployment, has another domain: its votes mean nothing here.
    function test_refusesVotesForAnotherHub() external {
        Coalition other = _deploy(new LedgerStub(bytes31(uint248(0xdead)), address(hub), HERE));
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(other, 0, _set, 0, first, second);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        this.slash(_set, first, second);
        other = _deploy(new LedgerStub(HUB, address(0xdead), HERE));
        _signBoth(other, 0, _set, 0, first, second);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        this.slash(_set, first, second);
    }

    function test_aRegistrationOnTheHubIsNoneHere() external {
        _signRegistration(hub, 2, _operator(2));
        (uint256 x, uint256 y) = _key(2);
        vm.deal(_operator(2), 32 ether);
        vm.prank(_operator(2));
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        _away.register{value: 32 ether}(x, y, REGISTRATION_KEY, _noProof());
    }

    function slash(uint256 set, Attestation memory first, Attestation memory second) external {
        _slash(_away, 0, set, 0, first, second);
    }

    function _deploy(LedgerStub ledger) private returns (Coalition) {
        return new Coalition(
            address(timelock), registry, judge, ICheckpointLedger(address(ledger)), _periods(), _policy()
        );
    }
}
