// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {PhalanxTest} from "./base/PhalanxTest.sol";
import {ProgrammedVerifier} from "./base/ProgrammedVerifier.sol";
import {VerifierRegistry} from "../src/VerifierRegistry.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";
import {Proof} from "../src/interfaces/Types.sol";
import {StatementKinds} from "../src/lib/StatementKinds.sol";

/// Answers whatever it is told to, in whatever form.
contract OddVerifier {
    bytes private _answer;
    bool private _reverts;

    constructor(bytes memory answer, bool reverts) {
        (_answer, _reverts) = (answer, reverts);
    }

    fallback(bytes calldata) external returns (bytes memory) {
        require(!_reverts);
        return _answer;
    }
}

contract VerifierRegistryTest is PhalanxTest {
    uint256 private constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant FQ = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    bytes32 private constant KEY = keccak256("key");

    ProgrammedVerifier private _verifier = new ProgrammedVerifier();
    VerifierRegistry private _registry;

    function setUp() public {
        vm.warp(1_800_000_000);
        VerifierRegistry.Initial[] memory initial = new VerifierRegistry.Initial[](1);
        initial[0] = VerifierRegistry.Initial(KEY, StatementKinds.REGISTRATION, 0, 3, address(_verifier));
        _registry = new VerifierRegistry(address(this), initial);
    }

    function _signals(uint256 n) private pure returns (uint256[] memory s) {
        s = new uint256[](n);
        for (uint256 i = 0; i < n; ++i) {
            s[i] = i + 1;
        }
    }

    function _proof(uint256 y) private pure returns (Proof memory p) {
        p.a = [uint256(1), y];
    }

    function _verify(uint256[] memory s) private view {
        _registry.verify(KEY, StatementKinds.REGISTRATION, 0, _proof(2), s);
    }

    function test_acceptsWhatTheVerifierAccepts() external {
        _verifier.accept(_signals(3));
        _verify(_signals(3));
    }

    function test_passesEverySignalAndCoordinateInOrder() external {
        Proof memory p = Proof([uint256(1), 2], [[uint256(3), 4], [uint256(5), 6]], [uint256(7), 8]);
        uint256[] memory s = _signals(12);
        OddVerifier odd = new OddVerifier(abi.encode(true), false);
        _registry.addVerifier(keccak256("odd"), StatementKinds.QUORUM, 16, 12, address(odd));
        bytes4 selector = bytes4(keccak256("verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[12])"));
        bytes memory expected = abi.encodePacked(selector, abi.encode(p), s);
        vm.mockCall(address(odd), expected, abi.encode(uint256(1)));
        vm.etch(address(odd), address(new OddVerifier(abi.encode(false), false)).code);
        _registry.verify(keccak256("odd"), StatementKinds.QUORUM, 16, p, s);
    }

    function test_refusesWhatTheVerifierRefuses() external {
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        _verify(_signals(3));
    }

    function test_refusesAnyAnswerThatIsNotExactlyTrue() external {
        bytes[5] memory answers =
            [bytes(""), hex"01", abi.encode(uint256(2)), abi.encode(uint256(0)), abi.encode(uint256(1), uint256(1))];
        for (uint256 i = 0; i < answers.length; ++i) {
            _expectOddRefused(new OddVerifier(answers[i], false), bytes32(i));
        }
        _expectOddRefused(new OddVerifier(abi.encode(uint256(1)), true), "reverts");
    }

    function _expectOddRefused(OddVerifier odd, bytes32 key) private {
        _registry.addVerifier(key, StatementKinds.QUORUM, 16, 4, address(odd));
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        _registry.verify(key, StatementKinds.QUORUM, 16, _proof(2), _signals(4));
    }

    function test_theNumberOfSignalsIsExact() external {
        _verifier.accept(_signals(4));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.WrongSignalCount.selector, 3, 4));
        _verify(_signals(4));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.WrongSignalCount.selector, 3, 2));
        _verify(_signals(2));
    }

    function test_aSignalJustBelowTheFieldPassesAndTheFieldItselfDoesNot() external {
        uint256[] memory s = _signals(3);
        s[1] = FR - 1;
        _verifier.accept(s);
        _verify(s);
        s[1] = FR;
        _verifier.accept(s);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, 1, FR));
        _verify(s);
    }

    function testFuzz_noSignalBeyondTheField(uint256 value, uint256 index) external {
        uint256[] memory s = _signals(3);
        index = bound(index, 0, 2);
        s[index] = bound(value, FR, type(uint256).max);
        _verifier.accept(s);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, index, s[index]));
        _verify(s);
    }

    /// The generated verifiers would take a y beyond the field for another one inside it.
    function test_aYBeyondTheFieldIsRefused() external {
        _verifier.accept(_signals(3));
        _registry.verify(KEY, StatementKinds.REGISTRATION, 0, _proof(FQ - 1), _signals(3));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.CoordinateNotCanonical.selector, FQ));
        _registry.verify(KEY, StatementKinds.REGISTRATION, 0, _proof(FQ), _signals(3));
    }

    function test_kindAndCapacityAreTheCallersExpectation() external {
        _verifier.accept(_signals(3));
        vm.expectRevert(
            abi.encodeWithSelector(
                IVerifierRegistry.WrongStatementKind.selector, StatementKinds.QUORUM, StatementKinds.REGISTRATION
            )
        );
        _registry.verify(KEY, StatementKinds.QUORUM, 0, _proof(2), _signals(3));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.WrongCapacity.selector, 16, 0));
        _registry.verify(KEY, StatementKinds.REGISTRATION, 16, _proof(2), _signals(3));
    }

    function test_unknownKeysVerifyNothing() external {
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VerifierUnknown.selector, bytes32(uint256(1))));
        _registry.verify(bytes32(uint256(1)), StatementKinds.REGISTRATION, 0, _proof(2), _signals(3));
    }

    function test_aRetiringVerifierWorksToItsLastSecond() external {
        _verifier.accept(_signals(3));
        uint40 t = uint40(block.timestamp + 100);
        _registry.retireVerifier(KEY, t);
        vm.warp(t - 1);
        _verify(_signals(3));
        vm.warp(t);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VerifierExpired.selector, KEY, t));
        _verify(_signals(3));
    }

    function test_anOverlapLetsBothVerify() external {
        bytes32 next = keccak256("next key");
        _registry.retireVerifier(KEY, uint40(block.timestamp + 100));
        _registry.addVerifier(next, StatementKinds.REGISTRATION, 0, 3, address(_verifier));
        _verifier.accept(_signals(3));
        _verify(_signals(3));
        _registry.verify(next, StatementKinds.REGISTRATION, 0, _proof(2), _signals(3));
    }

    function test_retirementCanMoveUntilItHappensAndIsThenFinal() external {
        uint40 t = uint40(block.timestamp);
        _registry.retireVerifier(KEY, t + 100);
        _registry.retireVerifier(KEY, t + 50);
        vm.warp(t + 50);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VerifierExpired.selector, KEY, t + 50));
        _registry.retireVerifier(KEY, t + 1000);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VerifierExists.selector, KEY));
        _registry.addVerifier(KEY, StatementKinds.REGISTRATION, 0, 3, address(_verifier));
    }

    function test_aCompromisedKeyCanBeRetiredAtOnce() external {
        _verifier.accept(_signals(3));
        _registry.retireVerifier(KEY, 0);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VerifierExpired.selector, KEY, 0));
        _verify(_signals(3));
    }

    function test_onlyTheOwnerChangesTheList() external {
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(1));
        vm.startPrank(address(1));
        vm.expectRevert(reason);
        _registry.addVerifier(bytes32(uint256(1)), StatementKinds.QUORUM, 16, 4, address(_verifier));
        vm.expectRevert(reason);
        _registry.retireVerifier(KEY, 0);
        vm.stopPrank();
    }

    function test_refusesEntriesThatCannotVerify() external {
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VerifierHasNoCode.selector, address(1)));
        _registry.addVerifier(bytes32(uint256(1)), StatementKinds.QUORUM, 16, 4, address(1));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.SignalCountOutOfRange.selector, 0));
        _registry.addVerifier(bytes32(uint256(1)), StatementKinds.QUORUM, 16, 0, address(_verifier));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.SignalCountOutOfRange.selector, 33));
        _registry.addVerifier(bytes32(uint256(1)), StatementKinds.QUORUM, 16, 33, address(_verifier));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.VerifierUnknown.selector, bytes32(uint256(1))));
        _registry.retireVerifier(bytes32(uint256(1)), 0);
    }
}
