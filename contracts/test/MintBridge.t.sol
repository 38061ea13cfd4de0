// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {LedgerSetup} from "./base/LedgerSetup.sol";
import {StateModel} from "./base/StateModel.sol";
import {TrieBuilder} from "./base/TrieBuilder.sol";
import {LockBox} from "../src/examples/LockBox.sol";
import {Locks} from "../src/examples/Locks.sol";
import {MintBridge} from "../src/examples/MintBridge.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {IStateReader} from "../src/interfaces/IStateReader.sol";
import {Checkpoint} from "../src/interfaces/Types.sol";

/// Keeps one in a hundred of every transfer.
contract FeeToken is ERC20("Fee", "FEE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0)) return super._update(from, to, amount);
        super._update(from, address(0xfee), amount / 100);
        super._update(from, to, amount - amount / 100);
    }
}

/// The example pair end to end: real storage of a LockBox, put under a state root that the ledger holds.
contract MintBridgeTest is LedgerSetup {
    using TrieBuilder for TrieBuilder.Trie;
    using StateModel for TrieBuilder.Trie;

    uint64 private constant MAX_AGE = 1 days;
    uint64 private constant MIN_AGE = 60;
    address private constant ALICE = address(0xa11ce);

    LockBox private _box;
    MintBridge private _bridge;

    function setUp() public override {
        super.setUp();
        _box = new LockBox();
        _bridge = _newBridge();
    }

    function _newBridge() private returns (MintBridge) {
        return new MintBridge(
            MintBridge.Config(
                newReader(ledger), OTHER, LOCAL, address(_box), address(0), IStateReader.Age(MIN_AGE, MAX_AGE)
            ),
            "Locked Ether",
            "LETH"
        );
    }

    function _lock(uint256 amount) private returns (uint256) {
        vm.deal(address(this), amount);
        return _box.lock{value: amount}(address(0), 0, ALICE, LOCAL, address(_bridge));
    }

    /// Holds a checkpoint over the LockBox's present storage and lets it settle.
    function _snapshot(uint256 nonce)
        private
        returns (Checkpoint memory c, bytes[] memory accountProof, bytes[] memory storageProof)
    {
        uint256 n = _box.nextNonce();
        bytes32[] memory slots = new bytes32[](n + 1);
        uint256[] memory words = new uint256[](n + 1);
        for (uint256 i = 0; i < n; ++i) {
            slots[i] = Locks.slotOf(i);
            words[i] = uint256(vm.load(address(_box), slots[i]));
        }
        (slots[n], words[n]) = (bytes32(uint256(1)), n);
        (TrieBuilder.Trie memory state, TrieBuilder.Trie memory storage_) =
            StateModel.build(address(_box), slots, words, 4);
        vm.warp(block.timestamp + 1);
        c = checkpointAt(OTHER, ledger.chain(OTHER).headHeight + INTERVAL);
        c.stateRoot = state.root();
        submit(attest(c));
        vm.warp(block.timestamp + MIN_AGE);
        return (c, state.proveAccount(address(_box)), storage_.proveSlot(Locks.slotOf(nonce)));
    }

    function test_mintsWhatWasLockedAndOnlyOnce() external {
        uint256 nonce = _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(nonce);
        _bridge.mint(nonce, 5 ether, ALICE, c, ap, sp);
        vm.assertEq(_bridge.balanceOf(ALICE), 5 ether);
        vm.expectRevert(abi.encodeWithSelector(MintBridge.AlreadyMinted.selector, nonce));
        _bridge.mint(nonce, 5 ether, ALICE, c, ap, sp);
    }

    function test_aLaterCheckpointGivesNoSecondMint() external {
        uint256 nonce = _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(nonce);
        _bridge.mint(nonce, 5 ether, ALICE, c, ap, sp);
        (c, ap, sp) = _snapshot(nonce);
        vm.expectRevert(abi.encodeWithSelector(MintBridge.AlreadyMinted.selector, nonce));
        _bridge.mint(nonce, 5 ether, ALICE, c, ap, sp);
    }

    function test_anotherAmountOrRecipientIsRefused() external {
        uint256 nonce = _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(nonce);
        vm.expectPartialRevert(MintBridge.LockMismatch.selector);
        _bridge.mint(nonce, 5 ether + 1, ALICE, c, ap, sp);
        vm.expectPartialRevert(MintBridge.LockMismatch.selector);
        _bridge.mint(nonce, 5 ether, address(0xbad), c, ap, sp);
        vm.assertFalse(_bridge.minted(nonce));
    }

    function test_anotherBridgeCannotMintTheSameLock() external {
        uint256 nonce = _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(nonce);
        MintBridge other = _newBridge();
        vm.expectPartialRevert(MintBridge.LockMismatch.selector);
        other.mint(nonce, 5 ether, ALICE, c, ap, sp);
    }

    function test_aLockProvedAbsentMintsNothing() external {
        _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(7);
        vm.expectRevert(abi.encodeWithSelector(MintBridge.LockAbsent.selector, 7));
        _bridge.mint(7, 5 ether, ALICE, c, ap, sp);
    }

    function test_oneLocksProofMintsNoOther() external {
        _lock(5 ether);
        uint256 second = _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(0);
        vm.expectRevert();
        _bridge.mint(second, 5 ether, ALICE, c, ap, sp);
    }

    function test_aStaleOrUnsettledCheckpointMintsNothing() external {
        uint256 nonce = _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(nonce);
        vm.warp(c.timestamp + MIN_AGE - 1);
        vm.expectPartialRevert(IStateReader.CheckpointTooYoung.selector);
        _bridge.mint(nonce, 5 ether, ALICE, c, ap, sp);
        vm.warp(c.timestamp + MAX_AGE + 1);
        vm.expectPartialRevert(IStateReader.CheckpointTooOld.selector);
        _bridge.mint(nonce, 5 ether, ALICE, c, ap, sp);
    }

    function test_anotherChainsCheckpointMintsNothing() external {
        uint256 nonce = _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(nonce);
        c.chainKey = HUB;
        vm.expectRevert(abi.encodeWithSelector(MintBridge.WrongSourceChain.selector, OTHER, HUB));
        _bridge.mint(nonce, 5 ether, ALICE, c, ap, sp);
    }

    function test_aFrozenChainMintsNothing() external {
        uint256 nonce = _lock(5 ether);
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(nonce);
        contradict(OTHER);
        vm.expectPartialRevert(ICheckpointLedger.ChainIsFrozen.selector);
        _bridge.mint(nonce, 5 ether, ALICE, c, ap, sp);
    }

    function test_theLocksLieWhereTheLibrarySays() external {
        uint256 nonce = _lock(3 ether);
        Locks.Lock memory l = Locks.Lock(nonce, address(0), 3 ether, ALICE, LOCAL, address(_bridge));
        vm.assertEq(vm.load(address(_box), Locks.slotOf(nonce)), Locks.digest(l));
        vm.assertEq(_box.locks(nonce), Locks.digest(l));
    }

    function test_tokensAreLockedByWhatArrives() external {
        FeeToken token = new FeeToken();
        token.mint(address(this), 1000);
        token.approve(address(_box), 1000);
        uint256 nonce = _box.lock(address(token), 1000, ALICE, LOCAL, address(_bridge));
        vm.assertEq(
            _box.locks(nonce), Locks.digest(Locks.Lock(nonce, address(token), 990, ALICE, LOCAL, address(_bridge)))
        );
        vm.assertEq(token.balanceOf(address(_box)), 990);
    }

    function test_nothingIsNoLock() external {
        vm.expectRevert(LockBox.NothingLocked.selector);
        _box.lock(address(0), 5, ALICE, LOCAL, address(_bridge));
        vm.deal(address(this), 1);
        vm.expectRevert(abi.encodeWithSelector(LockBox.UnexpectedValue.selector, 1));
        _box.lock{value: 1}(address(1), 5, ALICE, LOCAL, address(_bridge));
    }

    /// forge-config: default.fuzz.runs = 48
    function testFuzz_mintedNeverExceedsLocked(uint96[4] memory amounts, uint8 pick, uint96 claimed) external {
        uint256 total = 0;
        for (uint256 i = 0; i < 4; ++i) {
            amounts[i] = uint96(bound(amounts[i], 1, type(uint96).max));
            total += amounts[i];
            _lock(amounts[i]);
        }
        pick = uint8(bound(pick, 0, 3));
        (Checkpoint memory c, bytes[] memory ap, bytes[] memory sp) = _snapshot(pick);
        if (claimed != amounts[pick]) {
            vm.expectPartialRevert(MintBridge.LockMismatch.selector);
            _bridge.mint(pick, claimed, ALICE, c, ap, sp);
        }
        _bridge.mint(pick, amounts[pick], ALICE, c, ap, sp);
        vm.assertEq(_bridge.totalSupply(), amounts[pick]);
        vm.assertEq(address(_box).balance, total);
    }
}
