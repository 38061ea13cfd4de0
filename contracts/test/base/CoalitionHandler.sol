// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "../../src/interfaces/ICoalition.sol";
import {Attestation, SetRecord} from "../../src/interfaces/Types.sol";
import {DuplicateVoteFixture} from "./DuplicateVoteFixture.sol";
import {NaiveTree} from "./NaiveTree.sol";
import {Reenterer} from "./Reenterer.sol";

/// Operators who try everything: to vote and be gone, to come back under their old key or slot, to be paid
/// twice, to have evidence counted twice. It notes what the invariants compare the contract with.
contract CoalitionHandler is DuplicateVoteFixture {
    uint256 public constant KEYS = 24;
    /// Key of the operator that is a contract and calls back when paid.
    uint256 public constant REENTERER = KEYS;

    Reenterer public reenterer;
    uint256 public depositedWei;
    uint256 public withdrawnWei;
    uint256 public claimedWei;
    uint64 public lastEpoch;
    /// What went wrong inside an action, where a revert would be swallowed.
    string public fault;
    mapping(uint256 key => uint256) public timesSlashed;
    mapping(uint256 index => uint256) private _leftAt;
    SetRecord[] private _sets;
    mapping(uint256 commitment => ICoalition.Leaf[]) private _members;

    constructor() {
        setUp();
        reenterer = new Reenterer(hub);
        reenterer.onPaymentCall(abi.encodeCall(ICoalition.withdraw, (payable(address(reenterer)))));
        reenterer.onPaymentCall(abi.encodeCall(ICoalition.claimPenalties, ()));
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(32 * ETHER, 7_500, address(reenterer)));
    }

    function register(uint256 key, uint256 operator, uint64 stakeGwei) external {
        key = key % KEYS;
        operator = operator % 3 == 0 ? operator % KEYS : key;
        stakeGwei = uint64(bound(stakeGwei, 31 * ETHER, 90 * ETHER));
        (uint256 x, uint256 y) = _key(key);
        _signRegistration(hub, key, _operator(operator));
        _fundedPrank(operator, stakeGwei);
        hub.register{value: uint256(stakeGwei) * 1 gwei}(x, y, REGISTRATION_KEY, _noProof());
        depositedWei += uint256(stakeGwei) * 1 gwei;
        uint256 left = _leftAt[hub.validator(_keyId(key)).leafIndex];
        if (left != 0 && block.timestamp < left + UNBONDING) fault = "slot reused too early";
    }

    function registerReenterer() external {
        (uint256 x, uint256 y) = _key(REENTERER);
        _signRegistration(hub, REENTERER, address(reenterer));
        vm.deal(address(this), 64 ether);
        reenterer.register{value: 64 ether}(x, y, REGISTRATION_KEY);
        depositedWei += 64 ether;
    }

    function reenter(bool unbondFirst) external {
        if (unbondFirst) {
            reenterer.unbond(32 * ETHER);
            return _noteLeft(REENTERER);
        }
        uint256 before = address(reenterer).balance;
        uint256 calls = reenterer.succeeded();
        (,, uint128 penaltiesGwei) = hub.totals();
        reenterer.withdraw();
        uint256 claimed = reenterer.succeeded() == calls ? 0 : uint256(penaltiesGwei) * 1 gwei;
        claimedWei += claimed;
        withdrawnWei += address(reenterer).balance - before - claimed;
    }

    function addStake(uint256 key, uint64 amountGwei) external {
        amountGwei = uint64(bound(amountGwei, 1, 20 * ETHER));
        _fundedPrank(key % KEYS, amountGwei);
        hub.addStake{value: uint256(amountGwei) * 1 gwei}();
        depositedWei += uint256(amountGwei) * 1 gwei;
    }

    function unbond(uint256 key, uint64 amountGwei, bool all) external {
        key = key % KEYS;
        uint64 stakeGwei = hub.validator(hub.keyOf(_operator(key))).stakeGwei;
        vm.prank(_operator(key));
        hub.unbond(all ? stakeGwei : uint64(bound(amountGwei, 1, 40 * ETHER)));
        _noteLeftId(hub.keyOf(_operator(key)));
    }

    function withdraw(uint256 key) external {
        vm.prank(_operator(key % KEYS));
        withdrawnWei += uint256(hub.withdraw(payable(address(0xca54)))) * 1 gwei;
    }

    function claim() external {
        // The treasury calls back, and may fetch what it is owed as an operator.
        uint256 before = address(reenterer).balance;
        uint256 claimed = hub.claimPenalties() * 1 gwei;
        claimedWei += claimed;
        withdrawnWei += address(reenterer).balance - before - claimed;
    }

    /// Leaves, and fetches its stake in the first second in which it can.
    function leave(uint256 key) external {
        key = key % KEYS;
        uint64 stakeGwei = hub.validator(hub.keyOf(_operator(key))).stakeGwei;
        vm.prank(_operator(key));
        hub.unbond(stakeGwei);
        _noteLeftId(hub.keyOf(_operator(key)));
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_operator(key));
        withdrawnWei += uint256(hub.withdraw(payable(address(0xca54)))) * 1 gwei;
    }

    /// Votes twice, under any set that was ever sealed.
    function equivocate(uint256 key, uint256 set, uint64 height) external {
        if (height % 3 != 0) return; // or nobody is left for the rest
        key = key % (KEYS + 1);
        SetRecord memory s = _anySet(set);
        Attestation memory first = _attestation(s.commitment, 0, height, 1);
        Attestation memory second = _attestation(s.commitment, 0, height, 2);
        _signBoth(hub, key, s.commitment, key % 16, first, second);
        bool wasActive = hub.validator(_keyId(key)).status == ICoalition.Status.Active;
        if (_slash(hub, key, s.commitment, key % 16, first, second) == ICoalition.SlashOutcome.Already) return;
        ++timesSlashed[key];
        if (wasActive) _noteLeft(key);
    }

    /// Binds a consensus key, its own or one that another may have bound.
    function bindConsensusKey(uint256 key, uint256 consensusKey) external {
        _bind(hub, key % KEYS, consensusKey % KEYS);
    }

    /// Votes twice on the other chain, for two blocks or for one and nil.
    function voteTwice(uint256 consensusKey, uint256 fork) external {
        if (fork % 2 != 0) return; // or nobody is left for the rest
        Offence memory o = _offence(consensusKey % KEYS);
        o.second.id = _blockId(fork % 8 == 0 ? 0 : 2);
        bytes32 id = hub.boundTo(CHAIN, o.key);
        bool wasActive = hub.validator(id).status == ICoalition.Status.Active;
        if (_report(hub, o) == ICoalition.SlashOutcome.Already) return;
        ++timesSlashed[_numberOf(id)];
        if (wasActive) _noteLeftId(id);
    }

    function twoQuorums(uint256 set, uint16 first, uint16 second) external {
        if (set % 4 != 0) return;
        SetRecord memory s = _anySet(set);
        ICoalition.Leaf[] memory members = _members[s.commitment];
        uint256 present = 0;
        for (uint256 i = 0; i < 16; ++i) {
            if (members[i].stakeGwei != 0) present |= 1 << i;
        }
        ICoalition.QuorumEvidence memory a = _quorum(hub, _attestation(s.commitment, 0, 64, 1), first & present, 16);
        ICoalition.QuorumEvidence memory b = _quorum(hub, _attestation(s.commitment, 0, 64, 2), second & present, 16);
        ICoalition.Status[] memory before = new ICoalition.Status[](KEYS + 1);
        for (uint256 k = 0; k <= KEYS; ++k) {
            before[k] = hub.validator(_keyId(k)).status;
        }
        hub.slashQuorums(a, b, members, new ICoalition.Leaf[](0));
        for (uint256 k = 0; k <= KEYS; ++k) {
            if (hub.validator(_keyId(k)).status == before[k]) continue;
            ++timesSlashed[k];
            if (before[k] == ICoalition.Status.Active) _noteLeft(k);
        }
    }

    function seal() external {
        uint256 last = hub.latestEpoch().sealedAt;
        uint64 epoch = hub.sealEpoch();
        SetRecord memory s = hub.latestEpoch();
        if (epoch != lastEpoch + 1) fault = "epochs do not rise by one";
        if (last != 0 && s.sealedAt < last + EPOCH) fault = "sealed too early";
        ICoalition.Leaf[] memory present = _leaves(hub);
        if (s.commitment != NaiveTree.commitment(present, epoch)) fault = "commitment is not that of the leaves";
        lastEpoch = epoch;
        _sets.push(s);
        for (uint256 i = 0; i < present.length; ++i) {
            _members[s.commitment].push(present[i]);
        }
    }

    function sync(uint256 groups) external {
        hub.syncTree(groups % 5);
    }

    function wait_(uint32 time) external {
        vm.warp(block.timestamp + bound(time, 1, 4 days));
    }

    function coalition() external view returns (ICoalition) {
        return hub;
    }

    function leaves() external view returns (ICoalition.Leaf[] memory) {
        return _leaves(hub);
    }

    function keyId(uint256 key) external pure returns (bytes32) {
        return _keyId(key);
    }

    function sets() external view returns (SetRecord[] memory) {
        return _sets;
    }

    function members(uint256 commitment) external view returns (ICoalition.Leaf[] memory) {
        return _members[commitment];
    }

    function _anySet(uint256 which) private view returns (SetRecord memory) {
        // Half of the time the latest, or most evidence would be too old.
        return which % 2 == 0 ? _sets[_sets.length - 1] : _sets[which % _sets.length];
    }

    function _numberOf(bytes32 id) private view returns (uint256 key) {
        while (_keyId(key) != id) ++key;
        if (key > KEYS) revert("no key of the run");
    }

    function _noteLeft(uint256 key) private {
        _noteLeftId(_keyId(key));
    }

    function _noteLeftId(bytes32 id) private {
        ICoalition.Validator memory v = hub.validator(id);
        if (v.status != ICoalition.Status.Active) _leftAt[v.leafIndex] = block.timestamp;
    }
}
