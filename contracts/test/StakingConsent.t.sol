// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {DuplicateVoteFixture} from "./base/DuplicateVoteFixture.sol";
import {NaiveCometBft} from "./base/NaiveCometBft.sol";
import {NaiveIcs23} from "./base/NaiveIcs23.sol";
import {Vm} from "./base/Vm.sol";
import {HubCoalition} from "../src/HubCoalition.sol";
import {CosmosAccounts} from "../src/cometbft/CosmosAccounts.sol";
import {Ics23} from "../src/cometbft/Ics23.sol";
import {StakingRecords} from "../src/cometbft/StakingRecords.sol";
import {IConsensusBindings} from "../src/interfaces/IConsensusBindings.sol";
import {ICometBftJudge} from "../src/interfaces/ICometBftJudge.sol";
import {ICometBftLedger} from "../src/interfaces/ICometBftLedger.sol";

/// Consent by a chain's staking record and its operator, for keys that sign nothing but votes.
contract StakingConsentTest is DuplicateVoteFixture {
    uint256 private constant SECRET = 77;
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    string private constant SIGNER = "cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k6ah60c";
    bytes32 private _voterKey = _consensusKey(0);

    function setUp() public override {
        super.setUp();
        _register(hub, 0, 100 * ETHER);
        _register(hub, 1, 100 * ETHER);
        _holdHead(HEIGHT, TIME);
    }

    function test_theOperatorOfABondedValidatorBindsItsKey() external {
        bytes memory evidence = _encode(_evidence());
        vm.prank(_operator(0));
        hub.bindConsensusKey(CHAIN, _voterKey, evidence);
        vm.assertEq(hub.boundTo(CHAIN, _voterKey), _keyId(0));
        _report(hub, _offence(0));
        vm.assertEq(hub.validator(_keyId(0)).stakeGwei, 0);
    }

    /// By libraries that are not ours: test/contracts/cosmos-account.test.ts.
    function test_recordedAccountDocumentSignatureAndRecord() external view {
        string memory json = vm.readFile("test/fixtures/cosmos-account.json");
        bytes memory text = judge.consentMessage(vm.parseJsonBytes32(json, ".digest"));
        string memory signer = vm.parseJsonString(json, ".signer");
        vm.assertEq(CosmosAccounts.document(text, signer), bytes(vm.parseJsonString(json, ".document")));
        ICometBftJudge.AccountSignature memory s = ICometBftJudge.AccountSignature(
            vm.parseJsonBytes32(json, ".x"),
            vm.parseJsonBytes32(json, ".y"),
            signer,
            uint8(vm.parseJsonUint(json, ".v")),
            vm.parseJsonBytes32(json, ".r"),
            vm.parseJsonBytes32(json, ".s")
        );
        bytes20 account = CosmosAccounts.signerOf(text, s);
        vm.assertEq(bytes32(account), bytes32(bytes20(vm.parseJsonBytes(json, ".account"))));
        bytes32 key = vm.parseJsonBytes32(json, ".consensusKey");
        StakingRecords.requireBonded(vm.parseJsonBytes(json, ".record"), key);
    }

    function testFuzz_anyAccountMaySign(uint256 secret, bytes32 digest) external {
        secret = bound(secret, 1, ORDER - 1);
        _holdHead(HEIGHT, TIME);
        ICometBftJudge.StakingConsent memory e = _evidence(secret, digest, _record(_voterKey, 0, 3));
        judge.requireConsent(CHAIN, _voterKey, digest, _encode(e));
    }

    function test_theOperatorAgreesToOneOperatorCoalitionAndKeyHere() external {
        ICometBftJudge.StakingConsent memory e = _evidence();
        bytes20 account = _account(SECRET);
        bytes memory no = abi.encodeWithSelector(CosmosAccounts.NotSigned.selector, account);
        _refuse(1, _voterKey, e, no);
        HubCoalition other = _deployHub(16);
        _sign(e, SECRET, other.consensusKeyDigest(CHAIN, _voterKey, _operator(0)));
        _refuse(0, _voterKey, e, no);
        _sign(e, SECRET, hub.consensusKeyDigest(bytes31(uint248(1)), _voterKey, _operator(0)));
        _refuse(0, _voterKey, e, no);
        _sign(e, SECRET, hub.consensusKeyDigest(CHAIN, _consensusKey(1), _operator(0)));
        _refuse(0, _voterKey, e, no);
    }

    /// Whose record it is follows from who signed.
    function test_anotherAccountIsNotThatOperator() external {
        ICometBftJudge.StakingConsent memory e = _evidence();
        _sign(e, SECRET + 1, _digest());
        bytes memory own = StakingRecords.key(_account(SECRET));
        bytes memory others = StakingRecords.key(_account(SECRET + 1));
        _refuse(0, _voterKey, e, abi.encodeWithSelector(Ics23.KeyMismatch.selector, others, own));
        // The right key beside a signature that is not its own.
        Vm.Wallet memory w = vm.createWallet(SECRET);
        (e.signature.x, e.signature.y) = (bytes32(w.publicKeyX), bytes32(w.publicKeyY));
        _refuse(0, _voterKey, e, abi.encodeWithSelector(CosmosAccounts.NotSigned.selector, _account(SECRET)));
    }

    function test_signaturesHaveOneForm() external {
        ICometBftJudge.StakingConsent memory e = _evidence();
        bytes memory no = abi.encodeWithSelector(CosmosAccounts.NotSigned.selector, _account(SECRET));
        e.signature.v = 55 - e.signature.v;
        _refuse(0, _voterKey, e, no);
        e.signature.s = bytes32(ORDER - uint256(e.signature.s)); // valid, were it not in the upper half
        _refuse(0, _voterKey, e, no);
        e = _evidence();
        e.signature.v -= 27;
        _refuse(0, _voterKey, e, no);
        e = _evidence();
        e.signature.r = 0;
        _refuse(0, _voterKey, e, no);
    }

    function test_theSignersTextIsWhatWasSignedAndPlain() external {
        ICometBftJudge.StakingConsent memory e = _evidence();
        e.signature.signer = "cosmos1";
        _refuse(0, _voterKey, e, abi.encodeWithSelector(CosmosAccounts.NotSigned.selector, _account(SECRET)));
        string[5] memory bad = ['a"', "A", "a b", unicode"ä", "a\\"];
        for (uint256 i = 0; i < bad.length; ++i) {
            e.signature.signer = bad[i];
            _refuse(0, _voterKey, e, abi.encodeWithSelector(CosmosAccounts.AddressMalformed.selector, bad[i]));
        }
        bytes memory long = new bytes(91);
        for (uint256 i = 0; i < 91; ++i) {
            long[i] = "q";
        }
        e.signature.signer = string(long);
        _refuse(0, _voterKey, e, abi.encodeWithSelector(CosmosAccounts.AddressMalformed.selector, long));
    }

    function test_onlyABondedValidatorWithThatKeyThatIsNotJailed() external {
        _refuseRecord(_record(_consensusKey(1), 0, 3));
        _refuseRecord(_record(_voterKey, 1, 3));
        for (uint256 status = 0; status < 3; ++status) {
            _refuseRecord(_record(_voterKey, 0, status));
        }
        bytes memory other = NaiveCometBft.message(1, bytes("/cosmos.crypto.secp256k1.PubKey"));
        other = bytes.concat(other, NaiveCometBft.message(2, NaiveCometBft.message(1, bytes.concat(_voterKey))));
        _refuseRecord(bytes.concat(NaiveCometBft.message(1, "operator"), NaiveCometBft.message(2, other), hex"2003"));
    }

    /// Where the fields are looked for follows from the first one, which is the operator's address.
    function test_theRecordBeginsWithAShortAddress() external {
        bytes memory record = _record(_voterKey, 0, 3);
        record[0] = 0x1a;
        _refuseRecord(record);
        // A length of 266 is 0x8a 0x02. Read as one byte it is 138, and the fields would stand in the text, at 140.
        bytes memory fields = NaiveCometBft.message(1, bytes.concat(_voterKey));
        fields = NaiveCometBft.message(2, fields);
        fields = bytes.concat(NaiveCometBft.message(1, "/cosmos.crypto.ed25519.PubKey"), fields);
        fields = bytes.concat(NaiveCometBft.message(2, fields), hex"2003");
        bytes memory text = bytes.concat(new bytes(137), fields, new bytes(266 - 137 - fields.length));
        record = NaiveCometBft.message(1, text);
        vm.assertEq(uint8(record[1]), 138);
        _refuseRecord(record);
    }

    function testFuzz_aRecordThatIsCutShortIsNone(uint256 length) external {
        bytes memory whole = _record(_voterKey, 0, 3);
        // An address of 8, and fields 2 and 4.
        length = bound(length, 1, 10 + 71 - 1);
        bytes memory cut = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            cut[i] = whole[i];
        }
        _refuseRecord(cut);
    }

    function test_whoHasNoRecordIsNoValidator() external {
        ICometBftJudge.StakingConsent memory e = _evidence();
        bytes memory key = StakingRecords.key(_account(SECRET));
        _hold(e, NaiveIcs23.absent("staking", key, hex"2114"));
        _refuse(0, _voterKey, e, abi.encodeWithSelector(ICometBftJudge.NoValidator.selector, _account(SECRET)));
    }

    function test_theRecordIsOfTheStakingStore() external {
        ICometBftJudge.StakingConsent memory e = _evidence();
        bytes memory key = StakingRecords.key(_account(SECRET));
        _hold(e, NaiveIcs23.present("bank", key, _record(_voterKey, 0, 3)));
        _refuse(0, _voterKey, e, abi.encodeWithSelector(Ics23.KeyMismatch.selector, bytes("staking"), bytes("bank")));
    }

    function test_theStateIsHeldTheLedgerNotFrozenAndTheStateNotTooOld() external {
        ICometBftJudge.StakingConsent memory e = _evidence();
        bytes memory evidence = _encode(e);
        cometBft.setFreeze(ICometBftLedger.Freeze.Guardian);
        bytes memory no =
            abi.encodeWithSelector(ICometBftLedger.LedgerIsFrozen.selector, ICometBftLedger.Freeze.Guardian);
        _refuse(0, _voterKey, e, no);
        cometBft.setFreeze(ICometBftLedger.Freeze.None);

        _holdHead(HEIGHT + 1 + MAX_AGE_BLOCKS, TIME + int64(MAX_AGE_SECONDS) + 2);
        judge.requireConsent(CHAIN, _voterKey, _digest(), evidence);
        _holdHead(HEIGHT + 2 + MAX_AGE_BLOCKS, TIME + int64(MAX_AGE_SECONDS) + 2);
        no = abi.encodeWithSelector(
            ICometBftJudge.EvidenceExpired.selector, MAX_AGE_BLOCKS + 1, (uint256(MAX_AGE_SECONDS) + 1) * 1e9
        );
        _refuse(0, _voterKey, e, no);

        ++e.state.timeNs;
        _refuse(0, _voterKey, e, abi.encodeWithSelector(ICometBftLedger.StateNotHeld.selector, e.state.height));
    }

    function test_aKeyOfSmallOrderIsRefusedThisWayToo() external {
        bytes32 key = bytes32(uint256(1) << 248);
        bytes32 digest = hub.consensusKeyDigest(CHAIN, key, _operator(0));
        ICometBftJudge.StakingConsent memory e = _evidence(SECRET, digest, _record(key, 0, 3));
        _refuse(0, key, e, abi.encodeWithSelector(ICometBftJudge.SmallOrderKey.selector, key));
    }

    function test_evidenceInAnotherFormIsRefused() external {
        bytes memory evidence = _encode(_evidence());
        bytes32 digest = _digest();
        evidence[63] = 0x60;
        vm.expectRevert(ICometBftJudge.EvidenceMalformed.selector);
        judge.requireConsent(CHAIN, _voterKey, digest, evidence);
        vm.expectRevert(ICometBftJudge.EvidenceMalformed.selector);
        judge.requireConsent(CHAIN, _voterKey, digest, abi.encode(ICometBftJudge.Consent.StakingRecord));
        vm.expectRevert(ICometBftJudge.EvidenceMalformed.selector);
        judge.requireConsent(CHAIN, _voterKey, digest, abi.encode(ICometBftJudge.Consent.StakingRecord, 64));
        evidence[31] = 0x02; // there is no third way
        vm.expectRevert();
        judge.requireConsent(CHAIN, _voterKey, digest, evidence);
    }

    function _digest() private view returns (bytes32) {
        return hub.consensusKeyDigest(CHAIN, _voterKey, _operator(0));
    }

    function _evidence() private returns (ICometBftJudge.StakingConsent memory) {
        return _evidence(SECRET, _digest(), _record(_voterKey, 0, 3));
    }

    function _evidence(uint256 secret, bytes32 digest, bytes memory record)
        private
        returns (ICometBftJudge.StakingConsent memory e)
    {
        _sign(e, secret, digest);
        _hold(e, NaiveIcs23.present("staking", StakingRecords.key(_account(secret)), record));
    }

    function _hold(ICometBftJudge.StakingConsent memory e, NaiveIcs23.Proofs memory p) private {
        (e.storeProof, e.rootProof) = (p.storeProof, p.rootProof);
        e.state = ICometBftLedger.ConsensusState(HEIGHT + 1, uint64(TIME + 1) * 1e9, p.appHash, "next", "block");
        cometBft.hold(e.state);
    }

    function _sign(ICometBftJudge.StakingConsent memory e, uint256 secret, bytes32 digest) private {
        Vm.Wallet memory w = vm.createWallet(secret);
        string memory data = vm.toBase64(judge.consentMessage(digest));
        bytes memory document = bytes.concat(
            '{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[{"type":',
            '"sign/MsgSignData","value":{"data":"',
            bytes(data),
            '","signer":"',
            bytes(SIGNER),
            '"}}],"sequence":"0"}'
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, sha256(document));
        (bytes32 x, bytes32 y) = (bytes32(w.publicKeyX), bytes32(w.publicKeyY));
        e.signature = ICometBftJudge.AccountSignature(x, y, SIGNER, v, r, s);
    }

    function _account(uint256 secret) private returns (bytes20) {
        Vm.Wallet memory w = vm.createWallet(secret);
        return ripemd160(bytes.concat(sha256(abi.encodePacked(uint8(2 + w.publicKeyY % 2), w.publicKeyX))));
    }

    function _record(bytes32 key, uint256 jailed, uint256 status) private pure returns (bytes memory) {
        bytes memory any = bytes.concat(
            NaiveCometBft.message(1, "/cosmos.crypto.ed25519.PubKey"),
            NaiveCometBft.message(2, NaiveCometBft.message(1, bytes.concat(key)))
        );
        return bytes.concat(
            NaiveCometBft.message(1, "operator"),
            NaiveCometBft.message(2, any),
            NaiveCometBft.number(3, jailed),
            NaiveCometBft.number(4, status),
            NaiveCometBft.message(5, "1000000")
        );
    }

    function _encode(ICometBftJudge.StakingConsent memory e) private pure returns (bytes memory) {
        return abi.encode(ICometBftJudge.Consent.StakingRecord, e);
    }

    function _refuseRecord(bytes memory record) private {
        ICometBftJudge.StakingConsent memory e = _evidence(SECRET, _digest(), record);
        _refuse(0, _voterKey, e, abi.encodeWithSelector(StakingRecords.NotBondedWithKey.selector, _voterKey, record));
    }

    function _refuse(uint256 i, bytes32 key, ICometBftJudge.StakingConsent memory e, bytes memory reason) private {
        vm.prank(_operator(i));
        vm.expectRevert(reason);
        IConsensusBindings(hub).bindConsensusKey(CHAIN, key, _encode(e));
    }
}
