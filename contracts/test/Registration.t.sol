// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {HubCoalition} from "../src/HubCoalition.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";
import {Proof} from "../src/interfaces/Types.sol";
import {ValidatorSets} from "../src/lib/ValidatorSets.sol";
import {CoalitionFixture} from "./base/CoalitionFixture.sol";

contract RegistrationTest is CoalitionFixture {
    event Registered(bytes32 indexed keyId, address indexed operator, uint256 keyX, uint256 keyY, uint64 stakeGwei);

    function test_registersKeyOperatorAndStake() external {
        (uint256 x, uint256 y) = _key(0);
        Proof memory proof;
        _signRegistration(hub, 0, _operator(0));
        _fundedPrank(0, 40 * ETHER);
        vm.expectEmit(true, true, true, true, address(hub));
        emit Registered(_keyId(0), _operator(0), x, y, 40 * ETHER);
        hub.register{value: 40 ether}(x, y, REGISTRATION_KEY, proof);
        ICoalition.Validator memory v = hub.validator(_keyId(0));
        vm.assertEq(v.operator, _operator(0));
        vm.assertEq(v.stakeGwei, 40 * ETHER);
        vm.assertEq(uint256(v.status), uint256(ICoalition.Status.Active));
        vm.assertEq(v.keyX, x);
        vm.assertEq(v.keyY, y);
        vm.assertEq(hub.keyOf(_operator(0)), _keyId(0));
        (uint64 stakeGwei, uint64 collateralGwei, uint128 penaltiesGwei) = hub.totals();
        vm.assertEq(stakeGwei, 40 * ETHER);
        vm.assertEq(collateralGwei, 40 * ETHER);
        vm.assertEq(penaltiesGwei, 0);
        _assertBooks(hub);
    }

    function test_leastStakeIsEnoughAndOneGweiLessIsNot() external {
        bytes memory tooSmall = _error2(ICoalition.StakeTooSmall.selector, 32 * ETHER - 1, 32 * ETHER);
        _expectRefusal(0, uint256(32 ether) - 1 gwei, tooSmall);
        _register(hub, 0, 32 * ETHER);
    }

    function test_refusesPartsOfAGwei() external {
        _expectRefusal(0, 32 ether + 1, abi.encodeWithSelector(ICoalition.NotWholeGwei.selector, 32 ether + 1));
        _expectRefusal(0, 33 ether - 1, abi.encodeWithSelector(ICoalition.NotWholeGwei.selector, 33 ether - 1));
    }

    function test_refusesWithoutDeposit() external {
        _expectRefusal(0, 0, abi.encodeWithSelector(ICoalition.NothingDeposited.selector));
    }

    /// duplicate_key_registration: in two slots of a set one signature would count twice.
    function test_refusesAKeyASecondTimeWhoeverBringsIt() external {
        _register(hub, 0, 32 * ETHER);
        (uint256 x, uint256 y) = _key(0);
        Proof memory proof;
        bytes memory known = abi.encodeWithSelector(ICoalition.KeyKnown.selector, _keyId(0), ICoalition.Status.Active);
        _signRegistration(hub, 0, _operator(1));
        _fundedPrank(1, 32 * ETHER);
        vm.expectRevert(known);
        hub.register{value: 32 ether}(x, y, REGISTRATION_KEY, proof);
        _fundedPrank(0, 32 * ETHER);
        vm.expectRevert(known);
        hub.register{value: 32 ether}(x, y, REGISTRATION_KEY, proof);
    }

    function test_refusesAKeyThatLeft() external {
        _register(hub, 0, 32 * ETHER);
        vm.prank(_operator(0));
        hub.unbond(32 * ETHER);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_operator(0));
        hub.withdraw(payable(_operator(0)));
        _expectRefusal(
            0, 32 ether, abi.encodeWithSelector(ICoalition.KeyKnown.selector, _keyId(0), ICoalition.Status.Exited)
        );
    }

    function test_refusesAnOperatorsSecondKeyAlsoAfterItLeft() external {
        _register(hub, 0, 32 * ETHER);
        (uint256 x, uint256 y) = _key(1);
        Proof memory proof;
        _signRegistration(hub, 1, _operator(0));
        _fundedPrank(0, 32 * ETHER);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.OperatorHasKey.selector, _keyId(0)));
        hub.register{value: 32 ether}(x, y, REGISTRATION_KEY, proof);
        vm.prank(_operator(0));
        hub.unbond(32 * ETHER);
        _fundedPrank(0, 0);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.OperatorHasKey.selector, _keyId(0)));
        hub.register{value: 32 ether}(x, y, REGISTRATION_KEY, proof);
    }

    function test_refusesAKeyTombstonedBeforeItRegistered() external {
        _register(hub, 0, 32 * ETHER);
        uint256 set = _seal();
        vm.assertEq(uint256(_doubleVote(hub, 7, set, 3)), uint256(ICoalition.SlashOutcome.Barred));
        _expectRefusal(
            7, 32 ether, abi.encodeWithSelector(ICoalition.KeyKnown.selector, _keyId(7), ICoalition.Status.Tombstoned)
        );
    }

    /// The proof lies in the mempool; it names the operator, so whoever copies it has nothing.
    function test_refusesAProofMadeForAnotherOperator() external {
        _signRegistration(hub, 0, _operator(0));
        (uint256 x, uint256 y) = _key(0);
        Proof memory proof;
        _fundedPrank(66, 32 * ETHER);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        hub.register{value: 32 ether}(x, y, REGISTRATION_KEY, proof);
    }

    function test_refusesAProofMadeForAnotherContractOrChain() external {
        HubCoalition other = _deployHub(16);
        _signRegistration(other, 0, _operator(0));
        _expectRefusal(0, 32 ether, abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector));
        other = new HubCoalition(
            address(timelock), registry, judge, bytes31(uint248(0xff)), _periods(), _policy(), EPOCH, 16
        );
        _signRegistration(other, 0, _operator(0));
        _expectRefusal(0, 32 ether, abi.encodeWithSelector(IVerifierRegistry.InvalidProof.selector));
    }

    function test_refusesAFalseProofAndAnUnknownVerifierAndOneOfAnotherKind() external {
        (uint256 x, uint256 y) = _key(0);
        _signRegistration(hub, 0, _operator(0));
        Proof memory proof;
        proof.a[0] = verifier.BAD();
        vm.deal(_operator(0), 32 ether);
        vm.startPrank(_operator(0));
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        hub.register{value: 32 ether}(x, y, REGISTRATION_KEY, proof);
        proof.a[0] = 0;
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VerifierUnknown.selector, bytes32("none")));
        hub.register{value: 32 ether}(x, y, "none", proof);
        vm.expectPartialRevert(IVerifierRegistry.WrongStatementKind.selector);
        hub.register{value: 32 ether}(x, y, EQUIVOCATION_KEY, proof);
        vm.stopPrank();
    }

    /// duplicate_key_registration: under another integer of the same residue a key would have a second id.
    function test_refusesAnotherEncodingOfAKey() external {
        (uint256 x, uint256 y) = _key(0);
        Proof memory proof;
        verifier.accept(_signals(x + ValidatorSets.FR, y, hub.registrationDigest(_operator(0))));
        _fundedPrank(0, 32 * ETHER);
        vm.expectRevert(
            abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, 0, x + ValidatorSets.FR)
        );
        hub.register{value: 32 ether}(x + ValidatorSets.FR, y, REGISTRATION_KEY, proof);
        _fundedPrank(0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, 1, y + ValidatorSets.FR)
        );
        hub.register{value: 32 ether}(x, y + ValidatorSets.FR, REGISTRATION_KEY, proof);
    }

    function test_theDigestIsTheProtocols() external view {
        bytes memory message =
            abi.encodePacked(hub.registrationDomain(), _operator(0), hub.localChainKey(), address(hub));
        vm.assertEq(message.length, 31 + 20 + 31 + 20);
        vm.assertEq(hub.registrationDigest(_operator(0)), uint256(sha256(message)) >> 8);
    }

    /// stake_ge_2^64_refused_by_registration: neither taken nor cut to its low 64 bits.
    function test_refusesAStakeOf2To64GweiOrMore() external {
        uint256 limit = uint256(type(uint64).max) + 1;
        _expectRefusal(
            0, limit * 1 gwei, _error2(ICoalition.CollateralTooLarge.selector, limit, type(uint64).max)
        );
        uint256 more = limit + 32 * ETHER;
        _expectRefusal(0, more * 1 gwei, _error2(ICoalition.CollateralTooLarge.selector, more, type(uint64).max));
        _register(hub, 0, type(uint64).max);
        vm.assertEq(hub.leaf(0).stakeGwei, type(uint64).max);
    }

    function test_allCollateralTogetherFits64Bits() external {
        uint64 rest = type(uint64).max - 32 * ETHER;
        _register(hub, 0, 32 * ETHER);
        _register(hub, 1, rest);
        (uint64 stakeGwei, uint64 collateralGwei,) = hub.totals();
        vm.assertEq(stakeGwei, type(uint64).max);
        vm.assertEq(collateralGwei, type(uint64).max);
        bytes memory tooLarge =
            _error2(ICoalition.CollateralTooLarge.selector, uint256(type(uint64).max) + 1, type(uint64).max);
        _fundedPrank(0, 1);
        vm.expectRevert(tooLarge);
        hub.addStake{value: 1 gwei}();
        // What unbonds counts too, so a stake can be moved about as often as one likes.
        vm.prank(_operator(0));
        hub.unbond(32 * ETHER);
        vm.deal(_operator(1), 1 gwei);
        vm.prank(_operator(1));
        vm.expectRevert(tooLarge);
        hub.addStake{value: 1 gwei}();
    }

    function testFuzz_aDepositIsTakenExactlyIfItIsWholeGweiAndEnough(uint96 value) external {
        value = uint96(bound(value, 1, 1e25));
        bool good = value % 1 gwei == 0 && value >= 32 ether;
        _signRegistration(hub, 0, _operator(0));
        (uint256 x, uint256 y) = _key(0);
        Proof memory proof;
        vm.deal(_operator(0), value);
        vm.prank(_operator(0));
        (bool ok,) = address(hub).call{value: value}(
            abi.encodeCall(ICoalition.register, (x, y, REGISTRATION_KEY, proof))
        );
        vm.assertEq(ok, good);
        _assertBooks(hub);
    }

    function _expectRefusal(uint256 i, uint256 value, bytes memory why) private {
        (uint256 x, uint256 y) = _key(i);
        // Another account than the one of an earlier registration, so that the key alone is refused.
        address operator = hub.keyOf(_operator(i)) == 0 ? _operator(i) : _operator(1000 + i);
        Proof memory proof;
        if (bytes4(why) != IVerifierRegistry.InvalidProof.selector) _signRegistration(hub, i, operator);
        vm.deal(operator, value);
        vm.prank(operator);
        vm.expectRevert(why);
        hub.register{value: value}(x, y, REGISTRATION_KEY, proof);
    }

    function _error2(bytes4 selector, uint256 a, uint256 b) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a, b);
    }
}
